package dev.boardwalk.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.OrganisationId;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GraphRebuildTest extends GraphTest {
    private static final String BOARD = """
            {"nodes": {"A": {}, "B": {"text": "b"}, "D": {"entity": "car"}},
             "edges": {"1": {"source": "A", "target": "B", "type": "DEPENDS_ON"}, "2": {"source": "B", "target": "D"},
                       "3": {"source": "A", "target": "D", "type": "PAYS_FOR"}}}
            """;

    @Test
    void after_truncating_the_label_tables_a_rebuild_gives_the_same_graph() {
        OrganisationId org = organisation("truncated");
        entity(org, "default", "car");
        EntityId board = entity(org, "default", "board");
        flush(board, BOARD);
        Set<String> before = edges(org);
        try (Graph graph = Graph.open(database, GraphLimits.DEFAULT)) {
            assertThat(graph.rebuild().run(org).clean()).isTrue();
            server.execute("truncate relations.\"Entity\", relations.\"Element\", relations.\"DEPENDS_ON\","
                    + " relations.\"CONTAINS\", relations.\"CONNECTS\", relations.\"RELATED\"");
            assertThat(edges(org)).isEmpty();
            assertThat(graph.rebuild().check(org).age()).isEqualTo(2 + 2 + 6);
            assertThat(edges(org)).as("a check repairs nothing").isEmpty();
            assertThat(graph.rebuild().run(org).age()).isEqualTo(2 + 2 + 6);
            assertThat(edges(org)).isEqualTo(before);
            assertThat(graph.rebuild().run(org).clean()).isTrue();
            server.execute("delete from graph.claim where type = 'PAYS_FOR'");
            assertThat(graph.rebuild().run(org).content()).isEqualTo(1);
            assertThat(edges(org)).isEqualTo(before);
            assertThat(graph.rebuild().differing(org, graph.index())).isZero();
            server.execute("begin; set local session_replication_role = replica;"
                    + " delete from graph.edge where type = 'DEPENDS_ON'; commit");
            assertThat(graph.rebuild().check(org).clean()).isFalse();
            assertThat(graph.rebuild().differing(org, graph.index())).isPositive();
            assertThat(graph.rebuild().run(org).age())
                    .as("edges that nobody claims")
                    .isPositive();
            assertThat(edges(org)).isEqualTo(before);
            assertThat(graph.rebuild().check(org).clean()).isTrue();
        }
        flush(board, "{}");
        assertThat(edges(org)).isEmpty();
    }
}
