package dev.boardwalk.graph;

import org.jspecify.annotations.Nullable;

/**
 * A vertex as people know it.
 *
 * @param id the public id (ULID) of the entity, or of the board that an element is on
 * @param name of the entity or the board
 * @param element the node's id if it is an element of a board
 * @param depth how many relationships away from what was asked about
 * @param via the type of the relationship by which it was come to; empty for where the question began
 */
public record VertexInfo(
        String id,
        String name,
        String project,
        String type,
        @Nullable String title,
        @Nullable String element,
        int depth,
        String via) {}
