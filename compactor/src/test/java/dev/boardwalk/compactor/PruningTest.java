package dev.boardwalk.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.LoggedOperation;
import dev.boardwalk.store.StoredPiece;
import dev.boardwalk.testkit.Typing;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Operations leave the database when a snapshot contains them and nobody needs them, and nothing is lost by it. */
class PruningTest extends PruningRig {
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

    /** Of partitions that have ended. */
    private List<LoggedOperation> rows() {
        return database.operationPartitions().expired(Duration.ofDays(-1)).stream()
                .flatMap(partition -> database.operationPartitions().page(partition, null).stream())
                .toList();
    }
}
