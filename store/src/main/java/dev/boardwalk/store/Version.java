package dev.boardwalk.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A state of an entity that was kept: by the compactor, or because somebody gave it a name.
 *
 * @param number of its snapshot
 * @param name null for one that the compactor made
 * @param author who named it, null if unknown
 * @param bytes size of the state
 */
public record Version(
        long number, @Nullable String name, @Nullable String author, Instant createdAt, long bytes) {}
