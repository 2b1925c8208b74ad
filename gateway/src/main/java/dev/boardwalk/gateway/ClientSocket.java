package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.MalformedInput;
import dev.boardwalk.gateway.live.CloseReason;
import dev.boardwalk.gateway.live.LiveEvent;
import io.vertx.core.http.ServerWebSocket;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * One accepted WebSocket, whatever it speaks: what every client is held to, and what {@link KeepAlive} and a drain need.
 *
 * <p>Belongs to the socket's event loop.
 */
abstract class ClientSocket implements WebSocketWire.Receiver {
    /** Who reads less than this in the time that a stalled peer is given does not follow. */
    private static final long PROGRESS_BYTES = 64 * 1024;

    private final PeerRules rules;
    private final Consumer<ClientSocket> onClosed;
    private final WebSocketWire wire;
    private boolean closing;
    private boolean stalled;
    private long queuedBefore;

    /** Takes over an accepted socket. */
    ClientSocket(ServerWebSocket socket, PeerRules rules, Consumer<ClientSocket> onClosed) {
        this.rules = rules;
        this.onClosed = onClosed;
        this.wire = WebSocketWire.attach(socket, rules.frameBytes(), rules.queueBytes(), this);
    }

    /** The client's stays in entities. */
    abstract Collection<SocketPeer> peers();

    /** A whole binary message while nobody is closing. */
    abstract void message(byte[] message);

    /** What {@link #message} threw. */
    abstract void malformed(byte[] message, MalformedInput refusal);

    /** On the shard: the peer's entity takes no more edits, and it sent one that is new. */
    abstract void full(SocketPeer peer, LiveSlot entered, LiveEvent.PeerRefusedUpdate refused);

    /** A peer has left its entity because the entity wanted so. */
    abstract void left(SocketPeer peer, CloseReason reason);

    /** Looks again whether the client may stay where it is. */
    abstract void review(Authenticator.Review review);

    /** Something that changes nothing, as one message. */
    abstract byte[] keepAlive();

    WebSocketWire wire() {
        return wire;
    }

    PeerRules rules() {
        return rules;
    }

    boolean closing() {
        return closing;
    }

    @Override
    public void binary(byte[] message) {
        rules.meters().received();
        if (closing) {
            return;
        }
        try {
            message(message);
        } catch (MalformedInput refusal) {
            rules.meters().refused(refusal.code().text());
            malformed(message, refusal);
        }
    }

    @Override
    public void text() {
        rules.meters().refused("text-message");
    }

    @Override
    public void tooLarge() {
        rules.meters().refused("message-too-large");
        close(CloseCode.TOO_BIG, "a message may have at most " + rules.frameBytes() + " bytes");
    }

    @Override
    public void violation() {
        rules.meters().refused("websocket-violation");
        close(CloseCode.PROTOCOL_ERROR, "not a WebSocket frame");
    }

    @Override
    public void writable(boolean writable) {
        countStalled(!writable);
        for (SocketPeer peer : peers()) {
            peer.tell(writable ? new LiveEvent.PeerWritable(peer) : new LiveEvent.PeerStalled(peer));
        }
    }

    /** Whether too much waits in the socket: what enters an entity now has to be told. */
    boolean stalled() {
        return stalled;
    }

    @Override
    public void closed() {
        closing = true;
        countStalled(false);
        onClosed.accept(this);
        peers().forEach(SocketPeer::leave);
    }

    /** Called every few seconds. A stalled peer on a slow line, which still reads a large state, is not as good as dead. */
    void round() {
        long queued = wire.queuedBytes();
        if (stalled && queuedBefore - queued >= PROGRESS_BYTES) {
            queuedBefore = queued;
            peers().forEach(peer -> peer.tell(new LiveEvent.PeerStalled(peer)));
        }
    }

    private void countStalled(boolean now) {
        if (stalled != now) {
            stalled = now;
            queuedBefore = wire.queuedBytes();
            rules.meters().stalledPeers.addAndGet(now ? 1 : -1);
        }
    }

    /** Sends a message at once. */
    void send(byte[] message) {
        wire.write(WebSocketWire.encode(message));
        wire.flush();
    }

    /** Says why and closes. */
    void close(CloseCode code, String reason) {
        close(new CloseReason(code.number(), reason));
    }

    void close(CloseReason reason) {
        if (!closing) {
            closing = true;
            rules.meters().closed(reason.code());
            wire.close(reason.code(), reason.text());
        }
    }
}
