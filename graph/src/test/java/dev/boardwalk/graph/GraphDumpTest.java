package dev.boardwalk.graph;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseSettings;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.FlushWriter;
import dev.boardwalk.store.GatewayLease;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that went through pg_dump and pg_restore, by which AGE loses its own numbers (apache/age#2503). */
class GraphDumpTest extends GraphTest {
    private static final String LOST =
            "select count(*) from ag_catalog.ag_graph g join ag_catalog.ag_label l on l.graph = g.graphid"
                    + " where g.graphid <> g.namespace::oid";

    private static final String BOARD = """
            {"nodes": {"A": {}, "B": {}, "D": {"entity": "car"}},
             "edges": {"1": {"source": "A", "target": "B", "type": "DEPENDS_ON"}, "2": {"source": "B", "target": "D"}}}
            """;

    private static final String CHANGED = """
            {"nodes": {"A": {}, "C": {}, "D": {"entity": "car"}},
             "edges": {"3": {"source": "A", "target": "C", "type": "PAYS_FOR"}, "4": {"source": "A", "target": "D"}}}
            """;

    @Test
    void a_restored_graph_can_be_read_edited_and_deleted_from(@TempDir Path folder) throws Exception {
        OrganisationId org = organisation("dumped");
        entity(org, "default", "car");
        EntityId board = entity(org, "default", "board");
        flush(board, BOARD);
        try (TestDatabase copy = TestDatabase.create()) {
            Path dump = folder.resolve("dump");
            run("pg_dump", "--format=custom", "--file=" + dump, "--dbname=" + server.url());
            run("pg_restore", "--exit-on-error", "--dbname=" + copy.url(), dump.toString());
            assertThat(copy.number(LOST)).isPositive();
            try (Database restored = Database.open(vertx, DatabaseSettings.parse(copy.url()));
                    Graph graph = Graph.open(restored, GraphLimits.DEFAULT)) {
                assertThat(copy.number(LOST)).isZero();
                assertThat(edges(copy, org)).isEqualTo(edges(org)).hasSize(5);
                FlushWriter flushes = restored.flushWriter();
                GatewayLease mine = restored.leases().register("restored");
                flushes.write(mine, List.of(flushed(board, CHANGED)), null);
                flush(board, CHANGED);
                assertThat(edges(copy, org))
                        .isEqualTo(edges(org))
                        .contains("default/board#A -PAYS_FOR-> default/board#C");
                assertThat(answer(restored.catalog().delete(new EntityKey(org, "default", "car"))))
                        .isNotNull();
                delete(new EntityKey(org, "default", "car"));
                assertThat(edges(copy, org)).isEqualTo(edges(org)).hasSize(3);
                assertThat(graph.rebuild().run(org).clean()).isTrue();
                copy.execute("set search_path = public, ag_catalog; select * from ag_catalog.cypher('relations',"
                        + " $$ MATCH (n:Element) DETACH DELETE n $$) as (n ag_catalog.agtype)");
                assertThat(edges(copy, org)).isEmpty();
            }
        }
    }

    private static TreeSet<String> edges(TestDatabase of, OrganisationId organisation) {
        return new TreeSet<>(of.column(EDGES.formatted(organisation.value())));
    }

    /** With the server's own programs if they are on this machine, else with those on the path. */
    private void run(String program, String... arguments) throws IOException, InterruptedException {
        Path beside = Path.of(
                server.column("select setting from pg_config where name = 'BINDIR'")
                        .getFirst(),
                program);
        List<String> command = new ArrayList<>();
        command.add(Files.isExecutable(beside) ? beside.toString() : program);
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
