package dev.boardwalk.compactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BackgroundService.Progress;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.BlobStores;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseSettings;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.LoggedOperation;
import dev.boardwalk.store.OperationPartition;
import dev.boardwalk.store.StoredPiece;
import dev.boardwalk.testkit.Seed;
import dev.boardwalk.testkit.TestDatabase;
import dev.boardwalk.testkit.Typing;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operations leave the database, with a retention of a second, and nothing is lost by it. */
class PruningTest {
    private static final Duration RETENTION = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final TestDatabase server = TestDatabase.create();
    private final Vertx vertx = Vertx.vertx();
    private BlobStore objects;
    private Database database;
    private Typist typist;

    @BeforeEach
    void open() {
        objects = BlobStores.folder(folder);
        database = database(objects);
        typist = new Typist(database, "typist", new Random(3));
    }

    @AfterEach
    void close() {
        typist.close();
        database.close();
        Typist.answer(vertx.close());
        server.close();
    }

    @Test
    void operations_past_their_retention_are_archived_and_their_partitions_dropped() {
        List<EntityId> entities = entities(12);
        edit(entities, 3);
        awaitAge();
        List<LoggedOperation> before = rows();

        pruneAll();

        assertThat(left()).isZero();
        assertThat(archived(entities))
                .containsExactlyInAnyOrderElementsOf(before)
                .hasSize(36);
        assertThat(server.number("select count(*) from crdt.archived_partition where dropped_at is null"))
                .isZero();
        typist.assertNothingLost(database);
        edit(entities, 1);
        typist.assertNothingLost(database);
    }

    @Test
    void nothing_is_pruned_that_no_snapshot_contains() {
        List<EntityId> entities = entities(3);
        edit(entities, 2);
        awaitAge();

        Tally tally = new Tally();
        new Pruning(database, objects, Duration.ofMillis(1).plus(RETENTION)).run(tally);

        assertThat(tally.pruned.sum()).isZero();
        typist.assertNothingLost(database);
    }

    @Test
    void a_quarantined_document_keeps_its_operations_in_every_load_and_is_whole_after_its_release() {
        List<EntityId> entities = entities(3);
        edit(entities, 1);
        EntityId bad = typist.entity("bad");
        Typing text = new Typing("text", 7);
        byte[] first = text.type("first");
        typist.write(Map.of(bad, text.type(" second")));

        pruneAll();

        assertThat(server.number("select count(*) from crdt.kept_operation")).isEqualTo(1);
        assertThat(Typist.load(database, bad).pieces()).singleElement().isInstanceOf(StoredPiece.Operation.class);
        typist.write(Map.of(bad, first));
        assertThat(database.quarantine().release(bad)).isTrue();
        pruneAll();
        assertThat(server.number("select count(*) from crdt.kept_operation")).isZero();
        assertThat(database.quarantine().list(1)).isEmpty();
        assertThat(Typist.load(database, bad).pieces()).singleElement().isInstanceOf(StoredPiece.Snapshot.class);
        typist.assertNothingLost(database);
    }

    @Test
    void a_client_that_was_away_while_everything_was_pruned_merges_without_loss() {
        EntityId entity = typist.entity("shared");
        Typing away = new Typing("text", 99);
        typist.write(Map.of(entity, away.type("before")));
        byte[] offline = away.type(" and meanwhile");
        edit(List.of(entity), 4);
        pruneAll();

        typist.write(Map.of(entity, offline));
        typist.assertNothingLost(database);
        pruneAll();
        typist.assertNothingLost(database);
    }

    @Test
    void a_long_transaction_holds_back_what_it_might_still_add_to() throws SQLException {
        edit(entities(3), 2);
        try (Connection other = server.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select pg_current_xact_id()");
            edit(entities(3), 1);
            awaitAge();
            assertThat(run().pruned()).isZero();
            typist.assertNothingLost(database);
            other.rollback();
        }
        pruneAll();
        assertThat(left()).isZero();
        typist.assertNothingLost(database);
    }

    @Test
    void a_damaged_snapshot_is_not_served_and_an_older_one_with_archived_operations_takes_its_place() {
        EntityId large = typist.entity("large");
        typist.type(large, 2 << 20);
        run();
        edit(List.of(large), 3);
        run();
        edit(List.of(large), 2);
        pruneAll();
        typist.assertNothingLost(database);
        long newest = server.number("select snapshot_id from public.entity");
        damage(server.column("select object from crdt.snapshot where snapshot_id = " + newest)
                .getFirst());

        typist.assertNothingLost(database);
        assertThat(database.gauges().damagedSnapshots().getAsLong()).isEqualTo(1);
        assertThat(database.foldBacklog().health().damagedSnapshots()).isEqualTo(1);

        assertThat(run().entities()).isEqualTo(1);
        assertThat(database.foldBacklog().health().damagedSnapshots()).isZero();
        typist.assertNothingLost(database);
        assertThat(database.gauges().damagedSnapshots().getAsLong())
                .as("the compactor needed it once more, nobody afterwards")
                .isEqualTo(2);
    }

    @Test
    void all_snapshots_of_a_document_may_be_damaged_as_long_as_the_archive_is_there() {
        EntityId large = typist.entity("large");
        typist.type(large, 2 << 20);
        run();
        edit(List.of(large), 3);
        pruneAll();
        server.column("select distinct object from crdt.snapshot").forEach(this::damage);

        typist.assertNothingLost(database);
        assertThat(run().entities()).isEqualTo(1);
        typist.assertNothingLost(database);
    }

    @Test
    void feed_partitions_wait_for_their_readers() {
        edit(entities(2), 2);
        server.execute("insert into public.feed_consumer (name) values ('reader')");
        pruneAll();
        long changes = server.number("select count(*) from public.change");
        assertThat(changes).isEqualTo(2 + 4);

        server.execute("update public.feed_consumer set position = public.position_horizon()");
        run();
        assertThat(server.number("select count(*) from public.change")).isZero();
    }

    @Test
    void two_compactors_at_once_while_edits_arrive_lose_nothing() throws InterruptedException {
        List<EntityId> entities = entities(8);
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        try (Database second = database(objects)) {
            List<Thread> compactors = Stream.of(database, second)
                    .map(opened -> Thread.ofVirtual()
                            .uncaughtExceptionHandler((_, failure) -> failures.add(failure))
                            .start(() -> {
                                for (int run = 0; run < 6; run++) {
                                    new CompactorRun(context(opened, objects), CompactionLimits.DEFAULTS)
                                            .run(true, Progress.NONE);
                                }
                            }))
                    .toList();
            for (int round = 0; round < 5; round++) {
                edit(entities, 3);
                awaitAge();
            }
            for (Thread compactor : compactors) {
                compactor.join();
            }
        }
        assertThat(failures).isEmpty();
        pruneAll();
        assertThat(archived(entities)).hasSize(8 * 15);
        typist.assertNothingLost(database);
        assertThat(new Verification(database, objects, Duration.ofDays(7)).run().wrong())
                .isEmpty();
    }

    /** As a clock that was set back would have it: rows come into partitions that should be over. */
    @Test
    void rows_that_come_late_are_archived_too_and_never_dropped() {
        List<EntityId> entities = entities(2);
        edit(entities, 2);
        awaitAge();
        new Compaction(database, objects, CompactionLimits.DEFAULTS).run();
        OperationPartition partition = database.operationPartitions().expired(RETENTION).stream()
                .filter(expired -> server.number("select count(*) from " + expired.table()) > 0)
                .findFirst()
                .orElseThrow();
        new PartitionArchiving(database, objects, partition).run(Set.of(), new Tally());
        late(partition, entities.getFirst());

        Tally archivedAnew = new Tally();
        new Pruning(database, objects, RETENTION).run(archivedAnew);
        assertThat(archivedAnew.failed.sum()).isZero();
        assertThat(archived(entities)).hasSize(4 + 1);
    }

    @Test
    void a_detached_partition_that_has_changed_is_attached_again() {
        List<EntityId> entities = entities(2);
        edit(entities, 2);
        awaitAge();
        new Compaction(database, objects, CompactionLimits.DEFAULTS).run();
        OperationPartition partition = database.operationPartitions().expired(RETENTION).stream()
                .filter(expired -> server.number("select count(*) from " + expired.table()) > 0)
                .findFirst()
                .orElseThrow();
        new PartitionArchiving(database, objects, partition).run(Set.of(), new Tally());
        database.operationPartitions().detach(partition);
        late(partition, entities.getFirst());

        Tally attached = new Tally();
        new Pruning(database, objects, RETENTION).run(attached);
        assertThat(attached.failed.sum()).isEqualTo(1);
        pruneAll();
        assertThat(archived(entities)).hasSize(4 + 1);
        typist.assertNothingLost(database);
    }

    /** Another operation with what is in one already, below every horizon. */
    private void late(OperationPartition partition, EntityId entity) {
        server.execute("insert into " + partition.table() + " (org_id, entity_id, operation_id, format, update_bytes,"
                + " gateway_id, first_tick, last_tick, position, created_at) overriding system value"
                + " select org_id, entity_id, 1000000, format, update_bytes, gateway_id, first_tick, last_tick, position,"
                + " created_at from " + partition.table() + " where entity_id = " + entity.number() + " limit 1");
    }

    /** Wherever a run ends, every confirmed edit is there, and the next run completes what it left. */
    @Test
    void a_run_may_fail_or_be_killed_at_any_point() {
        List<EntityId> entities = entities(5);
        Seed.each(6, seed -> {
            edit(entities, 2);
            awaitAge();
            BlobStore faulty = new FaultyBlobStore(objects, seed.random("faults"), 2 + (int) (seed.value() % 8));
            try (Database other = database(faulty)) {
                killed(() ->
                        new CompactorRun(context(other, faulty), CompactionLimits.DEFAULTS).run(true, Progress.NONE));
                typist.assertNothingLost(database);
            }
            pruneAll();
            assertThat(left()).isZero();
            typist.assertNothingLost(database);
            assertThat(database.quarantine().list(1)).isEmpty();
        });
        assertThat(archived(entities)).hasSize((int) server.number("select sum(operations) from crdt.archive"));
    }

    private static void killed(Runnable run) {
        try {
            run.run();
        } catch (FaultyBlobStore.Killed ended) {
            assertThat(ended).hasMessage("killed here");
        } catch (IllegalStateException ended) {
            assertThat(ended).hasCauseInstanceOf(FaultyBlobStore.Killed.class);
        }
    }

    private Database database(BlobStore stored) {
        DatabaseSettings settings = DatabaseSettings.parse(server.url());
        return Database.open(vertx, settings.withLimits(settings.limits().forRetention(RETENTION)), stored);
    }

    private BackgroundContext context(Database opened, BlobStore stored) {
        return new BackgroundContext(opened, stored, RETENTION, RETENTION, Duration.ofDays(7));
    }

    private CompactionReport run() {
        return new CompactorRun(context(database, objects), CompactionLimits.DEFAULTS).run(true, Progress.NONE);
    }

    /** Runs until everything that is written now is out of the database. */
    private void pruneAll() {
        awaitAge();
        await().atMost(PATIENCE).until(() -> run().failed() == 0 && left() == 0);
    }

    /** Until the partition of the newest operation has ended long enough ago. */
    private void awaitAge() {
        await().atMost(PATIENCE)
                .until(() -> server.number("select count(*) from crdt.operation o join pg_class c on c.oid = o.tableoid"
                                + " where crdt.partition_until(o.tableoid) > clock_timestamp() - interval '1 second'")
                        == 0);
    }

    private long left() {
        return server.number("select count(*) from crdt.operation");
    }

    /** Of partitions that have ended. */
    private List<LoggedOperation> rows() {
        return database.operationPartitions().expired(Duration.ofDays(-1)).stream()
                .flatMap(partition -> database.operationPartitions().page(partition, null).stream())
                .toList();
    }

    private List<LoggedOperation> archived(List<EntityId> entities) {
        return entities.stream()
                .flatMap(entity -> database.archive().read(entity, Instant.EPOCH, Instant.MAX).stream())
                .toList();
    }

    private void damage(String object) {
        try {
            Path file = folder.resolve(object);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private List<EntityId> entities(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> typist.entity("entity-" + number))
                .toList();
    }

    private void edit(List<EntityId> entities, int times) {
        for (int time = 0; time < times; time++) {
            typist.edit(entities);
        }
    }
}
