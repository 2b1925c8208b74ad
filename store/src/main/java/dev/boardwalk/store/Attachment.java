package dev.boardwalk.store;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A binary file of an entity, without its content.
 *
 * @param object the object that holds the content; null if the row does
 * @param author who brought it; null if nobody signed in
 */
public record Attachment(
        EntityId entity,
        long number,
        UUID ulid,
        String name,
        String contentType,
        ObjectDigest digest,
        @Nullable String object,
        @Nullable String author,
        Instant createdAt) {}
