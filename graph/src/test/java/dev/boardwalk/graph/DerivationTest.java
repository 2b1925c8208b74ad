package dev.boardwalk.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import org.junit.jupiter.api.Test;

class DerivationTest extends GraphTest {
    private static final String BOARD = """
            {"nodes": {"A": {"type": "box", "text": "Brake"}, "B": {"text": "Wheel"}, "D": {"entity": "car"}},
             "edges": {"1": {"source": "A", "target": "B", "type": "DEPENDS_ON"},
                       "2": {"source": "B", "target": "D"},
                       "3": {"source": "A", "target": "D", "type": "PAYS_FOR"}}}
            """;

    @Test
    void a_board_becomes_elements_and_relationships() {
        OrganisationId org = organisation("board");
        entity(org, "default", "car");
        flush(entity(org, "default", "board"), BOARD);

        assertThat(edges(org))
                .containsExactlyInAnyOrder(
                        "default/board -CONTAINS-> default/board#A",
                        "default/board -CONTAINS-> default/board#B",
                        "default/board -CONTAINS-> default/car",
                        "default/board#A -DEPENDS_ON-> default/board#B",
                        "default/board#A -PAYS_FOR-> default/car",
                        "default/board#B -CONNECTS-> default/car");
        assertThat(server.column("select properties::text::jsonb->>'title' from relations.\"Element\""
                        + " where properties::text::jsonb->>'org_id' = '" + org.value() + "' order by 1"))
                .containsExactly("Brake", "Wheel");
    }

    @Test
    void what_vanishes_from_the_content_vanishes_from_the_graph() {
        OrganisationId org = organisation("vanish");
        EntityId board = entity(org, "default", "board");
        flush(board, BOARD);
        flush(board, "{\"nodes\": {\"B\": {\"text\": \"Wheel\"}}, \"edges\": {}}");
        assertThat(edges(org)).containsExactly("default/board -CONTAINS-> default/board#B");
        flush(board, "{}");
        assertThat(edges(org)).isEmpty();
        assertThat(server.number(
                        "select count(*) from relations.\"Element\" where properties::text::jsonb->>'org_id' = '"
                                + org.value() + "'"))
                .isZero();
    }

    @Test
    void a_node_can_begin_to_stand_for_an_entity_and_cease_to() {
        OrganisationId org = organisation("stand");
        entity(org, "default", "car");
        EntityId board = entity(org, "default", "board");
        flush(board, "{\"nodes\": {\"A\": {}}}");
        flush(board, "{\"nodes\": {\"A\": {\"entity\": \"car\"}}}");
        assertThat(edges(org)).containsExactly("default/board -CONTAINS-> default/car");
        flush(board, "{\"nodes\": {\"A\": {\"text\": \"again\"}}}");
        assertThat(edges(org)).containsExactly("default/board -CONTAINS-> default/board#A");
    }

    @Test
    void a_reference_waits_for_its_entity() {
        OrganisationId org = organisation("wait");
        flush(entity(org, "default", "car"), "{\"m\": {\"deep\": [{\"$ref\": \"wheel\", \"type\": \"DEPENDS_ON\"}]}}");
        assertThat(edges(org)).isEmpty();
        entity(org, "default", "wheel");
        assertThat(edges(org)).containsExactly("default/car -DEPENDS_ON-> default/wheel");
        delete(new EntityKey(org, "default", "wheel"));
        assertThat(edges(org)).isEmpty();
        entity(org, "default", "wheel");
        assertThat(edges(org)).containsExactly("default/car -DEPENDS_ON-> default/wheel");
    }

    @Test
    void a_reference_reaches_another_project_but_never_another_organisation() {
        OrganisationId org = organisation("reach");
        OrganisationId other = organisation("other");
        entity(other, "parts", "wheel");
        flush(entity(org, "default", "car"), "{\"m\": {\"w\": {\"$ref\": \"parts/wheel\"}}}");
        assertThat(edges(org)).isEmpty();
        entity(org, "parts", "wheel");
        assertThat(edges(org)).containsExactly("default/car -LINKS_TO-> parts/wheel");
        assertThat(edges(other)).isEmpty();
    }

    @Test
    void the_own_project_comes_first_when_a_slash_could_mean_both() {
        OrganisationId org = organisation("slash");
        entity(org, "parts", "wheel");
        flush(entity(org, "default", "car"), "{\"m\": {\"w\": {\"$ref\": \"parts/wheel\"}}}");
        entity(org, "default", "parts/wheel");
        assertThat(edges(org)).containsExactly("default/car -LINKS_TO-> default/parts/wheel");
        delete(new EntityKey(org, "default", "parts/wheel"));
        assertThat(edges(org)).containsExactly("default/car -LINKS_TO-> parts/wheel");
    }

    @Test
    void a_renamed_entity_is_meant_by_its_new_name_only() {
        OrganisationId org = organisation("rename");
        entity(org, "default", "wheel");
        flush(entity(org, "default", "car"), "{\"m\": {\"w\": {\"$ref\": \"wheel\"}}}");
        flush(entity(org, "default", "bike"), "{\"m\": {\"w\": {\"$ref\": \"tyre\"}}}");
        assertThat(edges(org)).containsExactly("default/car -LINKS_TO-> default/wheel");
        rename(org, "wheel", "tyre");
        assertThat(edges(org)).containsExactly("default/bike -LINKS_TO-> default/tyre");
        rename(org, "tyre", "wheel");
        assertThat(edges(org)).containsExactly("default/car -LINKS_TO-> default/wheel");
    }

    private void rename(OrganisationId org, String from, String to) {
        server.execute("update public.entity set name = '" + to + "' where org_id = " + org.value() + " and name = '"
                + from + "'");
    }

    @Test
    void a_relationship_lives_as_long_as_anybody_claims_it() {
        OrganisationId org = organisation("claims");
        entity(org, "default", "a");
        entity(org, "default", "b");
        EntityId one = entity(org, "default", "one");
        EntityId two = entity(org, "default", "two");
        String same = "{\"nodes\": {\"x\": {\"entity\": \"a\"}, \"y\": {\"entity\": \"b\"}},"
                + " \"edges\": {\"e\": {\"source\": \"x\", \"target\": \"y\", \"type\": \"DEPENDS_ON\"}}}";
        flush(one, same);
        flush(two, same);
        flush(one, "{}");
        assertThat(edges(org)).contains("default/a -DEPENDS_ON-> default/b");
        delete(new EntityKey(org, "default", "two"));
        assertThat(edges(org)).isEmpty();
    }

    @Test
    void a_deleted_entity_leaves_nothing_behind_even_when_it_is_flushed_late() {
        OrganisationId org = organisation("late");
        EntityId board = entity(org, "default", "board");
        flush(board, BOARD);
        delete(new EntityKey(org, "default", "board"));
        assertThat(edges(org)).isEmpty();
        flush(board, BOARD);
        assertThat(edges(org)).isEmpty();
    }

    @Test
    void bad_content_is_counted_and_never_loses_a_flush() {
        OrganisationId org = organisation("bad");
        EntityId board = entity(org, "default", "board");
        String far = "x".repeat(100_000);
        assertThat(flush(board, """
                {"m": {"a": {"$ref": "%s"}, "b": {"$ref": ""}, "c": {"$ref": 7}, "d": {"$ref": "board", "type": "no type"},
                       "e": {"$ref": "board"}},
                 "nodes": {"": {}, "%s": {}, "A": {"entity": "%s", "text": "\\u0000"}, "B": 5},
                 "edges": {"1": {"source": "A", "target": "nowhere"}, "2": {"source": "A", "target": "A", "type": "bad type"},
                           "3": {"source": "A", "target": "A"}, "4": {"source": "A", "target": "A"}, "5": 1,
                           "6": {"source": "A", "target": "A", "type": "smoothstep"}}}
                """.formatted(far, far, far)).quarantined()).isEmpty();
        assertThat(edges(org))
                .containsExactlyInAnyOrder(
                        "default/board -LINKS_TO-> default/board",
                        "default/board -CONTAINS-> default/board#A",
                        "default/board#A -CONNECTS-> default/board#A");
        assertThat(server.number("select ignored from graph.derived where entity_id = " + board.number()))
                .isEqualTo(8);
    }

    /** As many as one likes, by -Dboardwalk.parallel.edges=1000000. */
    @Test
    void any_number_of_parallel_edges_is_one_relationship_for_each_type() {
        OrganisationId org = organisation("parallel");
        int count = Integer.getInteger("boardwalk.parallel.edges", 50_000);
        StringBuilder edges = new StringBuilder();
        for (int n = 0; n < count; n++) {
            edges.append(n == 0 ? "" : ",")
                    .append("\"e")
                    .append(n)
                    .append("\": {\"source\": \"A\", \"target\": \"B\", \"type\": \"T")
                    .append(n % 3)
                    .append("\"}");
        }
        EntityId board = entity(org, "default", "board");
        String content = "{\"nodes\": {\"A\": {}, \"B\": {}}, \"edges\": {" + edges + "}}";
        assertThat(flush(board, content).quarantined()).isEmpty();
        assertThat(edges(org))
                .containsExactlyInAnyOrder(
                        "default/board -CONTAINS-> default/board#A",
                        "default/board -CONTAINS-> default/board#B",
                        "default/board#A -T0-> default/board#B",
                        "default/board#A -T1-> default/board#B",
                        "default/board#A -T2-> default/board#B");
    }

    @Test
    void one_changed_edge_of_a_large_board_is_one_row() {
        OrganisationId org = organisation("large");
        EntityId board = entity(org, "default", "board");
        flush(board, board(10_000, -1));
        long before = derivation.written();
        flush(board, board(10_000, -1));
        assertThat(derivation.written() - before).isZero();
        flush(board, board(10_000, 77));
        assertThat(derivation.written() - before).isEqualTo(2);
        assertThat(edges(org)).hasSize(20_000).contains("default/board#n77 -PAYS_FOR-> default/board#n76");
    }

    /** A chain of nodes; the edge that begins at node {@code special} has another type. */
    private static String board(int nodes, int special) {
        StringBuilder json = new StringBuilder("{\"nodes\": {");
        for (int n = 0; n < nodes; n++) {
            json.append(n == 0 ? "" : ",")
                    .append("\"n")
                    .append(n)
                    .append("\": {\"text\": \"node ")
                    .append(n)
                    .append("\"}");
        }
        json.append("}, \"edges\": {");
        for (int n = 0; n < nodes; n++) {
            json.append(n == 0 ? "" : ",")
                    .append("\"e")
                    .append(n)
                    .append("\": {\"source\": \"n")
                    .append(n)
                    .append("\", \"target\": \"n")
                    .append(n == 0 ? 0 : n - 1)
                    .append("\", \"type\": \"")
                    .append(n == special ? "PAYS_FOR" : "DEPENDS_ON")
                    .append("\"}");
        }
        return json.append("}}").toString();
    }

    @Test
    void a_fork_is_a_version_of_what_it_was_forked_from() {
        OrganisationId org = organisation("fork");
        EntityId source = entity(org, "default", "plan");
        EntityId fork = entity(org, "other", "plan b");
        server.execute("insert into crdt.fork (org_id, entity_id, source_entity_id, source_time) values (" + org.value()
                + ", " + fork.number() + ", " + source.number() + ", now())");
        flush(fork, "{}");
        assertThat(edges(org)).containsExactly("other/plan b -VERSION_OF-> default/plan");
    }

    @Test
    void a_public_id_in_the_graph_is_the_one_outside() {
        OrganisationId org = organisation("ulid");
        EntityId car = entity(org, "default", "car");
        assertThat(server.column(
                        "select properties::text::jsonb->>'id' from relations.\"Entity\" where id operator(ag_catalog.=) graph.graphid(graph.entity_vertex("
                                + car.number() + "))"))
                .containsExactly(dev.boardwalk.store.EntityUlid.text(
                        answer(database.catalog().describe(new EntityKey(org, "default", "car")))
                                .ulid()));
    }
}
