package dev.boardwalk.search;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.SqlErrors;
import dev.boardwalk.store.StoreException;
import dev.boardwalk.store.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes documents for as long as the lease is held, and sets aside the entities that cannot be written. */
final class IndexWrites {
    private static final Logger log = LoggerFactory.getLogger(IndexWrites.class);

    private final UUID me;
    private final Duration lease;

    final AtomicLong documents = new AtomicLong();
    final AtomicLong failures = new AtomicLong();

    IndexWrites(UUID me, Duration lease) {
        this.me = me;
        this.lease = lease;
    }

    /**
     * Writes these entities and how far that is; if the database refuses one of them, each alone. False if the lease is
     * lost.
     */
    boolean write(Connection connection, List<EntityId> entities, Step step, boolean everything) throws SQLException {
        try {
            return transact(connection, entities, step, everything);
        } catch (SQLException refusal) {
            if (!refused(refusal)) {
                throw refusal;
            }
        }
        for (EntityId entity : entities) {
            try {
                if (!transact(connection, List.of(entity), Step.NONE, everything)) {
                    return false;
                }
            } catch (SQLException refusal) {
                if (!refused(refusal)) {
                    throw refusal;
                }
                failures.incrementAndGet();
                log.warn("entity not indexed, trying again later entity={} cause=\"{}\"", entity, refusal.toString());
                new IndexStatements(connection).failed(entity, String.valueOf(refusal.getMessage()));
            }
        }
        return transact(connection, List.of(), step, everything);
    }

    private boolean transact(Connection connection, List<EntityId> entities, Step step, boolean everything)
            throws SQLException {
        IndexerState state = new IndexerState(connection);
        state.acquire(me, lease);
        return Transactions.run(connection, () -> {
            IndexerState.Held held = state.hold(me);
            if (held == null) {
                return false;
            }
            if (!entities.isEmpty()) {
                IndexBatch batch = new IndexBatch(connection, held.model() != null, everything);
                documents.addAndGet(batch.write(entities));
            }
            step.note(state, held);
            return true;
        });
    }

    /** Notes how far that is, in the transaction that writes the documents. */
    interface Step {
        Step NONE = (_, _) -> {};

        void note(IndexerState state, IndexerState.Held held) throws SQLException;
    }

    private static boolean refused(SQLException failure) {
        return SqlErrors.of("index", failure) instanceof StoreException.Rejected;
    }
}
