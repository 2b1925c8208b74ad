package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.ClockVector;
import java.util.ArrayList;
import java.util.List;

/**
 * A diff that has to be computed by a replica, elsewhere: what the pieces contain beyond the state vector, and all that
 * they delete. The same request object comes back in {@link LiveEvent.DiffReady}, which serves every peer that waits for it.
 */
public final class DiffRequest {
    private final List<byte[]> pieces;
    private final ClockVector stateVector;
    /** The pieces contain everything through this sequence. */
    final long throughSequence;

    /** Peers that waited at some time; whether one still does, its {@link LivePeer#awaits} says. */
    final List<LivePeer> waiting = new ArrayList<>(1);

    /** The clocks of the pieces. */
    private final ClockVector known;

    DiffRequest(List<byte[]> pieces, ClockVector stateVector, long throughSequence, ClockVector known) {
        this.pieces = List.copyOf(pieces);
        this.stateVector = stateVector;
        this.throughSequence = throughSequence;
        this.known = known;
    }

    /** What a peer has that was sent the diff; not to be changed. */
    ClockVector known() {
        return known;
    }

    /** Updates to be applied in order. */
    public List<byte[]> pieces() {
        return pieces;
    }

    /** What the receiver has; not to be changed. */
    public ClockVector stateVector() {
        return stateVector;
    }
}
