package dev.boardwalk.gateway;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.EntityStore;
import dev.boardwalk.store.FlushOutcome;
import dev.boardwalk.store.FlushWriter;
import dev.boardwalk.store.FlushedEntity;
import dev.boardwalk.store.GatewayLease;
import dev.boardwalk.store.StoreException;
import dev.boardwalk.store.StoredEntity;
import dev.boardwalk.store.StoredPiece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flush of an entity that is not in memory: its ticks are read back from the journal. For what a dead gateway left,
 * and for an entity that this gateway had to drop. Blocks; may be used from any virtual thread.
 */
final class JournalFlush {

    /** Ticks count from 1: an operation that covers none. */
    private static final long NO_TICK = 0;

    /** An entity that is edited is flushed every few seconds at most; being overtaken twice is rare already. */
    private static final int ATTEMPTS_MAX = 10;

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
        return untilUpToDate(
                lease,
                () -> found(lease, id),
                tick -> tick.gatewayId() == lease.gatewayId() && tick.tick() <= lastTick,
                lastTick);
    }

    /**
     * Brings an entity's row up to date with what other gateways, dead ones perhaps, have journalled: their ticks stay
     * theirs, and are covered again when they are flushed or recovered.
     */
    void flushOthers(GatewayLease own, EntityKey key) {
        flushOthers(own, () -> store.load(key).await());
    }

    /** The same for an entity that is known by its id. */
    void flushOthers(GatewayLease own, EntityId id) {
        flushOthers(own, () -> store.load(id).await());
    }

    private void flushOthers(GatewayLease own, Supplier<Optional<StoredEntity>> load) {
        Optional<Flushed> done = untilUpToDate(own, load, tick -> tick.gatewayId() != own.gatewayId(), NO_TICK);
        done.ifPresent(flushed -> log.debug(
                "flushed what other gateways journalled entity={}",
                flushed.entity().key()));
    }

    /** Writes an entity's properties anew from all that is stored, whoever wrote it. */
    void project(GatewayLease own, EntityId id) {
        for (int attempt = 1; ; attempt++) {
            Optional<StoredEntity> found = store.load(id).await();
            if (found.isEmpty()) {
                return;
            }
            StoredEntity stored = found.get();
            FlushedEntity row =
                    computation.row(id, stored.key().toString(), Loader.updates(stored), List.of(), NO_TICK, NO_TICK);
            FlushOutcome outcome = writer.write(own, List.of(row.readAt(stored.position())), null);
            if (outcome.superseded().isEmpty()) {
                return;
            }
            refuseMoreThan(attempt, stored);
        }
    }

    private static void refuseMoreThan(int attempt, StoredEntity stored) {
        if (attempt == ATTEMPTS_MAX) {
            throw new StoreException.Conflict(
                    "flush of " + stored.key() + " was overtaken " + attempt + " times", null);
        }
    }

    /** Reads, computes and writes until nobody else has written in between: a projection is never older than its row. */
    private Optional<Flushed> untilUpToDate(
            GatewayLease lease,
            Supplier<Optional<StoredEntity>> load,
            Predicate<StoredPiece.Tick> wanted,
            long lastTick) {
        for (int attempt = 1; ; attempt++) {
            Optional<StoredEntity> found = load.get();
            Split split = found.map(stored -> Split.of(stored, wanted)).orElse(Split.NOTHING);
            if (found.isEmpty() || split.updates.isEmpty()) {
                return Optional.empty();
            }
            StoredEntity stored = found.get();
            FlushedEntity row = computation.row(
                    stored.id(),
                    stored.key().toString(),
                    split.before,
                    split.updates,
                    Math.min(split.firstTick, lastTick),
                    lastTick);
            FlushOutcome outcome = writer.write(lease, List.of(row.readAt(stored.position())), null);
            if (outcome.superseded().isEmpty()) {
                return Optional.of(new Flushed(stored, split.updates));
            }
            refuseMoreThan(attempt, stored);
        }
    }

    private Optional<StoredEntity> found(GatewayLease lease, EntityId id) {
        Optional<StoredEntity> found = store.load(id).await();
        if (found.isEmpty()) {
            log.error("journal names an entity that does not exist id={} lease={}", id, lease);
        }
        return found;
    }

    /** An entity's updates: those that this flush writes, and all others. */
    private record Split(List<byte[]> before, List<byte[]> updates, long firstTick) {
        static final Split NOTHING = new Split(List.of(), List.of(), NO_TICK);

        static Split of(StoredEntity stored, Predicate<StoredPiece.Tick> wanted) {
            List<byte[]> before = new ArrayList<>();
            List<byte[]> updates = new ArrayList<>();
            long firstTick = Long.MAX_VALUE;
            for (StoredPiece piece : stored.pieces()) {
                if (piece instanceof StoredPiece.Tick tick && wanted.test(tick)) {
                    firstTick = Math.min(firstTick, tick.tick());
                    updates.addAll(piece.updates());
                } else {
                    before.addAll(piece.updates());
                }
            }
            return new Split(before, updates, firstTick);
        }
    }

    /** What was flushed. */
    record Flushed(StoredEntity entity, List<byte[]> updates) {}
}
