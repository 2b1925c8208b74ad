package dev.boardwalk.graph;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The relationships of one organisation as of a position: arrays, and the rows of those vertices that have changed since
 * the arrays were made. Immutable, so that any number of questions walk over it while the feed makes the next one.
 *
 * <p>Vertices have numbers from 0; those beyond the arrays came later. A changed row is a list of pairs (neighbour, type).
 */
final class GraphView {
    private final Adjacency base;
    private final Names<String> types;
    private final Names<Long> projects;
    private final Map<Integer, int[]> changedOut;
    private final Map<Integer, int[]> changedIn;
    private final Map<Long, Integer> later;
    private final long[] laterIds;
    private final int[] laterProjects;
    private final int edges;
    private final int changedPairs;
    private final long asOf;

    private GraphView(
            Adjacency base,
            Names<String> types,
            Names<Long> projects,
            Map<Integer, int[]> changedOut,
            Map<Integer, int[]> changedIn,
            Map<Long, Integer> later,
            long[] laterIds,
            int[] laterProjects,
            int edges,
            int changedPairs,
            long asOf) {
        this.base = base;
        this.types = types;
        this.projects = projects;
        this.changedOut = changedOut;
        this.changedIn = changedIn;
        this.later = later;
        this.laterIds = laterIds;
        this.laterProjects = laterProjects;
        this.edges = edges;
        this.changedPairs = changedPairs;
        this.asOf = asOf;
    }

    static GraphView of(Adjacency base, Names<String> types, Names<Long> projects, long asOf) {
        return new GraphView(
                base, types, projects, Map.of(), Map.of(), Map.of(), new long[0], new int[0], base.edges(), 0, asOf);
    }

    /** All changes up to this position are in, and none after it unless its transaction began before. */
    long asOf() {
        return asOf;
    }

    int vertices() {
        return base.vertices() + laterIds.length;
    }

    int edges() {
        return edges;
    }

    Names<String> types() {
        return types;
    }

    /** The number of a vertex; -1 if no relationship begins or ends there. */
    int number(long id) {
        int at = Arrays.binarySearch(base.ids, id);
        return at >= 0 ? at : later.getOrDefault(id, -1);
    }

    long id(int vertex) {
        return vertex < base.vertices() ? base.ids[vertex] : laterIds[vertex - base.vertices()];
    }

    long project(int vertex) {
        return projects.value(projectNumber(vertex));
    }

    /** The row of a vertex as pairs, if it has changed; else it stands in {@link #base()}. */
    int @Nullable [] changed(Direction direction, int vertex) {
        int[] row = (direction == Direction.OUT ? changedOut : changedIn).get(vertex);
        return row == null && vertex >= base.vertices() ? NOTHING : row;
    }

    private static final int[] NOTHING = {};

    /** Whether rows may have changed at all. */
    boolean hasChanges() {
        return !changedOut.isEmpty() || !changedIn.isEmpty();
    }

    Adjacency base() {
        return base;
    }

    long bytes() {
        return base.bytes() + 8L * changedPairs + 100L * (changedOut.size() + changedIn.size()) + 80L * laterIds.length;
    }

    /** Whether so much has changed that the arrays should be made anew. */
    boolean worn() {
        return changedPairs > 4_096 + base.edges() / 4 || laterIds.length > 4_096 + base.vertices() / 4;
    }

    GraphView asOf(long position) {
        return new GraphView(
                base,
                types,
                projects,
                changedOut,
                changedIn,
                later,
                laterIds,
                laterProjects,
                edges,
                changedPairs,
                position);
    }

    /** This view with these changes, in their order; adding what is there or removing what is not changes nothing. */
    GraphView with(List<EdgeChange> changes, long position) {
        Next next = new Next();
        for (EdgeChange change : changes) {
            next.apply(change);
        }
        return next.view(position);
    }

    /** The same relationships, all in arrays. */
    GraphView compacted() {
        EdgeList all = new EdgeList();
        Walk walk = new Walk(this, Direction.OUT);
        for (int vertex = 0; vertex < vertices(); vertex++) {
            int from = vertex;
            walk.each(vertex, (target, type) -> all.add(numberIn(all, from), numberIn(all, target), (short) type));
        }
        return of(Adjacency.of(all), types, projects, asOf);
    }

    private int numberIn(EdgeList all, int vertex) {
        return all.vertex(id(vertex), projectNumber(vertex));
    }

    private int projectNumber(int vertex) {
        return vertex < base.vertices() ? base.projects[vertex] : laterProjects[vertex - base.vertices()];
    }

    /** The next view in the making: rows are copied when they change for the first time. */
    private final class Next {
        private final Names<String> nextTypes = new Names<>(types);
        private final Names<Long> nextProjects = new Names<>(projects);
        private final Map<Integer, int[]> out = new HashMap<>(changedOut);
        private final Map<Integer, int[]> in = new HashMap<>(changedIn);
        private final Map<Long, Integer> nextLater = new HashMap<>(later);
        private long[] ids = laterIds;
        private int[] ofProject = laterProjects;
        private int count = edges;

        void apply(EdgeChange change) {
            if (!change.added()
                    && (numberOf(change.sourceId()) < 0
                            || numberOf(change.targetId()) < 0
                            || !RelationshipType.numbered(nextTypes, change.type()))) {
                return;
            }
            int source = vertex(change.sourceId(), change.sourceProjectId());
            int target = vertex(change.targetId(), change.targetProjectId());
            int type = RelationshipType.number(nextTypes, change.type());
            if (change(out, Direction.OUT, source, target, type, change.added())) {
                change(in, Direction.IN, target, source, type, change.added());
                count += change.added() ? 1 : -1;
            }
        }

        private int numberOf(long id) {
            int at = Arrays.binarySearch(base.ids, id);
            return at >= 0 ? at : nextLater.getOrDefault(id, -1);
        }

        private int vertex(long id, long project) {
            int known = numberOf(id);
            if (known >= 0) {
                return known;
            }
            int number = base.vertices() + ids.length;
            ids = Arrays.copyOf(ids, ids.length + 1);
            ids[ids.length - 1] = id;
            ofProject = Arrays.copyOf(ofProject, ids.length);
            ofProject[ids.length - 1] = nextProjects.number(project);
            nextLater.put(id, number);
            return number;
        }

        /** Whether that changed the row. */
        private boolean change(
                Map<Integer, int[]> rows, Direction direction, int vertex, int other, int type, boolean added) {
            int[] row = rows.get(vertex);
            if (row == null) {
                row = pairs(direction, vertex);
            }
            int at = find(row, other, type);
            if (added == at >= 0) {
                return false;
            }
            int[] changed;
            if (added) {
                changed = Arrays.copyOf(row, row.length + 2);
                changed[row.length] = other;
                changed[row.length + 1] = type;
            } else {
                changed = new int[row.length - 2];
                System.arraycopy(row, 0, changed, 0, at);
                System.arraycopy(row, at + 2, changed, at, row.length - at - 2);
            }
            rows.put(vertex, changed);
            return true;
        }

        private int find(int[] row, int other, int type) {
            for (int at = 0; at < row.length; at += 2) {
                if (row[at] == other && row[at + 1] == type) {
                    return at;
                }
            }
            return -1;
        }

        private int[] pairs(Direction direction, int vertex) {
            if (vertex >= base.vertices()) {
                return NOTHING;
            }
            boolean outwards = direction == Direction.OUT;
            int[] from = outwards ? base.outFrom : base.inFrom;
            int[] to = outwards ? base.outTo : base.inTo;
            short[] type = outwards ? base.outType : base.inType;
            int[] row = new int[2 * (from[vertex + 1] - from[vertex])];
            for (int at = from[vertex], into = 0; at < from[vertex + 1]; at++) {
                row[into++] = to[at];
                row[into++] = type[at] & 0xFFFF;
            }
            return row;
        }

        GraphView view(long position) {
            int pairs = 0;
            for (int[] row : out.values()) {
                pairs += row.length / 2;
            }
            for (int[] row : in.values()) {
                pairs += row.length / 2;
            }
            GraphView view = new GraphView(
                    base, nextTypes, nextProjects, out, in, nextLater, ids, ofProject, count, pairs, position);
            return view.worn() ? view.compacted() : view;
        }
    }
}
