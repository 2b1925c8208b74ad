package dev.boardwalk.graph;

/** Which way relationships are followed. */
public enum Direction {
    /** From source to target: to whom it points, its dependencies. */
    OUT,
    /** From target to source: who points at it, its dependents. */
    IN
}
