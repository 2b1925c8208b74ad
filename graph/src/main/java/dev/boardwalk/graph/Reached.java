package dev.boardwalk.graph;

/**
 * A vertex that a question came to.
 *
 * @param vertex its id
 * @param depth how many relationships away, at least
 * @param via the type of the relationship by which it was come to first
 */
public record Reached(long vertex, int depth, String via) {}
