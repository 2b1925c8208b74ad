package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.MalformedInput;
import dev.boardwalk.gateway.live.CloseReason;
import dev.boardwalk.gateway.live.LiveEvent;
import io.vertx.core.http.ServerWebSocket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One accepted WebSocket, whatever it speaks: what every client is held to, and what {@link KeepAlive} and a drain need.
 *
 * <p>Belongs to the socket's event loop.
 */
abstract class ClientSocket implements WebSocketWire.Receiver {
    /** Who reads less than this in the time that a stalled peer is given does not follow. */
    private static final long PROGRESS_BYTES = 64 * 1024;

    /** How long a pong may take from somebody who is there. */
    private static final long ANSWER_MILLIS = 3_000;

    private final PeerRules rules;
    private final Consumer<ClientSocket> onClosed;
    private final WebSocketWire wire;
    private final HeldMessages.Budget waiting;
    private final TokenBucket updates;
    private final TokenBucket awareness;
    private final TokenBucket stateless;
    private final long openedNanos = System.nanoTime();
    private boolean closing;
    private boolean stalled;
    private long queuedBefore;
    /** When it began to be slowed for sending too fast; meaningless while {@link #fastest} is null. */
    private long slowedSinceNanos;

    private @Nullable String fastest;
    /** Who is in on this socket: as whom it counts. Mostly one. */
    private List<SocketCounts.User> users = List.of();

    private boolean authenticated;

    /** Takes over an accepted socket. */
    ClientSocket(ServerWebSocket socket, PeerRules rules, Consumer<ClientSocket> onClosed) {
        this.rules = rules;
        this.onClosed = onClosed;
        DoorLimits door = rules.door();
        this.waiting = new HeldMessages.Budget(
                door.unauthenticatedMessages(),
                door.unauthenticatedBytes(),
                rules.counts().waitingBytes,
                rules.pendingBytes());
        this.updates = new TokenBucket(door.updateRate(), openedNanos);
        this.awareness = new TokenBucket(door.awarenessRate(), openedNanos);
        this.stateless = new TokenBucket(door.statelessRate(), openedNanos);
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

    /** What may wait while it is being decided who this is. */
    HeldMessages.Budget waiting() {
        return waiting;
    }

    /** More came before the decision than may wait. */
    void tooMuchWaits() {
        rules.meters().refused("too-much-before-authentication");
        close(CloseCode.NOT_AUTHENTICATED_IN_TIME, "too much was sent before authentication");
    }

    /** Somebody was let in; answers false, and closes, if they are on as many sockets as one may be. */
    boolean authenticated(Caller caller) {
        authenticated = true;
        String name = caller.user();
        SocketCounts.User user = name == null ? null : new SocketCounts.User(caller.organisation(), name);
        if (user == null || users.contains(user)) {
            return true;
        }
        int most = rules.door().socketsPerUser();
        if (!rules.counts().enter(user, most)) {
            rules.meters().refused("sockets-of-user-full");
            close(CloseCode.OVERLOADED, "one user may have " + most + " sockets open");
            return false;
        }
        List<SocketCounts.User> more = new ArrayList<>(users);
        more.add(user);
        users = List.copyOf(more);
        return true;
    }

    void chargeUpdate() {
        charge(updates, "update-rate");
    }

    void chargeAwareness() {
        charge(awareness, "awareness-rate");
    }

    void chargeStateless() {
        charge(stateless, "stateless-rate");
    }

    /** Who sends more than may be is read from more slowly, which costs nothing but time; {@link #round} sees to the end of it. */
    private void charge(TokenBucket bucket, String rate) {
        long now = wire.lastReadNanos();
        long debt = bucket.take(now);
        if (debt > 0) {
            if (fastest == null) {
                fastest = rate;
                slowedSinceNanos = now;
                rules.meters().slowed(rate);
            }
            wire.slow(debt);
        }
    }

    private boolean recovered(long now) {
        return updates.recovered(now) && awareness.recovered(now) && stateless.recovered(now);
    }

    /** Finds out whether anybody is still at the other end: if so, goes on with the task; if not, the connection is cut. */
    void askAlive(Runnable whenAlive) {
        long asked = System.nanoTime();
        wire.ping();
        wire.later(ANSWER_MILLIS, () -> {
            if (closing) {
                return;
            }
            if (wire.deaf() || wire.lastReadNanos() - asked > 0) {
                whenAlive.run();
            } else {
                rules.meters().halfOpen();
                wire.cut();
            }
        });
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
        users.forEach(rules.counts()::leave);
        users = List.of();
        peers().forEach(SocketPeer::leave);
    }

    /** Called every few seconds. A stalled peer on a slow line, which still reads a large state, is not as good as dead. */
    void round() {
        if (closing) {
            return;
        }
        long now = System.nanoTime();
        DoorLimits door = rules.door();
        if (!authenticated && now - openedNanos > door.unauthenticatedTime().toNanos()) {
            rules.meters().refused("not-authenticated-in-time");
            close(CloseCode.NOT_AUTHENTICATED_IN_TIME, "nobody was let in in time");
        }
        String rate = fastest;
        if (rate != null && recovered(now)) {
            fastest = null;
        } else if (rate != null && now - slowedSinceNanos > door.slowedTime().toNanos()) {
            rules.meters().refused(rate);
            close(CloseCode.OVERLOADED, "too fast for too long: above the " + rate);
        }
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
            // With bytes unread the system would reset the connection, and the reason would be lost.
            wire.reading(true);
            wire.close(reason.code(), reason.text());
        }
    }
}
