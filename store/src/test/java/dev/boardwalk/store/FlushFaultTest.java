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
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Flushes in which something fails: it concerns the entity alone, or the batch is written another time. */
class FlushFaultTest extends FlushRig {
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

    /** Nothing is wrong with the entity: half a second later it would have been written. */
    @Test
    void a_table_that_is_away_for_a_moment_quarantines_nobody() {
        StoredEntity entity = entity("schema");
        FlushParticipant reading = (connection, _) -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("select from a_table_that_is_away");
            }
        };
        List<FlushedEntity> batch = List.of(flushed(entity.id(), "u", 1, 1));

        assertThatThrownBy(() -> database.flushWriter(reading).write(lease, batch, null))
                .isInstanceOf(StoreException.class);
        assertThat(entity("schema").quarantineReason()).isNull();

        assertThat(database.flushWriter().write(lease, batch, null).quarantined())
                .isEmpty();
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
    void a_fenced_flush_writes_nothing() {
        StoredEntity entity = entity("fenced-flush");
        server.execute("update public.gateway set epoch = epoch + 1 where gateway_id = " + lease.gatewayId());

        assertThatThrownBy(() -> database.flushWriter().write(lease, List.of(flushed(entity.id(), "a", 1, 1)), null))
                .isInstanceOf(StoreException.Fenced.class);
        assertThat(entity("fenced-flush").pieces()).isEmpty();
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
    void the_same_entity_twice_in_a_batch_is_a_bug() {
        StoredEntity entity = entity("twice");
        FlushedEntity flushed = flushed(entity.id(), "a", 1, 1);

        assertThatThrownBy(() -> database.flushWriter().write(lease, List.of(flushed, flushed), null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void kill(int backend) {
        server.number("select pg_terminate_backend(" + backend + ")::int");
        await().until(() -> server.number("select count(*) from pg_stat_activity where pid = " + backend) == 0);
    }

    private static int backend(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    private long flushedTick() {
        return server.number("select flushed_tick from public.gateway where gateway_id = " + lease.gatewayId());
    }

    private static void divideByZero(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select 1 / 0");
        }
    }
}
