package dev.boardwalk.gateway;

import dev.boardwalk.store.OrganisationId;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;

/** The flush of all that this gateway holds of one organisation, for those who want to read their own writes. */
final class OrganisationFlush {
    private final Supplier<List<EntityShard>> shards;
    private final Flusher flusher;

    OrganisationFlush(Supplier<List<EntityShard>> shards, Flusher flusher) {
        this.shards = shards;
        this.flusher = flusher;
    }

    /** Completes when what was committed before the call is written; at once if nothing is dirty. */
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
