package dev.boardwalk.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a list of entities by name; {@code nextCursor} asks for the following one and is null on the last. */
public record EntityPage(
        List<EntitySummary> entities, @Nullable String nextCursor) {}
