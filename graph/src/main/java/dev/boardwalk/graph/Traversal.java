package dev.boardwalk.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * One breadth-first question over a view: each vertex is come to once, by the shortest way, so cycles do no harm. Blocks
 * the thread that asks, for as many steps as the question allows.
 */
final class Traversal {
    private final GraphView view;
    private final Question question;
    private final Walk walk;
    private final long[] mask;
    private final boolean filtered;
    private final Scratch scratch;
    private final Effort effort;
    private final Walk.Visitor visitor = this::visit;
    private int reached;
    private boolean truncated;

    // While one row is visited.
    private int visitingFrom;
    private int goal = -1;
    private boolean found;
    private int room;

    private Traversal(GraphView view, Direction direction, Question question, Scratch scratch) {
        this.view = view;
        this.question = question;
        this.walk = new Walk(view, direction);
        this.mask = question.mask(view.types());
        this.filtered = question.projects() != null;
        this.scratch = scratch;
        this.effort = new Effort(question);
    }

    /** What a question came to. */
    record Answer(List<Reached> vertices, boolean truncated) {}

    /** All that can be reached from these vertices, without them, nearest first. */
    static Answer reach(GraphView view, List<Long> starts, Direction direction, Question question) {
        return Scratch.use(view.vertices(), scratch -> new Traversal(view, direction, question, scratch).reach(starts));
    }

    /** A shortest way from one vertex to another, both included; empty if there is none within the limits. */
    static List<Reached> path(GraphView view, long from, long to, Question question) {
        return Scratch.use(
                view.vertices(), scratch -> new Traversal(view, Direction.OUT, question, scratch).path(from, to));
    }

    private Answer reach(List<Long> starts) {
        int begun = begin(starts);
        room = question.limit() > Integer.MAX_VALUE - begun ? Integer.MAX_VALUE : begun + question.limit();
        List<Reached> answer = new ArrayList<>();
        int level = 0;
        int depth = 0;
        while (level < reached && depth < question.depthMax() && !truncated) {
            int levelEnd = reached;
            depth++;
            for (int at = level; at < levelEnd && !truncated; at++) {
                visitingFrom = at;
                step(walk.each(scratch.queue[at], visitor));
            }
            for (int at = levelEnd; at < reached; at++) {
                answer.add(new Reached(view.id(scratch.queue[at]), depth, type(at)));
            }
            level = levelEnd;
        }
        return new Answer(answer, truncated);
    }

    private int begin(List<Long> starts) {
        for (long start : starts) {
            int vertex = view.number(start);
            if (vertex >= 0 && (!filtered || question.sees(view, vertex)) && scratch.mark(vertex)) {
                scratch.queue[reached++] = vertex;
            }
        }
        return reached;
    }

    private void visit(int neighbour, int type) {
        if ((mask[type >>> 6] >>> type & 1) == 0 || truncated || found) {
            return;
        }
        if (filtered && !question.sees(view, neighbour) || !scratch.mark(neighbour)) {
            return;
        }
        if (reached >= room) {
            truncated = true;
            return;
        }
        scratch.queue[reached] = neighbour;
        scratch.parents[reached] = visitingFrom;
        scratch.vias[reached] = type;
        reached++;
        found = neighbour == goal;
    }

    private void step(int looked) {
        if (!effort.spend(looked)) {
            truncated = true;
        }
    }

    private String type(int place) {
        return view.types().value(scratch.vias[place]);
    }

    private List<Reached> path(long from, long to) {
        begin(List.of(from));
        goal = view.number(to);
        room = Integer.MAX_VALUE;
        if (reached == 0 || goal < 0) {
            return List.of();
        }
        found = goal == scratch.queue[0];
        int level = 0;
        for (int depth = 0; !found && level < reached && depth < question.depthMax() && !truncated; depth++) {
            int levelEnd = reached;
            for (int at = level; at < levelEnd && !found && !truncated; at++) {
                visitingFrom = at;
                step(walk.each(scratch.queue[at], visitor));
            }
            level = levelEnd;
        }
        return found ? wayTo(reached - 1) : List.of();
    }

    private List<Reached> wayTo(int place) {
        List<Integer> places = new ArrayList<>();
        for (int at = place; at > 0; at = scratch.parents[at]) {
            places.add(at);
        }
        List<Reached> way = new ArrayList<>();
        way.add(new Reached(view.id(scratch.queue[0]), 0, ""));
        for (int at = places.size() - 1; at >= 0; at--) {
            way.add(new Reached(view.id(scratch.queue[places.get(at)]), way.size(), type(places.get(at))));
        }
        return way;
    }
}
