package dev.boardwalk.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.store.BackgroundService.Progress;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.OperationPartition;
import dev.boardwalk.testkit.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Faults around pruning: damaged objects, rows that come late, two at once, and ends at any point. */
class PruningFaultTest extends PruningRig {
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
        OperationPartition partition = foldAndArchive();
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
        OperationPartition partition = foldAndArchive();
        database.operationPartitions().detach(partition);
        late(partition, entities.getFirst());

        Tally attached = new Tally();
        new Pruning(database, objects, RETENTION).run(attached);
        assertThat(attached.failed.sum()).isEqualTo(1);
        pruneAll();
        assertThat(archived(entities)).hasSize(4 + 1);
        typist.assertNothingLost(database);
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

    /** A partition of which everything is in snapshots and in the archive, and which is still there. */
    private OperationPartition foldAndArchive() {
        awaitAge();
        new Compaction(database, objects, CompactionLimits.DEFAULTS).run();
        OperationPartition partition = database.operationPartitions().expired(RETENTION).stream()
                .filter(expired -> server.number("select count(*) from " + expired.table()) > 0)
                .findFirst()
                .orElseThrow();
        new PartitionArchiving(database, objects, partition).run(Set.of(), new Tally());
        return partition;
    }

    /** Another operation with what is in one already, below every horizon. */
    private void late(OperationPartition partition, EntityId entity) {
        server.execute("insert into " + partition.table() + " (org_id, entity_id, operation_id, format, update_bytes,"
                + " gateway_id, first_tick, last_tick, position, created_at) overriding system value"
                + " select org_id, entity_id, 1000000, format, update_bytes, gateway_id, first_tick, last_tick, position,"
                + " created_at from " + partition.table() + " where entity_id = " + entity.number() + " limit 1");
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
}
