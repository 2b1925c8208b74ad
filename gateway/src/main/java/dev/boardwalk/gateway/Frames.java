package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.gateway.live.Outgoing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

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
        WebSocketWire.Frame frame = frame(message);
        outbox.add(peer.wire(), frame.retain(1));
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

    private WebSocketWire.Frame frame(Outgoing message) {
        if (message.frame() instanceof WebSocketWire.Frame known) {
            return known;
        }
        byte[] payload = message.payload();
        WebSocketWire.Frame frame = WebSocketWire.encode(prefix(message.kind(), payload.length), payload);
        message.frame(frame);
        framed.add(message);
        held.add(frame);
        return frame;
    }

    private static byte[] prefix(Outgoing.Kind kind, int length) {
        return switch (kind) {
            case SYNC_STEP_1 -> prefix(length, YWebsocketFrame.SYNC, SyncMessage.STEP1);
            case SYNC_STEP_2 -> YWebsocketFrame.step2Prefix(length);
            case UPDATE -> YWebsocketFrame.updatePrefix(length);
            case AWARENESS -> prefix(length, YWebsocketFrame.AWARENESS);
            case MARK -> prefix(length, YWebsocketFrame.MARKER);
        };
    }

    /** Message types, each below 128 and so one byte, then the length as a varUint. */
    private static byte[] prefix(int length, int... types) {
        byte[] prefix = new byte[types.length + Math.max(1, (38 - Integer.numberOfLeadingZeros(length)) / 7)];
        int at = 0;
        for (int type : types) {
            prefix[at++] = (byte) type;
        }
        int rest = length;
        while (at < prefix.length - 1) {
            prefix[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        prefix[at] = (byte) rest;
        return prefix;
    }
}
