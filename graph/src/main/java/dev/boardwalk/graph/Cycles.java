package dev.boardwalk.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The cycles of a view: for each set of vertices that all reach each other, one shortest cycle through its first vertex.
 *
 * <p>Tarjan's algorithm [1] without recursion, since a chain may be as long as the organisation is large. All elementary
 * cycles would be exponentially many.
 *
 * <p>[1] R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972).
 */
final class Cycles {
    private static final int UNSEEN = -1;

    private final GraphView view;
    private final Question question;
    private final long[] mask;
    private final Walk walk;
    private final Scratch scratch;
    private final Effort effort;
    private final int[] order;
    private final int[] low;
    private final boolean[] onStack;
    private final int[] component;
    private final List<int[]> found = new ArrayList<>();
    private int[] stack = new int[64];
    private int stacked;
    private int ordered;
    private boolean truncated;

    private Cycles(GraphView view, Question question, Scratch scratch) {
        this.view = view;
        this.question = question;
        this.scratch = scratch;
        this.effort = new Effort(question);
        this.mask = question.mask(view.types());
        this.walk = new Walk(view, Direction.OUT);
        int vertices = view.vertices();
        this.order = new int[vertices];
        this.low = new int[vertices];
        this.onStack = new boolean[vertices];
        this.component = new int[vertices];
        Arrays.fill(order, UNSEEN);
        Arrays.fill(component, UNSEEN);
    }

    /**
     * What was found.
     *
     * @param cycles each as its vertices in order, the first one not repeated
     * @param sizes for each cycle: how many vertices reach each other there
     */
    record Answer(List<List<Reached>> cycles, List<Integer> sizes, boolean truncated) {}

    /** The cycles that touch a project. */
    static Answer in(GraphView view, long project, Question question) {
        return Scratch.use(view.vertices(), scratch -> new Cycles(view, question, scratch).in(project));
    }

    private Answer in(long project) {
        for (int vertex = 0; vertex < view.vertices() && !truncated; vertex++) {
            if (order[vertex] == UNSEEN && question.sees(view, vertex)) {
                search(vertex);
            }
        }
        List<List<Reached>> cycles = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        for (int[] members : found) {
            int start = firstOf(members, project);
            if (start < 0) {
                continue;
            }
            if (cycles.size() == question.limit()) {
                return new Answer(cycles, sizes, true);
            }
            cycles.add(shortest(start));
            sizes.add(members.length);
        }
        return new Answer(cycles, sizes, truncated);
    }

    private int firstOf(int[] members, long project) {
        for (int member : members) {
            if (view.project(member) == project) {
                return member;
            }
        }
        return -1;
    }

    /** What a vertex on the way down still has to look at. */
    private static final class Frame {
        private final int vertex;
        private final int[] neighbours;
        private int next;

        private Frame(int vertex, int[] neighbours) {
            this.vertex = vertex;
            this.neighbours = neighbours;
        }
    }

    private void search(int root) {
        List<Frame> way = new ArrayList<>();
        way.add(enter(root));
        while (!way.isEmpty()) {
            Frame frame = way.getLast();
            if (frame.next < frame.neighbours.length) {
                int neighbour = frame.neighbours[frame.next++];
                if (order[neighbour] == UNSEEN) {
                    way.add(enter(neighbour));
                } else if (onStack[neighbour]) {
                    low[frame.vertex] = Math.min(low[frame.vertex], order[neighbour]);
                }
                continue;
            }
            way.removeLast();
            if (!way.isEmpty()) {
                int parent = way.getLast().vertex;
                low[parent] = Math.min(low[parent], low[frame.vertex]);
            }
            if (low[frame.vertex] == order[frame.vertex]) {
                leave(frame);
            }
        }
    }

    private Frame enter(int vertex) {
        order[vertex] = ordered;
        low[vertex] = ordered;
        ordered++;
        if (stacked == stack.length) {
            stack = Arrays.copyOf(stack, stacked * 2);
        }
        stack[stacked++] = vertex;
        onStack[vertex] = true;
        return new Frame(vertex, neighbours(vertex));
    }

    /** A component is complete: all above its root on the stack. */
    private void leave(Frame root) {
        int from = stacked;
        do {
            from--;
            onStack[stack[from]] = false;
            component[stack[from]] = found.size();
        } while (stack[from] != root.vertex);
        int[] members = Arrays.copyOfRange(stack, from, stacked);
        stacked = from;
        boolean loops = members.length > 1;
        for (int neighbour : root.neighbours) {
            loops |= neighbour == root.vertex;
        }
        if (loops) {
            Arrays.sort(members);
            found.add(members);
        } else {
            component[root.vertex] = UNSEEN;
        }
    }

    private int[] neighbours(int vertex) {
        int[] row = new int[4];
        int[] size = {0};
        int[][] into = {row};
        int looked = walk.each(vertex, (neighbour, type) -> {
            if ((mask[type >>> 6] >>> type & 1) != 0 && question.sees(view, neighbour)) {
                if (size[0] == into[0].length) {
                    into[0] = Arrays.copyOf(into[0], size[0] * 2);
                }
                into[0][size[0]++] = neighbour;
            }
        });
        if (!effort.spend(looked)) {
            truncated = true;
            return new int[0];
        }
        return Arrays.copyOf(into[0], size[0]);
    }

    /** Breadth first from the start, inside its component, until something leads back to it. */
    private List<Reached> shortest(int start) {
        scratch.unmark();
        int reached = 0;
        scratch.mark(start);
        scratch.queue[reached++] = start;
        for (int at = 0; at < reached; at++) {
            Closing closing = new Closing(component[start], start, at, reached);
            walk.each(scratch.queue[at], closing);
            if (closing.closedBy >= 0) {
                return cycle(at, closing.closedBy);
            }
            reached = closing.reached;
        }
        throw new IllegalStateException("a component without a cycle");
    }

    /** The visit of one row: goes on inside the component, and sees when it leads back to the start. */
    private final class Closing implements Walk.Visitor {
        private final int inside;
        private final int start;
        private final int from;
        private int reached;
        private int closedBy = -1;

        private Closing(int inside, int start, int from, int reached) {
            this.inside = inside;
            this.start = start;
            this.from = from;
            this.reached = reached;
        }

        @Override
        public void visit(int neighbour, int type) {
            if ((mask[type >>> 6] >>> type & 1) == 0 || component[neighbour] != inside) {
                return;
            }
            if (neighbour == start) {
                closedBy = closedBy < 0 ? type : closedBy;
            } else if (scratch.mark(neighbour)) {
                scratch.queue[reached] = neighbour;
                scratch.parents[reached] = from;
                scratch.vias[reached] = type;
                reached++;
            }
        }
    }

    /** From the start on; each with the type that leads to it, the first with the one that closes the cycle. */
    private List<Reached> cycle(int last, int closedBy) {
        List<Integer> places = new ArrayList<>();
        for (int at = last; at > 0; at = scratch.parents[at]) {
            places.add(at);
        }
        List<Reached> cycle = new ArrayList<>();
        cycle.add(new Reached(view.id(scratch.queue[0]), 0, view.types().value(closedBy)));
        for (int at = places.size() - 1; at >= 0; at--) {
            int place = places.get(at);
            cycle.add(new Reached(
                    view.id(scratch.queue[place]), cycle.size(), view.types().value(scratch.vias[place])));
        }
        return cycle;
    }
}
