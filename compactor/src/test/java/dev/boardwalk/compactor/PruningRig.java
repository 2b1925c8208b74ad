package dev.boardwalk.compactor;

import static org.awaitility.Awaitility.await;

import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BackgroundService.Progress;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseSettings;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.LoggedOperation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Tests of operations that leave the database, with a retention of a second. */
abstract class PruningRig extends CompactorTest {
    static final Duration RETENTION = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    DatabaseSettings settings() {
        DatabaseSettings settings = super.settings();
        return settings.withLimits(settings.limits().forRetention(RETENTION));
    }

    BackgroundContext context(Database opened, BlobStore stored) {
        return new BackgroundContext(opened, stored, RETENTION, RETENTION, Duration.ofDays(7));
    }

    CompactionReport run() {
        return new CompactorRun(context(database, objects), CompactionLimits.DEFAULTS).run(true, Progress.NONE);
    }

    /** Runs until everything that is written now is out of the database. */
    void pruneAll() {
        awaitAge();
        await().atMost(PATIENCE).until(() -> run().failed() == 0 && left() == 0);
    }

    /** Until the partition of the newest operation has ended long enough ago. */
    void awaitAge() {
        await().atMost(PATIENCE)
                .until(() -> server.number("select count(*) from crdt.operation o join pg_class c on c.oid = o.tableoid"
                                + " where crdt.partition_until(o.tableoid) > clock_timestamp() - interval '1 second'")
                        == 0);
    }

    long left() {
        return server.number("select count(*) from crdt.operation");
    }

    List<LoggedOperation> archived(List<EntityId> entities) {
        return entities.stream()
                .flatMap(entity -> database.archive().read(entity, Instant.EPOCH, Instant.MAX).stream())
                .toList();
    }
}
