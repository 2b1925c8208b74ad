package dev.boardwalk.graph;

import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The fixed questions: dependents and dependencies, a path, cycles, impact; answered from the index, described from the
 * database. All calls block; call them on virtual threads. They fail with {@link GraphException} or a
 * {@link dev.boardwalk.store.StoreException}.
 */
public final class GraphQuestions {
    private static final Comparator<VertexInfo> NEAREST_FIRST = Comparator.comparingInt(VertexInfo::depth)
            .thenComparing(VertexInfo::project)
            .thenComparing(VertexInfo::name)
            .thenComparing(vertex -> vertex.element() == null ? "" : vertex.element());

    private final DataSource connections;
    private final RelationshipIndex index;
    private final GraphLimits limits;

    GraphQuestions(DataSource connections, RelationshipIndex index, GraphLimits limits) {
        this.connections = connections;
        this.index = index;
        this.limits = limits;
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
        Prepared prepared = prepare(key, element, false, asking);
        GraphView view = index.view(key.organisation(), asking.after());
        Traversal.Answer answer =
                Traversal.reach(view, List.of(prepared.subject.vertex()), direction, prepared.question);
        return new Vertices(view.asOf(), answer.truncated(), described(key.organisation(), answer.vertices()));
    }

    /** All that points at the entity or any of its elements, directly or through others. */
    public Impact impact(EntityKey key, @Nullable String element, Asking asking) {
        Prepared prepared = prepare(key, element, true, asking);
        GraphView view = index.view(key.organisation(), asking.after());
        List<Long> starts = new ArrayList<>(prepared.subject.elements());
        starts.add(prepared.subject.vertex());
        Traversal.Answer answer = Traversal.reach(view, starts, Direction.IN, prepared.question);
        List<VertexInfo> vertices = described(key.organisation(), answer.vertices());
        Map<Integer, Map<String, Integer>> counts = new TreeMap<>();
        for (VertexInfo vertex : vertices) {
            counts.computeIfAbsent(vertex.depth(), _ -> new TreeMap<>()).merge(vertex.type(), 1, Integer::sum);
        }
        List<Group> groups = new ArrayList<>();
        counts.forEach((depth, types) -> types.forEach((type, count) -> groups.add(new Group(depth, type, count))));
        return new Impact(view.asOf(), answer.truncated(), groups, vertices);
    }

    /** A shortest way from one to the other, both included; no vertices if there is none. */
    public Vertices path(
            EntityKey from, @Nullable String fromElement, EntityKey to, @Nullable String toElement, Asking asking) {
        Prepared source = prepare(from, fromElement, false, asking);
        long target = prepare(to, toElement, false, asking).subject.vertex();
        GraphView view = index.view(from.organisation(), asking.after());
        // A vertex without relationships is not in the index, and yet it is where it is.
        List<Reached> way = source.subject.vertex() == target
                ? List.of(new Reached(target, 0, ""))
                : Traversal.path(view, source.subject.vertex(), target, source.question);
        return new Vertices(view.asOf(), false, sql(statements -> statements.describe(from.organisation(), way)));
    }

    /** The cycles that touch a project. */
    public CycleList cycles(OrganisationId organisation, String project, Asking asking) {
        long here = sql(statements -> statements.project(organisation, project));
        Question question = sql(statements -> question(statements, organisation, asking));
        GraphView view = index.view(organisation, asking.after());
        Cycles.Answer answer = Cycles.in(view, here, question);
        List<Cycle> cycles = new ArrayList<>();
        for (int n = 0; n < answer.cycles().size(); n++) {
            List<Reached> members = answer.cycles().get(n);
            cycles.add(new Cycle(answer.sizes().get(n), sql(statements -> statements.describe(organisation, members))));
        }
        return new CycleList(view.asOf(), answer.truncated(), cycles);
    }

    private record Prepared(Subject subject, Question question) {}

    private Prepared prepare(EntityKey key, @Nullable String element, boolean withElements, Asking asking) {
        return sql(statements -> new Prepared(
                statements.find(key, element, withElements), question(statements, key.organisation(), asking)));
    }

    private Question question(VertexStatements statements, OrganisationId organisation, Asking asking)
            throws SQLException {
        return new Question(
                asking.types(),
                statements.projects(organisation, asking.projects()),
                asking.depthMax(),
                Math.min(asking.limit(), limits.vertices()),
                limits.steps(),
                asking.cancelled());
    }

    private List<VertexInfo> described(OrganisationId organisation, List<Reached> reached) {
        List<VertexInfo> vertices = new ArrayList<>(sql(statements -> statements.describe(organisation, reached)));
        vertices.sort(NEAREST_FIRST);
        return vertices;
    }

    private interface Work<T> {
        T with(VertexStatements statements) throws SQLException;
    }

    /** With a connection for this alone: nobody holds one while they wait for the index or walk over it. */
    private <T> T sql(Work<T> work) {
        try (Connection connection = connections.getConnection()) {
            return work.with(new VertexStatements(connection));
        } catch (SQLException failure) {
            throw GraphSql.failed("answer a question about relationships", failure);
        }
    }
}
