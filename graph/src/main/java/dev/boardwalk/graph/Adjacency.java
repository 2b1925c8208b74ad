package dev.boardwalk.graph;

import java.util.Arrays;

/**
 * The relationships of one organisation as arrays (compressed sparse rows), both ways: 12 bytes for a relationship, and 20
 * for a vertex. Immutable.
 *
 * <p>Vertices are numbered in the order of their ids. The neighbours of vertex v stand from {@code outFrom[v]} (included)
 * to {@code outFrom[v + 1]} (excluded), and likewise for {@code in}.
 */
final class Adjacency {
    static final Adjacency EMPTY = of(new EdgeList());

    final long[] ids;
    final int[] projects;
    final int[] outFrom;
    final int[] outTo;
    final short[] outType;
    final int[] inFrom;
    final int[] inTo;
    final short[] inType;

    private Adjacency(
            long[] ids,
            int[] projects,
            int[] outFrom,
            int[] outTo,
            short[] outType,
            int[] inFrom,
            int[] inTo,
            short[] inType) {
        this.ids = ids;
        this.projects = projects;
        this.outFrom = outFrom;
        this.outTo = outTo;
        this.outType = outType;
        this.inFrom = inFrom;
        this.inTo = inTo;
        this.inType = inType;
    }

    static Adjacency of(EdgeList edges) {
        int count = edges.size();
        long[] ids = edges.sortedIds();
        int[] projects = new int[ids.length];
        int[] places = new int[ids.length];
        for (int place = 0; place < ids.length; place++) {
            int number = edges.number(ids[place]);
            projects[place] = edges.project(number);
            places[number] = place;
        }
        int[] sources = placed(edges.sources, count, places);
        int[] targets = placed(edges.targets, count, places);
        int[] outFrom = offsets(ids.length, sources);
        int[] outTo = new int[count];
        short[] outType = new short[count];
        fill(outFrom, sources, targets, edges.types, outTo, outType);
        int[] inFrom = offsets(ids.length, targets);
        int[] inTo = new int[count];
        short[] inType = new short[count];
        fill(inFrom, targets, sources, edges.types, inTo, inType);
        return new Adjacency(ids, projects, outFrom, outTo, outType, inFrom, inTo, inType);
    }

    private static int[] placed(int[] numbers, int count, int[] places) {
        int[] placed = new int[count];
        for (int at = 0; at < count; at++) {
            placed[at] = places[numbers[at]];
        }
        return placed;
    }

    private static int[] offsets(int vertices, int[] ends) {
        int[] from = new int[vertices + 1];
        for (int end : ends) {
            from[end + 1]++;
        }
        for (int vertex = 0; vertex < vertices; vertex++) {
            from[vertex + 1] += from[vertex];
        }
        return from;
    }

    private static void fill(int[] from, int[] ends, int[] others, short[] types, int[] to, short[] type) {
        int[] next = Arrays.copyOf(from, from.length);
        for (int at = 0; at < to.length; at++) {
            int slot = next[ends[at]]++;
            to[slot] = others[at];
            type[slot] = types[at];
        }
    }

    int vertices() {
        return ids.length;
    }

    int edges() {
        return outTo.length;
    }

    long bytes() {
        return 20L * ids.length + 12L * outTo.length + 200;
    }
}
