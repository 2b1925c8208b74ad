package dev.boardwalk.graph;

import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The fixed questions: dependents and dependencies, a path, cycles, impact; answered from the index, described from
 * memory or else the database. All calls block; call them on virtual threads. They fail with {@link GraphException} or a
 * {@link dev.boardwalk.store.StoreException}.
 */
public final class GraphQuestions {
    private static final Comparator<VertexInfo> NEAREST_FIRST = GraphQuestions::nearestFirst;

    private final DataSource connections;
    private final RelationshipIndex index;
    private final GraphLimits limits;

    GraphQuestions(DataSource connections, RelationshipIndex index, GraphLimits limits) {
        this.connections = connections;
        this.index = index;
        this.limits = limits;
    }

    /** By hand, since a thousand vertices are compared ten thousand times. */
    private static int nearestFirst(VertexInfo one, VertexInfo other) {
        if (one.depth() != other.depth()) {
            return Integer.compare(one.depth(), other.depth());
        }
        int projects = one.project().compareTo(other.project());
        if (projects != 0) {
            return projects;
        }
        int names = one.name().compareTo(other.name());
        if (names != 0) {
            return names;
        }
        String element = one.element();
        String otherElement = other.element();
        return element == null || otherElement == null
                ? Boolean.compare(element != null, otherElement != null)
                : element.compareTo(otherElement);
    }

    /** Vertices, nearest first, as of a position; truncated if there are more or the question cost too much. */
    public record Vertices(long asOf, boolean truncated, List<VertexInfo> vertices) {}

    /**
     * How many vertices of a type would be touched at a depth.
     *
     * @param type of the vertices
     */
    public record Group(int depth, String type, int count) {}

    /** All that would be touched: counted, and the vertices themselves. */
    public record Impact(long asOf, boolean truncated, List<Group> groups, List<VertexInfo> vertices) {}

    /**
     * A cycle, by its vertices in order; {@code via} of each leads to it, that of the first closes the cycle.
     *
     * @param size how many vertices reach each other there; more than the cycle has if it is one of several
     */
    public record Cycle(int size, List<VertexInfo> vertices) {}

    /** Cycles as of a position. */
    public record CycleList(long asOf, boolean truncated, List<Cycle> cycles) {}

    /** Who points at the entity or element (IN), or whom it points at (OUT), directly or through others. */
    public Vertices reach(EntityKey key, @Nullable String element, Direction direction, Asking asking) {
        Asked asked = ask(key.organisation(), asking);
        long vertex = asked.lookup.subject(key, element).vertex();
        Traversal.Answer answer = Traversal.reach(asked.view, List.of(vertex), direction, asked.question);
        return new Vertices(asked.view.asOf(), answer.truncated(), asked.nearestFirst(answer.vertices()));
    }

    /** All that points at the entity or any of its elements, directly or through others. */
    public Impact impact(EntityKey key, @Nullable String element, Asking asking) {
        Asked asked = ask(key.organisation(), asking);
        Subject subject = asked.lookup.subjectWithElements(key, element);
        List<Long> starts = new ArrayList<>(subject.elements());
        starts.add(subject.vertex());
        Traversal.Answer answer = Traversal.reach(asked.view, starts, Direction.IN, asked.question);
        List<VertexInfo> vertices = asked.nearestFirst(answer.vertices());
        Map<Integer, Map<String, Integer>> counts = new TreeMap<>();
        for (VertexInfo vertex : vertices) {
            counts.computeIfAbsent(vertex.depth(), _ -> new TreeMap<>()).merge(vertex.type(), 1, Integer::sum);
        }
        List<Group> groups = new ArrayList<>();
        counts.forEach((depth, types) -> types.forEach((type, count) -> groups.add(new Group(depth, type, count))));
        return new Impact(asked.view.asOf(), answer.truncated(), groups, vertices);
    }

    /** A shortest way from one to the other, both included; no vertices if there is none. */
    public Vertices path(
            EntityKey from, @Nullable String fromElement, EntityKey to, @Nullable String toElement, Asking asking) {
        Asked asked = ask(from.organisation(), asking);
        long source = asked.lookup.subject(from, fromElement).vertex();
        long target = asked.lookup.subject(to, toElement).vertex();
        // A vertex without relationships is not in the index, and yet it is where it is.
        List<Reached> way = source == target
                ? List.of(new Reached(target, 0, ""))
                : Traversal.path(asked.view, source, target, asked.question);
        return new Vertices(asked.view.asOf(), false, asked.lookup.describe(way));
    }

    /** The cycles that touch a project. */
    public CycleList cycles(OrganisationId organisation, String project, Asking asking) {
        Asked asked = ask(organisation, asking);
        long here = asked.lookup.project(project);
        Cycles.Answer answer = Cycles.in(asked.view, here, asked.question);
        List<Cycle> cycles = new ArrayList<>();
        for (int n = 0; n < answer.cycles().size(); n++) {
            List<Reached> members = answer.cycles().get(n);
            cycles.add(new Cycle(answer.sizes().get(n), asked.lookup.describe(members)));
        }
        return new CycleList(asked.view.asOf(), answer.truncated(), cycles);
    }

    /** What one question walks over, and by what it knows names. */
    private record Asked(GraphView view, VertexLookup lookup, Question question) {

        List<VertexInfo> nearestFirst(List<Reached> reached) {
            List<VertexInfo> vertices = new ArrayList<>(lookup.describe(reached));
            vertices.sort(NEAREST_FIRST);
            return vertices;
        }
    }

    private Asked ask(OrganisationId organisation, Asking asking) {
        RelationshipIndex.Opened opened = index.open(organisation, asking.after());
        VertexLookup lookup = new VertexLookup(connections, organisation, opened.known());
        Question question = new Question(
                asking.types(),
                lookup.projects(asking.projects()),
                asking.depthMax(),
                Math.min(asking.limit(), limits.vertices()),
                limits.steps(),
                asking.cancelled());
        return new Asked(opened.view(), lookup, question);
    }
}
