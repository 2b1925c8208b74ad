package dev.boardwalk.gateway.live;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A simulated connection between a client and a gateway: two queues that keep their order, each end may be gone alone. */
final class SimSocket extends LivePeer {
    /** So many messages in the queue to the client stall it. */
    static final int HIGH_WATER = 24;

    static final int LOW_WATER = 8;

    /** The peer at the other end; null once it has gone away, though the server may not have noticed. */
    @Nullable
    SimPeer owner;

    final SimGateway gateway;
    final ArrayDeque<LiveEvent> toServer = new ArrayDeque<>();
    final ArrayDeque<Outgoing> toClient = new ArrayDeque<>();

    /** The server has it in its table. */
    boolean openAtServer = true;
    /** The client does not read at present. */
    boolean paused;
    /** What the server last told the entity. */
    boolean toldStalled;

    SimSocket(PeerKind kind, SimPeer owner, SimGateway gateway) {
        super(kind);
        this.owner = owner;
        this.gateway = gateway;
    }

    /** Whether what the server sends is still read by somebody. */
    boolean isRead() {
        return owner != null;
    }
}
