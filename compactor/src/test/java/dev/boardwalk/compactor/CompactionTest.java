package dev.boardwalk.compactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.store.BackgroundService.Findings;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.FoldBacklog;
import dev.boardwalk.store.StoredPiece;
import dev.boardwalk.testkit.Seed;
import dev.boardwalk.testkit.Typing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Operations become snapshots: what is folded, what is left alone, and what a fault or a second compactor may spoil. */
class CompactionTest extends CompactorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void operations_become_one_snapshot_of_each_document_and_nothing_is_lost() {
        List<EntityId> entities = entities(20);
        edit(entities, 5);

        CompactionReport report = compaction().run();

        assertThat(report.entities()).isEqualTo(20);
        assertThat(report.operations()).isEqualTo(100);
        assertThat(Typist.load(database, entities.getFirst()).pieces())
                .singleElement()
                .isInstanceOf(StoredPiece.Snapshot.class);
        typist.assertNothingLost(database);
    }

    @Test
    void a_run_touches_only_what_has_changed_and_an_idle_system_not_at_all() {
        List<EntityId> entities = entities(10);
        edit(entities, 2);
        assertThat(compaction().run().entities()).isEqualTo(10);
        edit(entities.subList(0, 3), 2);

        assertThat(compaction().run().entities()).isEqualTo(3);
        CompactionReport idle = compaction().run();

        assertThat(idle.nothingToDo()).isTrue();
        assertThat(idle.text()).startsWith("Nothing to compact");
        typist.assertNothingLost(database);
    }

    @Test
    void a_large_state_lies_in_an_object_of_its_own_and_is_folded_further() {
        EntityId large = typist.entity("large");
        typist.type(large, 3 << 20);
        compaction().run();
        typist.type(large, 10);
        compaction().run();

        assertThat(server.column("select object from crdt.snapshot where state_bytes is null"))
                .hasSize(2)
                .allMatch(key -> key.startsWith("sha256/"));
        typist.assertNothingLost(database);
    }

    @Test
    void a_document_for_which_the_heap_is_too_small_is_left_and_the_others_are_folded() {
        edit(entities(3), 2);
        typist.type(typist.entity("large"), 3 << 20);

        CompactionReport report =
                new Compaction(database, new CrampedBlobStore(objects, 1 << 20), CompactionLimits.DEFAULTS).run();

        assertThat(report.entities()).isEqualTo(3);
        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.quarantined()).isZero();
        assertThat(compaction().run().entities()).isEqualTo(1);
        typist.assertNothingLost(database);
    }

    @Test
    void a_check_finds_nothing_wrong_until_one_bit_of_an_object_is_turned() throws IOException {
        edit(entities(3), 2);
        typist.type(typist.entity("large"), 2 << 20);
        compaction().run();
        assertThat(verify().wrong()).isEmpty();
        assertThat(verify().checked()).startsWith("Checked 4 snapshots, 4 of them in objects");

        Path object = folder.resolve(server.column("select object from crdt.snapshot where state_bytes is null")
                .getFirst());
        byte[] bytes = Files.readAllBytes(object);
        bytes[bytes.length / 2] ^= 1;
        Files.write(object, bytes);

        assertThat(verify().wrong())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("default/large").contains("sha256/"));
        Files.delete(object);
        assertThat(verify().wrong()).singleElement().asString().contains("default/large");
    }

    @Test
    void a_document_with_a_gap_is_quarantined_alone_and_folded_once_it_is_released() {
        List<EntityId> entities = entities(3);
        edit(entities, 2);
        EntityId bad = typist.entity("bad");
        Typing text = new Typing("text", 7);
        byte[] first = text.type("first");
        typist.write(Map.of(bad, text.type(" second")));

        CompactionReport report = compaction().run();

        assertThat(report.entities()).isEqualTo(3);
        assertThat(report.quarantined()).isEqualTo(1);
        assertThat(database.quarantine().list(10))
                .singleElement()
                .satisfies(document -> assertThat(document.name()).isEqualTo("bad"));
        assertThat(compaction().run().nothingToDo()).isTrue();
        assertThat(verify().wrong()).singleElement().asString().contains("default/bad is in quarantine");

        typist.write(Map.of(bad, first));
        assertThat(database.quarantine().release(bad)).isTrue();
        assertThat(compaction().run().entities()).isEqualTo(1);
        assertThat(database.quarantine().list(10)).isEmpty();
        typist.assertNothingLost(database);
    }

    @Test
    void a_long_transaction_holds_the_horizon_and_its_operations_are_folded_when_it_is_over() throws SQLException {
        List<EntityId> entities = entities(3);
        try (Connection other = server.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select pg_current_xact_id()");
            edit(entities, 2);

            assertThat(compaction().run().nothingToDo()).isTrue();
            typist.assertNothingLost(database);
            other.rollback();
        }
        assertThat(compaction().run().operations()).isEqualTo(6);
        typist.assertNothingLost(database);
    }

    @Test
    void what_an_alarm_asks_for_grows_until_its_cause_is_gone() throws SQLException {
        FoldBacklog backlog = database.foldBacklog();
        try (Connection other = server.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select pg_current_xact_id()");
            await().atMost(PATIENCE).until(() -> backlog.health().horizonAgeSeconds() >= 1);
            await().atMost(PATIENCE).until(() -> backlog.health().lagSeconds() >= 2);
            other.rollback();
        }
        await().atMost(PATIENCE).until(() -> {
            compaction().run();
            return backlog.health().lagSeconds() == 0;
        });
        await().atMost(PATIENCE).until(() -> backlog.health().horizonAgeSeconds() == 0);
    }

    @Test
    void many_small_operations_are_folded_early_and_few_are_left_to_the_hour() {
        List<EntityId> entities = entities(4);
        edit(entities, 1);
        edit(entities.subList(0, 1), 9);

        assertThat(compaction().run(10, Long.MAX_VALUE).entities()).isEqualTo(1);
        assertThat(compaction().run().entities()).isEqualTo(3);
    }

    @Test
    void two_compactors_at_once_while_edits_arrive_lose_nothing() throws InterruptedException {
        List<EntityId> entities = entities(15);
        List<Throwable> failures = new ArrayList<>();
        List<Thread> compactors = IntStream.range(0, 2)
                .mapToObj(_ -> Thread.ofVirtual()
                        .uncaughtExceptionHandler((_, failure) -> failures.add(failure))
                        .start(() -> {
                            for (int run = 0; run < 6; run++) {
                                compaction().run();
                            }
                        }))
                .toList();
        edit(entities, 12);
        for (Thread compactor : compactors) {
            compactor.join();
        }
        assertThat(failures).isEmpty();
        compaction().run();

        assertThat(Typist.load(database, entities.getLast()).pieces()).hasSize(1);
        assertThat(database.quarantine().list(10)).isEmpty();
        typist.assertNothingLost(database);
    }

    /** Wherever a run ends, every confirmed edit is there, and the next run completes what it left. */
    @Test
    void a_run_may_fail_or_be_killed_at_any_point() {
        List<EntityId> entities = entities(6);
        Seed.each(12, seed -> {
            typist.edit(entities);
            BlobStore faulty = new FaultyBlobStore(objects, seed.random("faults"), 2 + (int) (seed.value() % 8));
            try (Database other = database(faulty)) {
                CompactionLimits limits =
                        new CompactionLimits(2, 1 << 20, seed.value() % 2 == 0 ? 0 : 1 << 20, 2_000, 4);
                killed(() -> new Compaction(other, faulty, limits).run());
                typist.assertNothingLost(database);
            }
            assertThat(database.quarantine().list(1)).isEmpty();
            compaction().run();
            typist.assertNothingLost(database);
            assertThat(compaction().run().nothingToDo()).isTrue();
        });
    }

    private Compaction compaction() {
        return new Compaction(database, objects, CompactionLimits.DEFAULTS);
    }

    private Findings verify() {
        return new Verification(database, objects, Duration.ofDays(7)).run();
    }
}
