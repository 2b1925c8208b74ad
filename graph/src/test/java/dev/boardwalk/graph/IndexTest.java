package dev.boardwalk.graph;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.testkit.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The index against recursive SQL on the same tables, while they change. */
class IndexTest extends OpenGraphTest {
    private static final List<String> TYPES = List.of("DEPENDS_ON", "CONNECTS", "PAYS_FOR", "CONTAINS");

    IndexTest() {
        super(GraphLimits.DEFAULT);
    }

    private static Asking asking(Set<String> types, int depth, int limit) {
        return new Asking(types, null, depth, limit, null, () -> false);
    }

    private static Map<String, Integer> depths(GraphQuestions.Vertices answer) {
        Map<String, Integer> depths = new TreeMap<>();
        answer.vertices().forEach(vertex -> depths.put(vertex.name(), vertex.depth()));
        return depths;
    }

    /** The same by recursive SQL: the least depth of each entity that is reached. */
    private Map<String, Integer> recursive(
            OrganisationId org, String start, Direction direction, Set<String> types, int depth) {
        String near = direction == Direction.OUT ? "source_id" : "target_id";
        String far = direction == Direction.OUT ? "target_id" : "source_id";
        Map<String, Integer> depths = new TreeMap<>();
        for (String line :
                server.column("""
                with recursive start as (
                    select graph.entity_vertex(entity_id) as id from public.entity where org_id = %1$d and name = '%2$s'
                ), reached (id, depth) as (
                    select id, 0 from start
                    union
                    select e.%4$s, r.depth + 1 from reached r
                    join graph.edge e on e.org_id = %1$d and e.%3$s = r.id and e.type = any ('{%5$s}')
                    where r.depth < %6$d
                )
                select e.name || ' ' || min(r.depth) from reached r
                join public.entity e on e.org_id = %1$d and graph.entity_vertex(e.entity_id) = r.id
                where r.id not in (select id from start)
                group by e.name
                """.formatted(org.value(), start, near, far, String.join(",", types), depth))) {
            depths.put(line.split(" ")[0], Integer.valueOf(line.split(" ")[1]));
        }
        return depths;
    }

    @Test
    void answers_equal_recursive_sql_on_random_graphs_with_cycles_while_they_change() {
        Seed.each(3, seed -> {
            Random random = seed.random();
            OrganisationId org = organisation("random" + seed.value());
            int entities = 12;
            for (int n = 0; n < entities; n++) {
                entity(org, "default", "v" + n);
            }
            for (int step = 0; step < 25; step++) {
                StringBuilder references = new StringBuilder();
                for (int n = random.nextInt(4); n > 0; n--) {
                    references
                            .append(references.isEmpty() ? "" : ",")
                            .append("{\"$ref\": \"v%d\", \"type\": \"%s\"}"
                                    .formatted(random.nextInt(entities), TYPES.get(random.nextInt(TYPES.size()))));
                }
                flush(entity(org, "default", "v" + random.nextInt(entities)), "{\"r\": {\"l\": [" + references + "]}}");
                String start = "v" + random.nextInt(entities);
                Direction direction = random.nextBoolean() ? Direction.IN : Direction.OUT;
                Set<String> types =
                        random.nextBoolean() ? Set.of("DEPENDS_ON") : Set.of("CONNECTS", "PAYS_FOR", "DEPENDS_ON");
                int depth = 1 + random.nextInt(4);
                assertThat(depths(graph.questions().reach(key(org, start), null, direction, asking(types, depth, 100))))
                        .as("%s of %s by %s to depth %d in step %d", direction, start, types, depth, step)
                        .isEqualTo(recursive(org, start, direction, types, depth));
                assertThat(depths(graph.questions()
                                .reach(key(org, start), null, direction, asking(types, Question.ALL, 100))))
                        .isEqualTo(recursive(org, start, direction, types, entities));
            }
            GraphView fed = graph.index().view(org, null);
            assertThat(lines(fed.compacted())).isEqualTo(lines(fed));
            graph.index().all().forEach(graph.index()::evict);
            assertThat(lines(graph.index().view(org, null))).isEqualTo(lines(fed));
        });
    }

    @Test
    void an_organisation_that_gets_a_second_project_knows_the_project_of_each_vertex() {
        OrganisationId org = organisation("second project");
        entity(org, "one", "end");
        flush(entity(org, "one", "start"), "{\"r\": {\"to\": {\"$ref\": \"end\"}, \"far\": {\"$ref\": \"two/end\"}}}");
        Set<String> alone = lines(graph.index().view(org, null));
        graph.index().all().forEach(graph.index()::evict);
        assertThat(lines(graph.index().view(org, null))).isEqualTo(alone).hasSize(2);
        entity(org, "two", "end");
        flush(entity(org, "one", "start"), "{\"r\": {\"to\": {\"$ref\": \"end\"}, \"far\": {\"$ref\": \"two/end\"}}}");
        await().atMost(30, SECONDS)
                .untilAsserted(
                        () -> assertThat(graph.index().view(org, null).edges()).isEqualTo(2));
        Set<String> fed = lines(graph.index().view(org, null));
        graph.index().all().forEach(graph.index()::evict);
        assertThat(lines(graph.index().view(org, null))).isEqualTo(fed).hasSize(4);
        GraphView view = graph.index().view(org, null);
        assertThat(IntStream.range(0, view.vertices()).mapToObj(view::project).distinct())
                .hasSize(2);
    }

    private static Set<String> lines(GraphView view) {
        Set<String> lines = new java.util.TreeSet<>();
        for (Direction direction : Direction.values()) {
            Walk walk = new Walk(view, direction);
            for (int vertex = 0; vertex < view.vertices(); vertex++) {
                int from = vertex;
                walk.each(
                        vertex,
                        (to, type) -> lines.add(direction + " " + view.id(from) + " "
                                + view.types().value(type) + " " + view.id(to) + " in " + view.project(to)));
            }
        }
        return lines;
    }

    @Test
    void a_limit_is_kept_and_said() {
        OrganisationId org = organisation("limit");
        entity(org, "default", "hub");
        for (int n = 0; n < 5; n++) {
            flush(entity(org, "default", "spoke" + n), "{\"r\": {\"to\": {\"$ref\": \"hub\"}}}");
        }
        GraphQuestions.Vertices three =
                graph.questions().reach(key(org, "hub"), null, Direction.IN, asking(Set.of("LINKS_TO"), 1, 3));
        assertThat(three.vertices()).hasSize(3);
        assertThat(three.truncated()).isTrue();
        GraphQuestions.Vertices all =
                graph.questions().reach(key(org, "hub"), null, Direction.IN, asking(Set.of("LINKS_TO"), 1, 5));
        assertThat(all.vertices()).hasSize(5);
        assertThat(all.truncated()).isFalse();
    }

    @Test
    void a_question_that_costs_too_much_is_cut_off_and_one_that_nobody_wants_is_dropped() {
        OrganisationId org = organisation("cost");
        for (int n = 0; n < 10; n++) {
            entity(org, "default", "c" + n);
        }
        for (int n = 0; n < 9; n++) {
            flush(entity(org, "default", "c" + n), "{\"r\": {\"to\": {\"$ref\": \"c" + (n + 1) + "\"}}}");
        }
        GraphView view = graph.index().view(org, null);
        long start = server.number("select graph.entity_vertex(entity_id) from public.entity where org_id = "
                + org.value() + " and name = 'c0'");
        Traversal.Answer cut = Traversal.reach(
                view, List.of(start), Direction.OUT, new Question(null, null, Question.ALL, 100, 5, () -> false));
        assertThat(cut.truncated()).isTrue();
        assertThat(cut.vertices()).hasSizeLessThan(9);
    }

    @Test
    void a_position_that_does_not_come_is_said_after_a_while() {
        GraphLimits impatient = new GraphLimits(100, 1 << 20, 1_000, 10, Duration.ofMillis(200));
        OrganisationId org = organisation("impatient");
        try (Graph other = Graph.open(database, impatient)) {
            assertThatThrownBy(() -> other.index().view(org, Long.MAX_VALUE))
                    .isInstanceOf(GraphException.PositionNotReached.class);
        }
    }

    @Test
    void organisations_leave_when_the_budget_is_needed_for_others() {
        GraphLimits poor = new GraphLimits(100, 500, 1_000, 10, Duration.ofSeconds(5));
        List<OrganisationId> orgs = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            OrganisationId org = organisation("budget" + n);
            entity(org, "default", "b");
            flush(entity(org, "default", "a"), "{\"r\": {\"to\": {\"$ref\": \"b\"}}}");
            orgs.add(org);
        }
        try (Graph other = Graph.open(database, poor)) {
            orgs.forEach(
                    org -> assertThat(other.index().view(org, null).edges()).isEqualTo(1));
            assertThat(other.index().bytes()).isLessThanOrEqualTo(500);
            assertThat(other.index().evictions()).isPositive();
            assertThat(other.index().view(orgs.getFirst(), null).edges()).isEqualTo(1);
        }
    }

    @Test
    void types_beyond_what_the_index_tells_apart_are_one_type_to_it() {
        Names<String> types = new Names<>();
        for (int n = 0; n < RelationshipType.TYPES_MAX; n++) {
            assertThat(RelationshipType.number(types, "T" + n)).isEqualTo(n);
        }
        assertThat(RelationshipType.numbered(types, "ONE_MORE")).isFalse();
        int rest = RelationshipType.number(types, "ONE_MORE");
        assertThat(rest).isEqualTo(RelationshipType.TYPES_MAX);
        assertThat(RelationshipType.number(types, "ANOTHER")).isEqualTo(rest);
        assertThat(RelationshipType.number(types, "T7")).isEqualTo(7);
        assertThat(RelationshipType.numbered(types, "ONE_MORE")).isTrue();
    }

    @Test
    void a_token_limited_to_projects_sees_and_passes_only_these() {
        OrganisationId org = organisation("projects");
        entity(org, "secret", "middle");
        entity(org, "open", "end");
        flush(entity(org, "secret", "middle"), "{\"r\": {\"to\": {\"$ref\": \"open/end\"}}}");
        flush(entity(org, "open", "start"), "{\"r\": {\"to\": {\"$ref\": \"secret/middle\"}}}");
        EntityKey start = new EntityKey(org, "open", "start");
        Asking all = new Asking(null, null, Question.ALL, 100, null, () -> false);
        Asking open = new Asking(null, Set.of("open"), Question.ALL, 100, null, () -> false);
        assertThat(graph.questions().reach(start, null, Direction.OUT, all).vertices())
                .hasSize(2);
        assertThat(graph.questions().reach(start, null, Direction.OUT, open).vertices())
                .isEmpty();
        assertThat(graph.questions()
                        .path(start, null, new EntityKey(org, "open", "end"), null, open)
                        .vertices())
                .isEmpty();
        assertThat(graph.relationships()
                        .page(start, null, new Relationships.Filter(null, null, Set.of("open"), null, 10))
                        .relationships())
                .isEmpty();
    }

    @Test
    void paths_and_cycles_and_impact() {
        OrganisationId org = organisation("ways");
        String[][] edges = {{"a", "b"}, {"b", "c"}, {"c", "a"}, {"c", "d"}, {"d", "d"}, {"e", "d"}};
        for (String name : List.of("a", "b", "c", "d", "e")) {
            entity(org, "default", name);
        }
        for (String name : List.of("a", "b", "c", "d", "e")) {
            StringBuilder to = new StringBuilder();
            for (String[] edge : edges) {
                if (edge[0].equals(name)) {
                    to.append(to.isEmpty() ? "" : ",")
                            .append("{\"$ref\": \"" + edge[1] + "\", \"type\": \"DEPENDS_ON\"}");
                }
            }
            flush(entity(org, "default", name), "{\"r\": {\"l\": [" + to + "]}}");
        }
        Asking asking = asking(Set.of("DEPENDS_ON"), Question.ALL, 100);
        assertThat(graph.questions()
                        .path(key(org, "a"), null, key(org, "d"), null, asking)
                        .vertices())
                .extracting(VertexInfo::name)
                .containsExactly("a", "b", "c", "d");
        assertThat(graph.questions()
                        .path(key(org, "d"), null, key(org, "a"), null, asking)
                        .vertices())
                .isEmpty();
        GraphQuestions.CycleList cycles = graph.questions().cycles(org, "default", asking);
        assertThat(cycles.cycles()).hasSize(2);
        assertThat(cycles.cycles().stream().map(GraphQuestions.Cycle::size)).containsExactlyInAnyOrder(3, 1);
        GraphQuestions.Impact impact = graph.questions().impact(key(org, "d"), null, asking);
        assertThat(impact.vertices()).extracting(VertexInfo::name).containsExactly("c", "e", "b", "a");
        assertThat(impact.groups())
                .containsExactly(
                        new GraphQuestions.Group(1, "document", 2),
                        new GraphQuestions.Group(2, "document", 1),
                        new GraphQuestions.Group(3, "document", 1));
    }
}
