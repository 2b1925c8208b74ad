package dev.boardwalk.graph;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.FlushedEntity;
import dev.boardwalk.store.OperationFormat;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.Projection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Names and titles that answers take from memory, while they change. */
class KnownNamesTest extends OpenGraphTest {
    private static final String REFERENCE = "{\"r\": {\"to\": {\"$ref\": \"hub\"}}}";
    private static final String BOARD = """
            {"nodes": {"A": {"text": "%s"}, "B": {"text": "wheel"}},
             "edges": {"1": {"source": "A", "target": "B", "type": "DEPENDS_ON"}}}
            """;

    KnownNamesTest() {
        super(new GraphLimits(100, 1 << 20, 1_000, 100, Duration.ofSeconds(100)));
    }

    private void flush(EntityId entity, String title, String properties) {
        Projection projection = new Projection(properties, "document", title, new byte[] {0}, 2);
        writer.write(
                lease,
                List.of(FlushedEntity.projected(
                        entity, OperationFormat.MERGED, new byte[] {0}, null, 1, 1, projection)),
                null);
    }

    private List<@Nullable String> titles(OrganisationId org, String name, @Nullable String element) {
        return titles(graph, org, name, element, null);
    }

    private static List<@Nullable String> titles(
            Graph graph, OrganisationId org, String name, @Nullable String element, @Nullable Set<String> projects) {
        Asking asking = new Asking(null, projects, 1, 100, null, () -> false);
        return graph.questions().reach(key(org, name), element, Direction.IN, asking).vertices().stream()
                .<@Nullable String>map(vertex -> vertex.facts().title())
                .toList();
    }

    @Test
    void a_title_is_remembered_until_it_changes() {
        OrganisationId org = organisation("titles");
        entity(org, "default", "hub");
        EntityId spoke = entity(org, "default", "spoke");
        flush(spoke, "one", REFERENCE);
        assertThat(titles(org, "hub", null)).containsExactly("one");
        // The feed may still bring the flush itself, which makes it forget once.
        AtomicLong tries = new AtomicLong();
        await().atMost(60, SECONDS).untilAsserted(() -> {
            List<@Nullable String> before = titles(org, "hub", null);
            server.execute("begin; set local session_replication_role = replica;"
                    + " update public.entity set title = 'behind our back " + tries.incrementAndGet()
                    + "' where entity_id = " + spoke.number() + "; commit");
            assertThat(titles(org, "hub", null)).as("nobody asks the database").isEqualTo(before);
        });
        flush(spoke, "two", REFERENCE);
        assertThat(titles(org, "hub", null)).containsExactly("two");
        flush(spoke, "two", "{}");
        assertThat(titles(org, "hub", null)).isEmpty();
    }

    @Test
    void an_element_is_remembered_until_it_changes() {
        OrganisationId org = organisation("elements");
        EntityId board = entity(org, "default", "board");
        flush(board, "board", BOARD.formatted("axle"));
        assertThat(titles(org, "board", "B")).containsExactly("axle");
        flush(board, "board", BOARD.formatted("spring"));
        assertThat(titles(org, "board", "B")).containsExactly("spring");
        flush(board, "board", "{}");
        assertThatThrownBy(() -> titles(org, "board", "B"))
                .isInstanceOf(GraphException.NotFound.class)
                .hasMessageContaining("element B");
    }

    @Test
    void a_node_that_stands_for_an_entity_is_looked_up_whenever_it_is_asked_about() {
        OrganisationId org = organisation("stands");
        entity(org, "default", "hub");
        flush(entity(org, "default", "spoke"), "spoke", REFERENCE);
        flush(entity(org, "default", "board"), "board", "{\"nodes\": {\"A\": {\"entity\": \"hub\"}}}");
        assertThat(titles(org, "board", "A")).containsExactly("spoke");
        delete(key(org, "hub"));
        assertThatThrownBy(() -> titles(org, "board", "A"))
                .isInstanceOf(GraphException.NotFound.class)
                .hasMessageContaining("hub");
        entity(org, "default", "hub");
        await().atMost(60, SECONDS)
                .untilAsserted(() -> assertThat(titles(org, "board", "A")).containsExactly("spoke"));
    }

    @Test
    void a_deleted_entity_is_not_found_at_once_and_its_name_may_mean_another() {
        OrganisationId org = organisation("deleted");
        entity(org, "default", "hub");
        flush(entity(org, "default", "spoke"), "first", REFERENCE);
        assertThat(titles(org, "hub", null)).containsExactly("first");
        delete(key(org, "spoke"));
        assertThat(titles(org, "hub", null)).isEmpty();
        delete(key(org, "hub"));
        assertThatThrownBy(() -> titles(org, "hub", null)).isInstanceOf(GraphException.NotFound.class);
        entity(org, "default", "hub");
        assertThat(titles(org, "hub", null)).isEmpty();
        flush(entity(org, "default", "spoke"), "second", REFERENCE);
        assertThat(titles(org, "hub", null)).containsExactly("second");
    }

    @Test
    void memory_of_names_is_bounded() {
        GraphLimits poor = new GraphLimits(100, 8_000, 1_000, 100, Duration.ofSeconds(100));
        try (Graph other = Graph.open(database, poor)) {
            for (int n = 0; n < 5; n++) {
                OrganisationId org = organisation("memory" + n);
                entity(org, "default", "hub");
                for (int spoke = 0; spoke < 4; spoke++) {
                    flush(entity(org, "default", "spoke" + spoke), "spoke", REFERENCE);
                }
                for (int time = 0; time < 2; time++) {
                    assertThat(titles(other, org, "hub", null, Set.of("default", "nowhere")))
                            .hasSize(4);
                }
                // What one answer brings in may be above: it goes with the next question.
                other.index().view(org, null);
                assertThat(other.index().knownBytes()).isLessThanOrEqualTo(2_000);
            }
            other.index().all().forEach(other.index()::evict);
            assertThat(other.index().knownBytes()).isZero();
        }
    }

    @Test
    void what_was_read_before_something_was_forgotten_is_not_remembered() {
        KnownVertices known = new KnownVertices(new AtomicLong());
        KnownVertices.Described described =
                new KnownVertices.Described(7, 1, new VertexFacts("id", "name", "project", "type", null, null));
        long asked = known.state();
        known.forget(List.of(2L));
        known.rememberVertices(asked, List.of(described));
        known.rememberProjects(asked, Map.of("project", 3L));
        assertThat(known.vertex(7)).isNull();
        assertThat(known.project("project")).isNull();
        known.rememberVertices(known.state(), List.of(described));
        assertThat(known.vertex(7)).isEqualTo(described.facts());
        known.forget(List.of(2L));
        assertThat(known.vertex(7)).isNotNull();
        known.forget(List.of(1L));
        assertThat(known.vertex(7)).isNull();
        known.close();
        known.rememberVertices(known.state(), List.of(described));
        assertThat(known.vertex(7)).isNull();
    }
}
