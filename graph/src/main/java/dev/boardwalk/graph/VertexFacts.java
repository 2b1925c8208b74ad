package dev.boardwalk.graph;

import org.jspecify.annotations.Nullable;

/**
 * What people know a vertex by.
 *
 * @param id the public id (ULID) of the entity, or of the board that an element is on
 * @param name of the entity or the board
 * @param element the node's id if it is an element of a board
 */
public record VertexFacts(
        String id,
        String name,
        String project,
        String type,
        @Nullable String title,
        @Nullable String element) {}
