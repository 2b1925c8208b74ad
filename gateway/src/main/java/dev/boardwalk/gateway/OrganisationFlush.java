package dev.boardwalk.gateway;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityStore;
import dev.boardwalk.store.GatewayLease;
import dev.boardwalk.store.OrganisationId;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The flush of what is held of one organisation, here or elsewhere, for those who want to read their own writes. */
final class OrganisationFlush {
    /** Entities that are looked up at a time. */
    private static final int PAGE = 200;

    private final Supplier<List<EntityShard>> shards;
    private final Flusher flusher;
    private final EntityStore store;
    private final JournalFlush journalFlush;
    private final Supplier<GatewayLease> lease;

    OrganisationFlush(
            Supplier<List<EntityShard>> shards,
            Flusher flusher,
            EntityStore store,
            JournalFlush journalFlush,
            Supplier<GatewayLease> lease) {
        this.shards = shards;
        this.flusher = flusher;
        this.store = store;
        this.journalFlush = journalFlush;
        this.lease = lease;
    }

    /**
     * Writes what other gateways, dead ones perhaps, have confirmed up to a position and not flushed yet. Blocks.
     *
     * @throws TimeoutException if that cannot be done by then; part of it is
     */
    void flushOthers(OrganisationId organisation, long position, long deadlineNanos) throws TimeoutException {
        List<EntityId> found = List.of();
        do {
            long after = found.isEmpty() ? 0 : found.getLast().number();
            found = store.journalledElsewhere(organisation, position, lease.get(), after, PAGE)
                    .await();
            for (EntityId entity : found) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw new TimeoutException("other gateways hold too much of organisation " + organisation);
                }
                journalFlush.flushOthers(lease.get(), entity);
            }
        } while (found.size() == PAGE);
    }

    /** Completes when what was committed here before the call is written; at once if nothing is dirty. */
    Future<Void> flush(OrganisationId organisation) {
        return Future.all(shards.get().stream()
                        .map(shard -> shard.dirtySlots().compose(dirty -> flush(dirty, organisation)))
                        .toList())
                .mapEmpty();
    }

    private Future<Void> flush(List<LiveSlot> dirty, OrganisationId organisation) {
        return Future.all(dirty.stream()
                        .filter(slot -> slot.key().organisation().equals(organisation))
                        .map(flusher::flush)
                        .toList())
                .mapEmpty();
    }
}
