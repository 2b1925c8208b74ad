package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a flush writes: an operation, the projection, and how far the journal is flushed. */
class FlushWriterTest extends FlushRig {
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
}
