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
        long[] ids = distinct(edges);
        int[] projects = new int[ids.length];
        int[] sources = new int[count];
        int[] targets = new int[count];
        for (int at = 0; at < count; at++) {
            sources[at] = Arrays.binarySearch(ids, edges.sources[at]);
            targets[at] = Arrays.binarySearch(ids, edges.targets[at]);
            projects[sources[at]] = edges.sourceProjects[at];
            projects[targets[at]] = edges.targetProjects[at];
        }
        int[] outFrom = offsets(ids.length, sources, count);
        int[] outTo = new int[count];
        short[] outType = new short[count];
        fill(outFrom, sources, targets, edges.types, outTo, outType);
        int[] inFrom = offsets(ids.length, targets, count);
        int[] inTo = new int[count];
        short[] inType = new short[count];
        fill(inFrom, targets, sources, edges.types, inTo, inType);
        return new Adjacency(ids, projects, outFrom, outTo, outType, inFrom, inTo, inType);
    }

    private static long[] distinct(EdgeList edges) {
        int count = edges.size();
        long[] all = new long[Math.multiplyExact(count, 2)];
        System.arraycopy(edges.sources, 0, all, 0, count);
        System.arraycopy(edges.targets, 0, all, count, count);
        Arrays.sort(all);
        int kept = 0;
        for (int at = 0; at < all.length; at++) {
            if (at == 0 || all[at] != all[at - 1]) {
                all[kept++] = all[at];
            }
        }
        return Arrays.copyOf(all, kept);
    }

    private static int[] offsets(int vertices, int[] ends, int count) {
        int[] from = new int[vertices + 1];
        for (int at = 0; at < count; at++) {
            from[ends[at] + 1]++;
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
