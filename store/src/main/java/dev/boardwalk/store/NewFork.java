package dev.boardwalk.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entity that is to begin as another one was.
 *
 * @param key of the new one; its project exists
 * @param source the other one
 * @param time of the other one's content
 * @param author who forks, null if unknown
 */
public record NewFork(
        EntityKey key,
        EntityId source,
        Instant time,
        @Nullable String author) {}
