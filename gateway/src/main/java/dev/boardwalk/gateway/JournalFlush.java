package dev.boardwalk.gateway;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityStore;
import dev.boardwalk.store.FlushWriter;
import dev.boardwalk.store.FlushedEntity;
import dev.boardwalk.store.GatewayLease;
import dev.boardwalk.store.StoredEntity;
import dev.boardwalk.store.StoredPiece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flush of an entity that is not in memory: its ticks are read back from the journal. For what a dead gateway left,
 * and for an entity that this gateway had to drop. Blocks; may be used from any virtual thread.
 */
final class JournalFlush {

    private static final Logger log = LoggerFactory.getLogger(JournalFlush.class);

    private final EntityStore store;
    private final FlushWriter writer;
    private final FlushComputation computation;

    JournalFlush(EntityStore store, FlushWriter writer, FlushComputation computation) {
        this.store = store;
        this.writer = writer;
        this.computation = computation;
    }

    /** Flushes the ticks of one entity up to {@code lastTick}; answers what was in them and who it is, empty if nothing. */
    Optional<Flushed> flush(GatewayLease lease, EntityId id, long lastTick) {
        Optional<StoredEntity> found = store.load(id).await();
        if (found.isEmpty()) {
            log.error("journal names an entity that does not exist id={} lease={}", id, lease);
            return Optional.empty();
        }
        StoredEntity stored = found.get();
        List<byte[]> before = new ArrayList<>();
        List<byte[]> updates = new ArrayList<>();
        long firstTick = lastTick;
        for (StoredPiece piece : stored.pieces()) {
            if (piece instanceof StoredPiece.Tick tick
                    && tick.gatewayId() == lease.gatewayId()
                    && tick.tick() <= lastTick) {
                firstTick = Math.min(firstTick, tick.tick());
                updates.addAll(piece.updates());
            } else {
                before.addAll(piece.updates());
            }
        }
        if (updates.isEmpty()) {
            return Optional.empty();
        }
        FlushedEntity row = computation.row(id, stored.key().toString(), before, updates, firstTick, lastTick);
        writer.write(lease, List.of(row), null);
        return Optional.of(new Flushed(stored, updates));
    }

    /** What was flushed. */
    record Flushed(StoredEntity entity, List<byte[]> updates) {}
}
