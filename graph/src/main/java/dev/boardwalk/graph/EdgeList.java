package dev.boardwalk.graph;

import java.util.Arrays;

/** Relationships on their way into an index, in growing arrays: 26 bytes for each. */
final class EdgeList {
    long[] sources = new long[64];
    long[] targets = new long[64];
    short[] types = new short[64];
    int[] sourceProjects = new int[64];
    int[] targetProjects = new int[64];
    private int size;

    void add(long source, long target, short type, int sourceProject, int targetProject) {
        if (size == sources.length) {
            int room = Math.multiplyExact(size, 2);
            sources = Arrays.copyOf(sources, room);
            targets = Arrays.copyOf(targets, room);
            types = Arrays.copyOf(types, room);
            sourceProjects = Arrays.copyOf(sourceProjects, room);
            targetProjects = Arrays.copyOf(targetProjects, room);
        }
        sources[size] = source;
        targets[size] = target;
        types[size] = type;
        sourceProjects[size] = sourceProject;
        targetProjects[size] = targetProject;
        size++;
    }

    int size() {
        return size;
    }
}
