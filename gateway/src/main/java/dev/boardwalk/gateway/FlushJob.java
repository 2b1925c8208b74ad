package dev.boardwalk.gateway;

import dev.boardwalk.gateway.live.FlushWork;
import dev.boardwalk.store.GatewayLease;
import org.jspecify.annotations.Nullable;

/**
 * What a flush takes away of one entity: the work, and which ticks under which lease it covers.
 *
 * @param rowPosition position of the entity's row when this gateway last read or wrote it
 * @param hasOwn false if all of the work is what other gateways committed, and flush
 */
record FlushJob(
        LiveSlot slot,
        FlushWork work,
        @Nullable GatewayLease lease,
        long firstTick,
        long lastTick,
        long rowPosition,
        boolean hasOwn) {

    /** First tick, as far as it is one under this lease: ticks under a lost one count for nothing. */
    long firstTick(GatewayLease writing) {
        return writing.equals(lease) ? firstTick : 0;
    }

    long lastTick(GatewayLease writing) {
        return writing.equals(lease) ? lastTick : 0;
    }
}
