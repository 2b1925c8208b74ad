package dev.boardwalk.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.FlushedEntity;
import dev.boardwalk.store.GatewayLease;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.testkit.Seed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random histories of contents, written by two gateways, against a plain model of what the graph should be. */
class DerivationHistoryTest extends GraphTest {
    private static final List<String> PROJECTS = List.of("p", "q");
    private static final List<String> NAMES = List.of("a", "b", "c", "q/a");
    private static final List<String> REFERENCES = List.of("a", "b", "c", "q/a", "p/b", "q/c", "p/q/a");
    private static final List<String> NODES = List.of("n1", "n2", "n3");
    private static final List<String> TYPES = List.of("DEPENDS_ON", "CONNECTS", "PAYS_FOR");

    private record Node(String id, String entity) {}

    private record Edge(String source, String target, String type) {}

    private record Content(List<Node> nodes, List<Edge> edges, List<Edge> references) {

        static Content random(Random random) {
            List<Node> nodes = new ArrayList<>();
            for (String id : NODES) {
                if (random.nextInt(3) > 0) {
                    nodes.add(new Node(id, random.nextInt(3) == 0 ? pick(random, REFERENCES) : ""));
                }
            }
            List<Edge> edges = new ArrayList<>();
            for (int n = random.nextInt(5); n > 0; n--) {
                edges.add(new Edge(pick(random, NODES), pick(random, NODES), pick(random, TYPES)));
            }
            List<Edge> references = new ArrayList<>();
            for (int n = random.nextInt(3); n > 0; n--) {
                references.add(new Edge("", pick(random, REFERENCES), pick(random, TYPES)));
            }
            return new Content(nodes, edges, references);
        }

        String json() {
            List<String> nodeTexts = new ArrayList<>();
            nodes.forEach(node -> nodeTexts.add("\"%s\": {\"entity\": \"%s\"}".formatted(node.id, node.entity)));
            List<String> edgeTexts = new ArrayList<>();
            edges.forEach(edge -> edgeTexts.add("\"e%d\": {\"source\": \"%s\", \"target\": \"%s\", \"type\": \"%s\"}"
                    .formatted(edgeTexts.size(), edge.source, edge.target, edge.type)));
            List<String> referenceTexts = new ArrayList<>();
            references.forEach(each ->
                    referenceTexts.add("{\"$ref\": \"%s\", \"type\": \"%s\"}".formatted(each.target, each.type)));
            return "{\"edges\": {%s}, \"nodes\": {%s}, \"more\": {\"list\": [%s]}}"
                    .formatted(
                            String.join(",", edgeTexts), String.join(",", nodeTexts), String.join(",", referenceTexts));
        }
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private record Place(String project, String name) {
        String text() {
            return project + "/" + name;
        }
    }

    /** What there is, and what the graph should be, said as simply as can be. */
    private static final class Model {
        final Map<Place, Content> entities = new LinkedHashMap<>();

        /** Null if nothing is there. */
        private @Nullable String resolve(Place from, String reference) {
            Place own = new Place(from.project, reference);
            if (entities.containsKey(own)) {
                return own.text();
            }
            int slash = reference.indexOf('/');
            Place other = slash < 1 ? own : new Place(reference.substring(0, slash), reference.substring(slash + 1));
            return entities.containsKey(other) ? other.text() : null;
        }

        Set<String> edges() {
            Set<String> found = new TreeSet<>();
            entities.forEach((place, content) -> {
                Map<String, @Nullable String> ends = new LinkedHashMap<>();
                for (Node node : content.nodes) {
                    ends.put(
                            node.id,
                            node.entity.isEmpty() ? place.text() + "#" + node.id : resolve(place, node.entity));
                    add(found, place.text(), "CONTAINS", ends.get(node.id));
                }
                content.edges.forEach(edge -> add(found, ends.get(edge.source), edge.type, ends.get(edge.target)));
                content.references.forEach(each -> add(found, place.text(), each.type, resolve(place, each.target)));
            });
            return found;
        }

        private static void add(Set<String> found, @Nullable String source, String type, @Nullable String target) {
            if (source != null && target != null) {
                found.add(source + " -" + type + "-> " + target);
            }
        }
    }

    @Test
    void the_graph_is_what_the_contents_say_after_any_history() {
        Seed.each(8, seed -> {
            Random random = seed.random();
            OrganisationId org = organisation("history" + seed.value());
            GatewayLease[] gateways = {lease, database.leases().register("second")};
            Model model = new Model();
            for (int step = 0; step < 40; step++) {
                Place place = new Place(pick(random, PROJECTS), pick(random, NAMES));
                if (random.nextInt(6) == 0 && model.entities.containsKey(place)) {
                    delete(new EntityKey(org, place.project, place.name));
                    model.entities.remove(place);
                } else {
                    EntityId id = entity(org, place.project, place.name);
                    Content content = Content.random(random);
                    model.entities.put(place, content);
                    flush(gateways[random.nextInt(2)], id, content.json());
                }
                if (step % 5 == 0) {
                    assertThat(edges(org)).as("after step %d", step).isEqualTo(model.edges());
                }
            }
            assertThat(edges(org)).isEqualTo(model.edges());
            assertCountsAgree(org);
        });
    }

    /** Two gateways flush batches with the same boards, and entities come and go, all at once. */
    @Test
    void gateways_that_write_at_once_leave_one_graph() {
        Seed.each(3, seed -> {
            OrganisationId org = organisation("at-once" + seed.value());
            Map<Place, Content> last = new LinkedHashMap<>();
            List<Thread> threads = new ArrayList<>();
            List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
            for (int gateway = 0; gateway < 2; gateway++) {
                Random random = seed.random("gateway" + gateway);
                GatewayLease own = database.leases().register("gateway" + gateway);
                threads.add(Thread.ofVirtual().unstarted(() -> {
                    for (int round = 0; round < 25; round++) {
                        List<FlushedEntity> batch = new ArrayList<>();
                        for (String name : NAMES) {
                            batch.add(flushed(
                                    entity(org, "p", name),
                                    Content.random(random).json()));
                        }
                        writer.write(own, batch, null);
                    }
                }));
            }
            threads.add(Thread.ofVirtual().unstarted(() -> {
                Random random = seed.random("names");
                for (int round = 0; round < 60; round++) {
                    String name = pick(random, List.of("a", "c"));
                    entity(org, "q", name);
                    delete(new EntityKey(org, "q", name));
                }
            }));
            threads.forEach(thread -> {
                thread.setUncaughtExceptionHandler((_, failure) -> failures.add(failure));
                thread.start();
            });
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            assertCountsAgree(org);
            Model model = new Model();
            Random random = seed.random("last");
            for (String name : NAMES) {
                Content content = Content.random(random);
                last.put(new Place("p", name), content);
                flush(entity(org, "p", name), content.json());
            }
            model.entities.putAll(last);
            assertThat(edges(org)).isEqualTo(model.edges());
        });
    }

    private void assertCountsAgree(OrganisationId org) {
        assertThat(server.column("""
                        select source_id, target_id, type, count(*) from graph.claim
                        where org_id = %1$d and source_id is not null and target_id is not null group by 1, 2, 3
                        except select source_id, target_id, type, claims from graph.edge where org_id = %1$d
                        """.formatted(org.value()))).isEmpty();
        assertThat(server.number("select count(*) from graph.edge where org_id = " + org.value()))
                .isEqualTo(edges(org).size());
    }
}
