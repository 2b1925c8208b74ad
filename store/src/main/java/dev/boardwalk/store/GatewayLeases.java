package dev.boardwalk.store;

import java.util.List;

/** Who may write which journal. A gateway registers at its start and renews; what it leaves behind is claimed. Blocks. */
public final class GatewayLeases {

    GatewayLeases() {}

    /** A new gateway, with a lease of {@link DatabaseLimits#lease()}; {@code address} is for people who look. */
    public GatewayLease register(String address) {
        throw new UnsupportedOperationException(address);
    }

    /** Extends own and claimed leases alike; call several times per lease. False: it was lost. */
    public boolean renew(GatewayLease lease) {
        throw new UnsupportedOperationException(lease.toString());
    }

    /**
     * Takes over journals whose lease ran out, at most {@code limit}; two callers never get the same one. From then on
     * the former holder writes nothing more. A claim that is not renewed runs out like any lease.
     */
    public List<GatewayLease> claimExpired(GatewayLease claimant, int limit) {
        throw new UnsupportedOperationException(claimant + " " + limit);
    }

    /**
     * Ends a lease whose journal is wholly flushed: a drained gateway's own, or a claimed one after recovery. False: it
     * was lost.
     */
    public boolean retire(GatewayLease lease) {
        throw new UnsupportedOperationException(lease.toString());
    }
}
