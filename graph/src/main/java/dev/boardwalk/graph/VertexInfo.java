package dev.boardwalk.graph;

import org.jspecify.annotations.Nullable;

/**
 * A vertex in an answer.
 *
 * @param depth how many relationships away from what was asked about
 * @param via the type of the relationship by which it was come to; empty for where the question began
 */
public record VertexInfo(VertexFacts facts, int depth, String via) {

    public String name() {
        return facts.name();
    }

    public String project() {
        return facts.project();
    }

    public String type() {
        return facts.type();
    }

    public @Nullable String element() {
        return facts.element();
    }
}
