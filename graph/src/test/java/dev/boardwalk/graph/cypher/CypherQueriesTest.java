package dev.boardwalk.graph.cypher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CypherQueriesTest extends TwoOrganisationsTest {
    @Test
    void dependents_of_an_element_are_those_that_point_at_it() {
        assertThat(graph.values("MATCH (a)-[:DEPENDS_ON]->(b) WHERE b.element = 'C' RETURN a.element"))
                .containsExactly("B");
    }

    @Test
    void columns_are_called_as_they_were_written_or_named() {
        CypherAnswer answer =
                graph.ask("MATCH (a:Entity) RETURN a.name, upper(a.name) AS loud".replace("upper", "toUpper"));
        assertThat(answer.columns()).containsExactly("a.name", "loud");
        assertThat(answer.rows()).hasSize(3);
        assertThat(answer.truncated()).isFalse();
        assertThat(answer.asOf()).isPositive();
    }

    @Test
    void vertices_show_what_people_know_them_by() {
        Map<?, ?> entity = (Map<?, ?>)
                graph.values("MATCH (a:Entity {name: 'spec'}) RETURN a").getFirst();
        String ulid = graph.server
                .column("select graph.ulid(ulid) from public.entity where org_id = 1 and name = 'spec'")
                .getFirst();
        assertThat(entity)
                .isEqualTo(Map.of(
                        "id",
                        ulid,
                        "name",
                        "spec",
                        "type",
                        "document",
                        "properties",
                        Map.of(
                                "id",
                                ulid,
                                "name",
                                "spec",
                                "type",
                                "document",
                                "title",
                                "local spec",
                                "project",
                                "default")));
        Map<?, ?> element = (Map<?, ?>)
                graph.values("MATCH (a:Element {element: 'B'}) RETURN a").getFirst();
        assertThat(element.get("element")).isEqualTo("B");
        assertThat(element.get("name")).isEqualTo("board");
    }

    @Test
    void edges_name_their_ends_and_free_types() {
        List<@Nullable Object> edges = graph.values(
                "MATCH (a {element: 'A'})-[r]->(b) WHERE b.element IN ['B', 'C'] RETURN r ORDER BY type(r)");
        assertThat(edges).hasSize(2);
        Map<?, ?> uses = (Map<?, ?>) edges.get(1);
        assertThat(uses.get("type")).isEqualTo("USES");
        assertThat(String.valueOf(uses.get("source"))).contains("element=A");
        assertThat(String.valueOf(uses.get("target"))).contains("element=C");
        assertThat(uses.get("properties")).isEqualTo(Map.of());
    }

    @Test
    void paths_are_nodes_and_relationships() {
        Map<?, ?> path = (Map<?, ?>) graph.values(
                        "MATCH p = (a {element: 'A'})-[:DEPENDS_ON]->(b)-[:DEPENDS_ON]->(c {element: 'C'}) RETURN p")
                .getFirst();
        assertThat((List<?>) path.get("nodes")).hasSize(3);
        assertThat((List<?>) path.get("relationships")).hasSize(2);
    }

    @Test
    void a_type_without_a_label_of_its_own_is_matched_by_its_name() {
        assertThat(graph.values("MATCH (a)-[:USES]->(b) RETURN a.element + b.element"))
                .containsExactly("AC");
        assertThat(graph.values("MATCH (a)-[:OTHER]->(b) RETURN a.element")).isEmpty();
        assertThat(graph.values("MATCH (a)-[r:USES|LINKS_TO]->(b) RETURN r.type ORDER BY r.type"))
                .containsExactly("LINKS_TO", "USES");
        assertThat(graph.values("MATCH ()-[r]->() RETURN DISTINCT type(r) AS t ORDER BY t"))
                .containsExactly("CONTAINS", "DEPENDS_ON", "LINKS_TO", "USES");
    }

    @Test
    void every_clause_does_its_part() {
        assertThat(graph.values("UNWIND [3, 1, 2] AS x WITH x WHERE x > 1 RETURN x ORDER BY x DESC"))
                .containsExactly(3L, 2L);
        assertThat(graph.values("MATCH (a:Element) RETURN a.element ORDER BY a.element SKIP 1 LIMIT 1"))
                .containsExactly("B");
        assertThat(
                        graph.values(
                                "MATCH (a:Element) OPTIONAL MATCH (a)-[:USES]->(b) RETURN coalesce(b.element, 'none') ORDER BY a.element"))
                .containsExactly("C", "none", "none");
        assertThat(graph.values("MATCH (a:Element) WHERE NOT (a)-[:DEPENDS_ON]->() RETURN a.element"))
                .containsExactly("C");
        assertThat(
                        graph.values(
                                "MATCH (a:Element) WHERE exists { (a)-[:DEPENDS_ON]->(b) WHERE b.name = 'spec' } RETURN a.element"))
                .containsExactly("B");
        assertThat(graph.values("MATCH (a:Entity) RETURN a.name AS n UNION MATCH (b:Element) RETURN b.name AS n"))
                .containsExactlyInAnyOrder("board", "spec", "plan");
        assertThat(graph.values(
                        "MATCH (a:Entity) RETURN CASE a.type WHEN 'board' THEN 1 ELSE 0 END AS n ORDER BY n + 1"))
                .containsExactly(0L, 0L, 1L);
    }

    @Test
    void a_match_may_follow_an_optional_one() {
        assertThat(
                        graph.values(
                                "MATCH (a:Element) OPTIONAL MATCH (a)-[:USES]->(b) MATCH (b)<-[:DEPENDS_ON]-(c) RETURN c.element"))
                .containsExactly("B");
    }

    @Test
    void an_optional_match_that_finds_nothing_keeps_the_row() {
        assertThat(graph.values("OPTIONAL MATCH (a {name: 'nothing'}) RETURN a IS NULL"))
                .containsExactly(true);
        assertThat(graph.values("OPTIONAL MATCH (a {name: 'nothing'}) OPTIONAL MATCH (a)--(b) RETURN b IS NULL"))
                .containsExactly(true);
        assertThat(graph.values("OPTIONAL MATCH (a {name: 'nothing'}) MATCH (b:Element) RETURN count(*)"))
                .containsExactly(3L);
    }

    @Test
    void the_databases_words_name_the_callers_variables() {
        assertThatThrownBy(() -> graph.ask("MATCH (mine) RETURN mine ORDER BY count(*)"))
                .isInstanceOf(CypherException.Failed.class)
                .hasMessageContaining("\"mine\"");
    }

    @Test
    void variables_can_be_renamed_and_shadowed() {
        assertThat(graph.values("MATCH (a {element: 'A'}) WITH a AS b MATCH (b)-[:USES]->(a) RETURN a.element"))
                .containsExactly("C");
        assertThat(graph.values("MATCH (a {element: 'A'}) WITH a.element AS a, a AS b RETURN a + b.name"))
                .containsExactly("Aboard");
        assertThat(graph.values("MATCH (a {element: 'A'}) WITH *, 1 AS one RETURN a.element + toString(one)"))
                .containsExactly("A1");
        CypherAnswer all = graph.ask("MATCH (a {element: 'A'})-[r:USES]->(b) RETURN *");
        assertThat(all.columns()).containsExactly("a", "r", "b");
    }

    @Test
    void aggregates_sum_up() {
        assertThat(graph.values("MATCH (a:Element) RETURN count(*)")).containsExactly(3L);
        assertThat(graph.ask("MATCH (a)<-[r:DEPENDS_ON]-(b) RETURN a.name, count(r) AS n ORDER BY n DESC, a.name")
                        .rows())
                .containsExactly(List.of("board", 2L), List.of("spec", 2L));
        assertThat(graph.values("MATCH (a:Element) WITH a ORDER BY a.element RETURN collect(DISTINCT a.element)"))
                .containsExactly(List.of("A", "B", "C"));
    }

    @Test
    void parameters_are_values_of_any_kind() {
        Map<String, @Nullable Object> parameters = new java.util.HashMap<>(Map.of(
                "text",
                "it's \"C\" \\ \u00e4 \uD83D\uDE00 $$ */ --",
                "n",
                7,
                "d",
                1.5,
                "yes",
                true,
                "list",
                List.of(1, "b"),
                "map",
                Map.of("any key", List.of())));
        parameters.put("nothing", null);
        CypherAnswer answer = graph.ask("RETURN $text, $n, $d, $yes, $list, $map, $nothing", parameters);
        assertThat(answer.rows().getFirst())
                .isEqualTo(Arrays.asList(
                        parameters.get("text"), 7L, 1.5, true, List.of(1L, "b"), Map.of("any key", List.of()), null));
        assertThat(column("MATCH (a:Element) RETURN a.element ORDER BY a.element LIMIT $n", Map.of("n", 2)))
                .containsExactly("A", "B");
    }

    @Test
    void strings_of_a_query_come_back_as_they_were() {
        for (String text :
                List.of("$$", "\u2028", "*/ //", "\u00ff\uD83D\uDE00", "a`b", "\\u0027", "'; drop table x; --")) {
            String literal = "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
            assertThat(graph.values("RETURN " + literal)).containsExactly(text);
        }
        assertThat(graph.values("RETURN \"\\u0041\\t\\uD83D\\uDE00\\U0001F600\""))
                .containsExactly("A\t\uD83D\uDE00\uD83D\uDE00");
    }

    @Test
    void numbers_that_json_lacks_are_words() {
        assertThat(graph.values("RETURN [1.0e308 * 10, -1.0e308 * 10, 9007199254740993, 1.5, -3]"))
                .containsExactly(List.of("Infinity", "-Infinity", 9007199254740993L, 1.5, -3L));
    }

    @Test
    void rows_above_the_limit_are_left_out_and_that_is_said() {
        CypherAnswer cut =
                graph.queries().answer(TwoOrganisations.EVERYTHING, "UNWIND range(1, 5) AS x RETURN x", Map.of(), 3);
        assertThat(cut.truncated()).isTrue();
        assertThat(cut.rows()).hasSize(3);
        CypherAnswer whole =
                graph.queries().answer(TwoOrganisations.EVERYTHING, "UNWIND range(1, 5) AS x RETURN x", Map.of(), 5);
        assertThat(whole.truncated()).isFalse();
        assertThat(whole.rows()).hasSize(5);
    }

    @Test
    void a_token_for_some_projects_sees_no_others() {
        CypherReader other = TwoOrganisations.only("other");
        assertThat(TwoOrganisations.column(graph.ask(other, "MATCH (a) RETURN a.name", Map.of())))
                .containsExactly("plan");
        assertThat(graph.ask(other, "MATCH ()-[r]->() RETURN r", Map.of()).rows())
                .isEmpty();
        assertThat(TwoOrganisations.column(graph.ask(
                        other, "MATCH (a) OPTIONAL MATCH (a)-[r]-(b) RETURN coalesce(b.name, 'none')", Map.of())))
                .containsExactly("none");
        assertThat(graph.ask(other, "MATCH (a) WHERE (a)-[]-() RETURN a", Map.of())
                        .rows())
                .isEmpty();
        assertThat(graph.ask(TwoOrganisations.only("default", "other"), "MATCH ()-[r]->() RETURN r", Map.of())
                        .rows())
                .hasSize(9);
        assertThat(graph.ask(TwoOrganisations.only("nowhere"), "MATCH (a) RETURN a", Map.of())
                        .rows())
                .isEmpty();
        assertThat(graph.ask(TwoOrganisations.only(), "MATCH (a) RETURN a", Map.of())
                        .rows())
                .isEmpty();
    }

    @Test
    void what_cannot_be_computed_is_a_refusal() {
        for (String query : List.of(
                "RETURN 1 / 0",
                "RETURN [1]['a']",
                "MATCH (a) RETURN a.name + 1 ORDER BY count(*)",
                "RETURN toInteger([1])",
                "MATCH (a:Element) WHERE a.element RETURN a",
                "RETURN size(1)",
                "UNWIND 1 AS x RETURN x.y.z")) {
            try {
                CypherAnswer answer = graph.ask(query);
                assertThat(answer.rows()).as(query).isNotNull();
            } catch (CypherException refused) {
                assertThat(refused).as(query).isInstanceOf(CypherException.Failed.class);
            }
        }
        assertThatThrownBy(() -> graph.ask("RETURN 1 / 0"))
                .isInstanceOf(CypherException.Failed.class)
                .hasMessageContaining("division by zero");
    }

    private List<@Nullable Object> column(String query, Map<String, @Nullable Object> parameters) {
        return new ArrayList<>(TwoOrganisations.column(graph.ask(query, parameters)));
    }
}
