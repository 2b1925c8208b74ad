package dev.boardwalk.gateway;

import dev.boardwalk.gateway.live.Outgoing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a shard sends during one pass: each message is framed once for all who receive it in the pass, and all leave
 * together at its end.
 *
 * <p>Belongs to one shard.
 */
final class Frames {
    private final Outbox outbox;
    private final List<Outgoing> framed = new ArrayList<>();
    private final List<WebSocketWire.Frame> held = new ArrayList<>();
    private int sent;

    Frames(Executor own) {
        this.outbox = new Outbox(own);
    }

    void send(SocketPeer peer, Outgoing message) {
        Framing framing = peer.framing();
        WebSocketWire.Frame frame = switch (framing.sharing()) {
            case PLAIN, NAMED -> shared(framing, message).retain(1);
            case SESSION -> encode(framing, message);
        };
        outbox.add(peer.wire(), frame);
        sent++;
    }

    /** Ends the pass; answers how many messages left. */
    int leave() {
        // The holds of this pass end here; each receiver's own ends when its socket has written the bytes.
        // The entity may have emptied a message's slot already.
        framed.forEach(message -> message.frame(null));
        framed.clear();
        held.forEach(WebSocketWire.Frame::release);
        held.clear();
        outbox.send();
        int count = sent;
        sent = 0;
        return count;
    }

    private WebSocketWire.Frame shared(Framing framing, Outgoing message) {
        Shared known;
        if (message.frame() instanceof Shared before) {
            known = before;
        } else {
            known = new Shared();
            message.frame(known);
            framed.add(message);
        }
        boolean plain = framing.sharing() == Framing.Sharing.PLAIN;
        WebSocketWire.Frame frame = plain ? known.plain : known.named;
        if (frame == null) {
            frame = encode(framing, message);
            held.add(frame);
            if (plain) {
                known.plain = frame;
            } else {
                known.named = frame;
            }
        }
        return frame;
    }

    private static WebSocketWire.Frame encode(Framing framing, Outgoing message) {
        byte[] payload = message.payload();
        return WebSocketWire.encode(framing.prefix(message.kind(), payload.length), payload);
    }

    /** The frames of one message, one for each protocol. */
    private static final class Shared {
        private WebSocketWire.@Nullable Frame plain;
        private WebSocketWire.@Nullable Frame named;
    }
}
