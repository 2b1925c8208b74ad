package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How Postgres answers the load of one entity among 20,000 entities and 200,000 operations over a day. */
class LoadPlanTest extends DatabaseTest {
    private static final Logger log = LoggerFactory.getLogger(LoadPlanTest.class);

    @BeforeAll
    void fill() {
        server.execute("""
                do $$
                declare from_at timestamptz := date_bin('1 hour', now(), '2000-01-01') - interval '25 hours';
                begin
                    for hour in 0..23 loop
                        execute format('create table crdt.operation_old_%s partition of crdt.operation
                            for values from (%L) to (%L)', hour, from_at + hour * interval '1 hour',
                            from_at + (hour + 1) * interval '1 hour');
                    end loop;
                end $$;
                insert into public.project (org_id, name) values (1, 'big');
                insert into public.gateway (address, lease_until, position, flushed_tick)
                values ('filler', now() + interval '1 day', public.current_position(), 10);
                insert into public.entity (org_id, project_id, name, position, created_at)
                select 1, project_id, 'entity-' || n, 1, now() - interval '24 hours'
                from public.project, generate_series(1, 20000) n where name = 'big';
                insert into crdt.operation (org_id, entity_id, format, update_bytes, gateway_id, first_tick, last_tick,
                                            position, created_at)
                select 1, e.entity_id, 1, '\\x0000', 1, n, n, n, now() - n * interval '143 minutes'
                from public.entity e, generate_series(0, 9) n;
                insert into crdt.journal (org_id, entity_id, gateway_id, tick, updates_bytes, position)
                select 1, e.entity_id, 1, 20, '\\x020000', 1 from public.entity e;
                insert into crdt.snapshot (org_id, entity_id, sha256_bytes, size, state_vector_bytes, covered_position,
                                           covered_from, state_bytes)
                select 1, entity_id, '\\x00', 1, '\\x00', 0, now() - interval '3 hours', '\\x0000' from public.entity
                where entity_id % 2 = 0;
                update public.entity e set snapshot_id = s.snapshot_id from crdt.snapshot s
                where s.org_id = e.org_id and s.entity_id = e.entity_id;
                analyze
                """);
    }

    @Test
    void the_load_reads_by_index_and_leaves_covered_partitions_out() throws SQLException {
        for (String mode : List.of("force_custom_plan", "force_generic_plan")) {
            List<String> plan = plan(mode, evenEntity());
            assertThat(plan).as(mode).noneMatch(LoadPlanTest::scansTable);
            assertThat(executed(plan, "operation_")).as(mode + " operations").isBetween(1L, 5L + 12);
            assertThat(executed(plan, "operation_old"))
                    .as(mode + " old operations")
                    .isLessThanOrEqualTo(4);
        }
    }

    @Test
    void the_load_of_an_entity_without_snapshot_reads_by_index_too() throws SQLException {
        List<String> plan = plan("force_generic_plan", oddEntity());
        assertThat(plan).noneMatch(LoadPlanTest::scansTable);
        assertThat(executed(plan, "operation_old")).isBetween(23L, 24L);
        StoredEntity loaded = answer(database.entities().load(new EntityKey(OrganisationId.LOCAL, "big", oddEntity())))
                .orElseThrow();
        assertThat(loaded.pieces()).hasSize(11);
    }

    /** The few rows of gateways are always read whole. */
    private static boolean scansTable(String line) {
        return line.contains("Seq Scan on") && !line.contains("Seq Scan on gateway");
    }

    private String evenEntity() {
        return server.column("select min(name) from public.entity where snapshot_id is not null")
                .getFirst();
    }

    private String oddEntity() {
        return server.column("select min(name) from public.entity where snapshot_id is null")
                .getFirst();
    }

    private static long executed(List<String> plan, String table) {
        return plan.stream()
                .filter(line -> line.contains(" on " + table) && !line.contains("never executed"))
                .count();
    }

    private List<String> plan(String mode, String entity) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set enable_seqscan = off");
            statement.execute("set plan_cache_mode = " + mode);
            statement.execute("prepare load(bigint, text, text) as " + EntityStore.LOAD_BY_KEY);
            List<String> lines = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(
                    "explain (analyze, costs off, timing off, buffers off) execute load(1, 'big', '" + entity + "')")) {
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
            }
            log.debug("plan mode={}\n{}", mode, String.join("\n", lines));
            return lines;
        }
    }
}
