package dev.boardwalk.graph;

import java.util.Collection;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How somebody asks: what may be followed and seen, how far, and from which position on.
 *
 * @param types the only types that are followed; null means all but CONTAINS and VERSION_OF
 * @param projects names of the only projects that the caller may see; null means all
 * @param depthMax how many relationships away, {@link Question#ALL} for as far as they lead
 * @param limit vertices (or cycles) in the answer
 * @param after the position that has to be in the answer; null takes what there is
 * @param cancelled says when nobody waits for the answer any more
 */
public record Asking(
        @Nullable Set<String> types,
        @Nullable Collection<String> projects,
        int depthMax,
        int limit,
        @Nullable Long after,
        BooleanSupplier cancelled) {}
