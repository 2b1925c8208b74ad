package dev.boardwalk.graph;

import java.util.Arrays;

/**
 * Relationships on their way into an index, in growing arrays: 10 bytes for each, and some 24 for a vertex.
 *
 * <p>Vertices get numbers in the order in which they come, found again by hashing (open addressing, at most half full):
 * while a database sends the next ones there is time for that, and only different ids are left to be sorted in the end.
 */
final class EdgeList {
    /** Spreads ids, which follow each other, over all bits (2^64 divided by the golden ratio). */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static final int ROOM = 64;

    int[] sources = new int[ROOM];
    int[] targets = new int[ROOM];
    short[] types = new short[ROOM];
    private int size;

    private long[] ids = new long[ROOM];
    private int[] projects = new int[ROOM];
    private int vertices;
    /** Number of a vertex + 1; 0 where there is none. */
    private int[] slots = new int[2 * ROOM];

    /** Both are numbers of vertices of this list. */
    void add(int source, int target, short type) {
        if (size == sources.length) {
            int room = Math.multiplyExact(size, 2);
            sources = Arrays.copyOf(sources, room);
            targets = Arrays.copyOf(targets, room);
            types = Arrays.copyOf(types, room);
        }
        sources[size] = source;
        targets[size] = target;
        types[size] = type;
        size++;
    }

    /** The number of a vertex, a new one if it has none. */
    int vertex(long id, int project) {
        int known = number(id);
        if (known >= 0) {
            return known;
        }
        if (vertices == ids.length) {
            int room = Math.multiplyExact(vertices, 2);
            ids = Arrays.copyOf(ids, room);
            projects = Arrays.copyOf(projects, room);
            slots = new int[Math.multiplyExact(room, 2)];
            for (int vertex = 0; vertex < vertices; vertex++) {
                slots[slot(ids[vertex])] = vertex + 1;
            }
        }
        ids[vertices] = id;
        projects[vertices] = project;
        slots[slot(id)] = vertices + 1;
        return vertices++;
    }

    /** The number of a vertex; -1 if it is not here. */
    int number(long id) {
        return slots[slot(id)] - 1;
    }

    /** Where the vertex stands or would stand. */
    private int slot(long id) {
        int last = slots.length - 1;
        int slot = (int) (id * SPREAD >>> 32) & last;
        while (slots[slot] != 0 && ids[slots[slot] - 1] != id) {
            slot = slot + 1 & last;
        }
        return slot;
    }

    int project(int vertex) {
        return projects[vertex];
    }

    /** The ids of all vertices, in their order. */
    long[] sortedIds() {
        long[] sorted = Arrays.copyOf(ids, vertices);
        Arrays.sort(sorted);
        return sorted;
    }

    int size() {
        return size;
    }
}
