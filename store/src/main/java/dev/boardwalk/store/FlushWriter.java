package dev.boardwalk.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes flushes: operations, projections, change feed and the flushed tick, in one transaction per batch. Blocks.
 *
 * <p>A batch that the database refuses is halved until the entity at fault stands alone. That one is written without
 * its projection and marked as quarantined; the others are not affected.
 */
public final class FlushWriter {
    private static final Logger log = LoggerFactory.getLogger(FlushWriter.class);

    /** A table, column or function is not there: whoever is changing the schema has to finish, no data are to blame. */
    private static final Set<String> SCHEMA_CHANGED = Set.of("42P01", "42703", "42883");

    private static final Comparator<FlushedEntity> LOCK_ORDER = Comparator.comparingLong(
                    (FlushedEntity flushed) -> flushed.entity().organisation().value())
            .thenComparingLong(flushed -> flushed.entity().number());

    private final DataSource connections;
    private final List<FlushParticipant> participants;

    FlushWriter(DataSource connections, List<FlushParticipant> participants) {
        this.connections = connections;
        this.participants = participants;
    }

    /**
     * Writes a batch under the lease of the gateway whose ticks it covers; each entity at most once in a batch.
     *
     * <p>An entity whose projection the database refuses is quarantined: its update is kept, its properties stay as
     * they were. After any other failure the caller tries the batch again; what had been written already is then
     * written twice, which a document does not notice.
     *
     * @param flushedThrough if given, <em>all</em> of the gateway's ticks up to this one are flushed once this batch is
     *     in; recorded last. The batch may be empty then
     * @throws StoreException.Fenced if the lease was lost: this batch, or the rest of it, was not written
     */
    public FlushOutcome write(GatewayLease lease, List<FlushedEntity> batch, @Nullable CommittedTick flushedThrough) {
        requireDistinct(batch);
        List<FlushedEntity> ordered = batch.stream().sorted(LOCK_ORDER).toList();
        Progress progress = new Progress();
        try (Connection connection = connections.getConnection()) {
            SQLException refusal = refusal(connection, lease, ordered, flushedThrough, progress);
            if (refusal != null) {
                isolate(connection, lease, ordered, refusal, progress);
                if (flushedThrough != null && progress.unwritten.isEmpty()) {
                    transact(connection, lease, List.of(), flushedThrough, progress);
                }
            }
        } catch (SQLException failure) {
            throw SqlErrors.of("flush " + batch.size() + " entities of " + lease, failure);
        }
        return new FlushOutcome(progress.position, progress.quarantined, progress.unwritten, progress.superseded);
    }

    /**
     * Makes an entity that begins with content, and notes of which other one it is a version: all in one transaction, so
     * that nobody ever finds it empty. Fails with {@link StoreException.Conflict} if its name is taken.
     *
     * @param content makes what is written of the new entity
     * @return the position
     * @throws StoreException.Fenced if the lease was lost: nothing was written
     */
    public long fork(GatewayLease lease, NewFork fork, Function<EntityId, FlushedEntity> content) {
        try (Connection connection = connections.getConnection()) {
            return Transactions.retried(connection, () -> {
                EntityId made = ForkStatements.insert(connection, fork);
                return inside(connection, lease, List.of(content.apply(made)), null).position;
            });
        } catch (SQLException failure) {
            throw SqlErrors.of("fork entity " + fork.source() + " as " + fork.key(), failure);
        }
    }

    private static final class Progress {
        private final List<FlushOutcome.Refused> quarantined = new ArrayList<>();
        private final List<FlushOutcome.Refused> unwritten = new ArrayList<>();
        private final List<EntityId> superseded = new ArrayList<>();
        private long position;
    }

    private static void requireDistinct(List<FlushedEntity> batch) {
        Set<EntityId> seen = new HashSet<>();
        for (FlushedEntity flushed : batch) {
            if (!seen.add(flushed.entity())) {
                throw new IllegalArgumentException("entity " + flushed.entity() + " is twice in one flush");
            }
        }
    }

    /** Null if all of it was written; otherwise what the database refused in it. Other failures are thrown. */
    private @Nullable SQLException refusal(
            Connection connection,
            GatewayLease lease,
            List<FlushedEntity> batch,
            @Nullable CommittedTick flushedThrough,
            Progress progress)
            throws SQLException {
        try {
            transact(connection, lease, batch, flushedThrough, progress);
            return null;
        } catch (SQLException failure) {
            if (!refused(failure)) {
                throw failure;
            }
            return failure;
        }
    }

    private void isolate(
            Connection connection,
            GatewayLease lease,
            List<FlushedEntity> batch,
            SQLException refusal,
            Progress progress)
            throws SQLException {
        if (batch.size() <= 1) {
            for (FlushedEntity alone : batch) {
                quarantine(connection, lease, alone, refusal, progress);
            }
            return;
        }
        int middle = batch.size() / 2;
        for (List<FlushedEntity> half : List.of(batch.subList(0, middle), batch.subList(middle, batch.size()))) {
            SQLException refusalOfHalf = refusal(connection, lease, half, null, progress);
            if (refusalOfHalf != null) {
                isolate(connection, lease, half, refusalOfHalf, progress);
            }
        }
    }

    private void quarantine(
            Connection connection, GatewayLease lease, FlushedEntity entity, SQLException refusal, Progress progress)
            throws SQLException {
        String reason = "the database refused its projection: " + headline(refusal);
        FlushedEntity bare = FlushedEntity.quarantined(
                entity.entity(), entity.format(), entity.update(), entity.firstTick(), entity.lastTick(), reason);
        SQLException refusalOfBare = refusal(connection, lease, List.of(bare), null, progress);
        if (refusalOfBare == null) {
            log.error("entity quarantined entity={} reason={}", entity.entity(), reason);
            progress.quarantined.add(new FlushOutcome.Refused(entity.entity(), reason));
        } else {
            log.error(
                    "entity cannot be flushed and stays in the journal entity={} reason={}",
                    entity.entity(),
                    headline(refusalOfBare));
            progress.unwritten.add(new FlushOutcome.Refused(entity.entity(), headline(refusalOfBare)));
        }
    }

    /** The server's message without its details, which quote the data. */
    private static String headline(SQLException refusal) {
        ServerErrorMessage said = refusal instanceof PSQLException known ? known.getServerErrorMessage() : null;
        String text = said == null ? null : said.getMessage();
        return (text == null ? refusal.getClass().getSimpleName() : text) + " (" + refusal.getSQLState() + ")";
    }

    /** Whether the data were refused (and will be again), in contrast to the whole database having a bad time. */
    private static boolean refused(SQLException failure) {
        if (SCHEMA_CHANGED.contains(String.valueOf(failure.getSQLState()))) {
            return false;
        }
        StoreException kind = SqlErrors.of("flush", failure);
        return kind instanceof StoreException.Rejected || kind instanceof StoreException.Conflict;
    }

    private void transact(
            Connection connection,
            GatewayLease lease,
            List<FlushedEntity> batch,
            @Nullable CommittedTick flushedThrough,
            Progress progress)
            throws SQLException {
        Written written = Transactions.retried(connection, () -> inside(connection, lease, batch, flushedThrough));
        progress.position = written.position;
        progress.superseded.addAll(written.superseded);
    }

    /** What one transaction came to. */
    private record Written(long position, List<EntityId> superseded) {}

    private Written inside(
            Connection connection,
            GatewayLease lease,
            List<FlushedEntity> batch,
            @Nullable CommittedTick flushedThrough)
            throws SQLException {
        FlushStatements statements = new FlushStatements(connection, lease);
        long position = statements.holdLease();
        List<EntityId> superseded = List.of();
        if (!batch.isEmpty()) {
            statements.operations(batch, position);
            superseded = statements.projections(batch, position);
            statements.quarantines(batch, position);
            statements.changes(batch, position);
            for (FlushParticipant participant : participants) {
                participant.write(connection, batch);
            }
        }
        if (flushedThrough != null) {
            statements.flushedThrough(flushedThrough);
        }
        return new Written(position, superseded);
    }
}
