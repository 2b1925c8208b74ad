package dev.boardwalk.store;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One line of a list of entities. */
public record EntitySummary(
        EntityId id,
        EntityKey key,
        UUID ulid,
        String type,
        @Nullable String title,
        long position,
        long bytes,
        Instant createdAt,
        Instant updatedAt) {}
