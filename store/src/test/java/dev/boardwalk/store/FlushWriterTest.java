package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class FlushWriterTest extends DatabaseTest {
    private GatewayLease lease;
    private Journal journal;

    @BeforeEach
    void register() {
        lease = database.leases().register("flusher");
        journal = database.journal(lease);
    }

    @AfterEach
    void close() {
        answer(journal.close());
    }

    @Test
    void a_flush_turns_ticks_into_an_operation_and_describes_the_entity() {
        StoredEntity entity = entity("described");
        CommittedTick tick = answer(journal.append(1, List.of(entry(entity.id(), "a", "b"))));
        Projection projection =
                new Projection("{\"meta\": {\"title\": \"Plan\"}}", "plan", "Plan", new byte[] {1, 7, 2}, 42);
        FlushOutcome outcome = database.flushWriter()
                .write(
                        lease,
                        List.of(FlushedEntity.projected(
                                entity.id(), OperationFormat.MERGED, bytes("ab"), "[\"u1\"]", 1, 1, projection)),
                        tick);

        assertThat(outcome.quarantined()).isEmpty();
        assertThat(outcome.position()).isGreaterThan(tick.position());
        StoredEntity loaded = entity("described");
        assertThat(texts(loaded)).containsExactly("ab");
        assertThat(loaded.pieces()).singleElement().isInstanceOf(StoredPiece.Operation.class);
        EntityDescription description = answer(database.catalog().describe(key("described")));
        assertThat(description.properties()).isEqualTo("{\"meta\": {\"title\": \"Plan\"}}");
        assertThat(description.type()).isEqualTo("plan");
        assertThat(description.title()).isEqualTo("Plan");
        assertThat(description.stateVector()).containsExactly(1, 7, 2);
        assertThat(description.bytes()).isEqualTo(42);
        assertThat(description.position()).isEqualTo(outcome.position());
        assertThat(server.column("select kind from public.change where entity_id = "
                        + entity.id().number() + " order by position"))
                .containsExactly("created", "flushed");
    }

    @Test
    void ticks_after_the_flushed_one_stay_live() {
        StoredEntity entity = entity("later");
        CommittedTick first = answer(journal.append(1, List.of(entry(entity.id(), "a"))));
        answer(journal.append(2, List.of(entry(entity.id(), "b"))));
        database.flushWriter().write(lease, List.of(flushed(entity.id(), "a", 1, 1)), first);

        assertThat(texts(entity("later"))).containsExactly("a", "b");
    }

    @Test
    void a_projection_of_content_that_was_read_before_the_rows_last_flush_is_superseded() {
        StoredEntity read = entity("overtaken");
        FlushWriter writer = database.flushWriter();
        writer.write(lease, List.of(flushed(read.id(), "newer", 1, 1)), null);
        String newer = answer(database.catalog().describe(key("overtaken"))).properties();

        FlushedEntity older = FlushedEntity.projected(
                        read.id(), OperationFormat.MERGED, bytes("older"), null, 1, 1, projection("{\"old\": true}"))
                .readAt(read.position());
        FlushOutcome outcome = writer.write(lease, List.of(older), null);

        assertThat(outcome.superseded()).containsExactly(read.id());
        assertThat(answer(database.catalog().describe(key("overtaken"))).properties())
                .isEqualTo(newer);
        assertThat(texts(entity("overtaken"))).as("the update itself is kept").containsExactly("newer", "older");
        FlushOutcome again =
                writer.write(lease, List.of(older.readAt(entity("overtaken").position())), null);
        assertThat(again.superseded()).isEmpty();
        assertThat(answer(database.catalog().describe(key("overtaken"))).properties())
                .isEqualTo("{\"old\": true}");
    }

    /** A gateway's flushed_from in the future is what a clock that was set back looks like to the next tick. */
    @Test
    void a_tick_and_its_flush_are_found_although_the_clock_was_set_back() {
        StoredEntity entity = entity("set-back");
        server.execute("update public.gateway set flushed_from = now() + interval '10 minutes' where gateway_id = "
                + lease.gatewayId());
        CommittedTick tick = answer(journal.append(1, List.of(entry(entity.id(), "a"))));
        assertThat(texts(entity("set-back"))).containsExactly("a");

        server.execute("with taken as (insert into crdt.snapshot (org_id, entity_id, sha256_bytes, size,"
                + " state_vector_bytes, covered_position, covered_from, state_bytes) select org_id, entity_id, '\\x00', 1,"
                + " '\\x00', position, now() + interval '10 minutes', 's' from public.entity where name = 'set-back'"
                + " returning snapshot_id) update public.entity set snapshot_id = taken.snapshot_id from taken"
                + " where name = 'set-back'");
        database.flushWriter().write(lease, List.of(flushed(entity.id(), "a", 1, 1)), tick);
        assertThat(texts(entity("set-back"))).containsExactly("s", "a");
    }

    @Test
    void nul_and_half_surrogates_in_properties_become_replacement_characters() {
        StoredEntity entity = entity("nul");
        String properties = "{\"a\\u0000\": \"x\\u0000y\\\\u0000\\ud800z\"}";
        Projection projection = new Projection(properties, "t\0", "t\0", new byte[] {0}, 2);
        FlushOutcome outcome = database.flushWriter()
                .write(
                        lease,
                        List.of(FlushedEntity.projected(
                                entity.id(), OperationFormat.MERGED, bytes("u"), null, 1, 1, projection)),
                        null);

        assertThat(outcome.quarantined()).isEmpty();
        EntityDescription description = answer(database.catalog().describe(key("nul")));
        assertThat(description.properties()).isEqualTo("{\"a\uFFFD\": \"x\uFFFDy\\\\u0000\uFFFDz\"}");
        assertThat(description.title()).isEqualTo("t\uFFFD");
    }

    @Test
    void one_bad_projection_is_quarantined_and_the_rest_of_the_batch_is_written() {
        List<FlushedEntity> batch = new ArrayList<>();
        for (int at = 0; at < 20; at++) {
            StoredEntity entity = entity("batch-" + at);
            String properties = at == 13 ? "{\"broken\":" : "{\"number\": " + at + "}";
            batch.add(FlushedEntity.projected(
                    entity.id(),
                    OperationFormat.BATCH,
                    UpdateBatch.encode(List.of(bytes("u" + at))),
                    null,
                    1,
                    1,
                    projection(properties)));
        }
        CommittedTick tick =
                answer(journal.append(1, List.of(entry(batch.getFirst().entity(), "u0"))));

        FlushOutcome outcome = database.flushWriter().write(lease, batch, tick);

        assertThat(outcome.unwritten()).isEmpty();
        assertThat(outcome.quarantined())
                .singleElement()
                .satisfies(
                        bad -> assertThat(bad.entity()).isEqualTo(batch.get(13).entity()));
        assertThat(answer(database.catalog().describe(key("batch-12"))).properties())
                .isEqualTo("{\"number\": 12}");
        assertThat(answer(database.catalog().describe(key("batch-13"))).quarantineReason())
                .contains("json");
        assertThat(texts(entity("batch-13"))).containsExactly("u13");
        assertThat(flushedTick()).isEqualTo(1);

        database.flushWriter().write(lease, List.of(flushed(batch.get(13).entity(), "more", 2, 2)), null);
        assertThat(entity("batch-13").quarantineReason()).isNull();
    }

    @Test
    void a_participant_writes_in_the_same_transaction() {
        server.execute("create table if not exists public.seen (entity_id bigint)");
        StoredEntity good = entity("participant-good");
        StoredEntity bad = entity("participant-bad");
        FlushParticipant participant = (connection, batch) -> {
            try (PreparedStatement insert = connection.prepareStatement("insert into public.seen values (?)")) {
                for (FlushedEntity flushed : batch) {
                    insert.setLong(1, flushed.entity().number());
                    insert.executeUpdate();
                    if (flushed.entity().equals(bad.id()) && flushed.projection() != null) {
                        divideByZero(connection);
                    }
                }
            }
        };

        FlushOutcome outcome = database.flushWriter(participant)
                .write(lease, List.of(flushed(good.id(), "g", 1, 1), flushed(bad.id(), "b", 1, 1)), null);

        assertThat(outcome.quarantined())
                .extracting(FlushOutcome.Refused::entity)
                .containsExactly(bad.id());
        assertThat(server.column("select entity_id from public.seen order by 1"))
                .containsExactly("" + good.id().number(), "" + bad.id().number());
    }

    @Test
    void an_entity_that_cannot_be_written_at_all_keeps_the_flushed_tick_back() {
        StoredEntity good = entity("unwritten-good");
        StoredEntity bad = entity("unwritten-bad");
        CommittedTick tick = answer(journal.append(1, List.of(entry(bad.id(), "b"), entry(good.id(), "g"))));
        FlushParticipant refusing = (connection, batch) -> {
            if (batch.stream().anyMatch(flushed -> flushed.entity().equals(bad.id()))) {
                divideByZero(connection);
            }
        };

        FlushOutcome outcome = database.flushWriter(refusing)
                .write(lease, List.of(flushed(bad.id(), "b", 1, 1), flushed(good.id(), "g", 1, 1)), tick);

        assertThat(outcome.unwritten()).extracting(FlushOutcome.Refused::entity).containsExactly(bad.id());
        assertThat(flushedTick()).isZero();
        assertThat(texts(entity("unwritten-bad"))).containsExactly("b");
    }

    @Test
    void a_flush_whose_connection_dies_leaves_nothing_and_can_be_repeated() {
        StoredEntity entity = entity("flush-killed");
        CommittedTick tick = answer(journal.append(1, List.of(entry(entity.id(), "a"))));
        List<FlushedEntity> batch = List.of(flushed(entity.id(), "a", 1, 1));
        // Its own session only: others of the pool would die unnoticed and fail whoever borrows them next.
        FlushParticipant killing = (connection, _) -> kill(backend(connection));

        assertThatThrownBy(() -> database.flushWriter(killing).write(lease, batch, tick))
                .isInstanceOf(StoreException.Unavailable.class);
        assertThat(entity("flush-killed").pieces()).singleElement().isInstanceOf(StoredPiece.Tick.class);

        database.flushWriter().write(lease, batch, tick);
        assertThat(entity("flush-killed").pieces()).singleElement().isInstanceOf(StoredPiece.Operation.class);
    }

    @Test
    void ticks_go_on_while_a_flush_is_open() {
        StoredEntity entity = entity("open-flush");
        CommittedTick first = answer(journal.append(1, List.of(entry(entity.id(), "a"))));
        List<CommittedTick> meanwhile = new ArrayList<>();
        FlushParticipant editing = (_, _) -> meanwhile.add(answer(journal.append(2, List.of(entry(entity.id(), "b")))));

        database.flushWriter(editing).write(lease, List.of(flushed(entity.id(), "a", 1, 1)), first);

        assertThat(meanwhile).hasSize(1);
        assertThat(texts(entity("open-flush"))).containsExactly("a", "b");
    }

    @Test
    void a_fenced_flush_writes_nothing() {
        StoredEntity entity = entity("fenced-flush");
        server.execute("update public.gateway set epoch = epoch + 1 where gateway_id = " + lease.gatewayId());

        assertThatThrownBy(() -> database.flushWriter().write(lease, List.of(flushed(entity.id(), "a", 1, 1)), null))
                .isInstanceOf(StoreException.Fenced.class);
        assertThat(entity("fenced-flush").pieces()).isEmpty();
    }

    @Test
    void the_same_entity_twice_in_a_batch_is_a_bug() {
        StoredEntity entity = entity("twice");
        FlushedEntity flushed = flushed(entity.id(), "a", 1, 1);

        assertThatThrownBy(() -> database.flushWriter().write(lease, List.of(flushed, flushed), null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void overlong_type_and_title_are_cut() {
        StoredEntity entity = entity("overlong");
        Projection projection = new Projection("{}", "t".repeat(5_000), "i".repeat(5_000), new byte[] {0}, 2);
        FlushOutcome outcome = database.flushWriter()
                .write(
                        lease,
                        List.of(FlushedEntity.projected(
                                entity.id(), OperationFormat.MERGED, bytes("u"), null, 1, 1, projection)),
                        null);

        EntityDescription description = answer(database.catalog().describe(key("overlong")));
        assertThat(outcome.quarantined()).isEmpty();
        assertThat(description.type()).hasSize(FlushStatements.TYPE_LENGTH_MAX);
        assertThat(description.title()).hasSize(FlushStatements.TITLE_LENGTH_MAX);
    }

    @Test
    void gateways_that_flush_the_same_entities_at_once_do_not_fail() throws InterruptedException {
        List<EntityId> entities = new ArrayList<>();
        for (int at = 0; at < 20; at++) {
            entities.add(entity("shared-" + at).id());
        }
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> gateways = new ArrayList<>();
        for (int at = 0; at < 4; at++) {
            List<EntityId> order = at % 2 == 0 ? entities : entities.reversed();
            GatewayLease own = database.leases().register("shared");
            gateways.add(Thread.ofVirtual().start(() -> {
                try {
                    for (int tick = 1; tick <= 10; tick++) {
                        long number = tick;
                        FlushOutcome outcome = database.flushWriter()
                                .write(
                                        own,
                                        order.stream()
                                                .map(entity -> flushed(entity, "u", number, number))
                                                .toList(),
                                        null);
                        assertThat(outcome.quarantined()).isEmpty();
                    }
                } catch (RuntimeException | AssertionError failure) {
                    failures.add(failure);
                }
            }));
        }
        for (Thread gateway : gateways) {
            gateway.join();
        }

        assertThat(failures).isEmpty();
        assertThat(texts(entity("shared-0"))).hasSize(40);
    }

    @Test
    void without_an_update_only_the_projection_is_written() {
        EntityId entity = entity("projected-only").id();
        FlushedEntity row = FlushedEntity.projected(
                entity, OperationFormat.BATCH, new byte[0], null, 0, 0, projection("{\"a\": 1}"));
        database.flushWriter().write(lease, List.of(row), null);
        assertThat(texts(entity("projected-only"))).isEmpty();
        assertThat(server.column("select properties::text from public.entity where name = 'projected-only'"))
                .containsExactly("{\"a\": 1}");
    }

    private long flushedTick() {
        return server.number("select flushed_tick from public.gateway where gateway_id = " + lease.gatewayId());
    }

    private void kill(int backend) {
        server.number("select pg_terminate_backend(" + backend + ")::int");
        await().until(() -> server.number("select count(*) from pg_stat_activity where pid = " + backend) == 0);
    }

    private static int backend(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    private static void divideByZero(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select 1 / 0");
        }
    }
}
