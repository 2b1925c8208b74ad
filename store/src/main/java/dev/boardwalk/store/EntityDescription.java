package dev.boardwalk.store;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An entity as of its last flush.
 *
 * @param properties JSON text of all roots
 * @param position of the transaction that last changed what is described here
 * @param bytes size of the document's state
 * @param contentTag says which content this is of; null if that is not known
 * @param quarantineReason why the projection is not kept up to date, null for a healthy entity
 */
public record EntityDescription(
        EntityId id,
        EntityKey key,
        UUID ulid,
        String type,
        @Nullable String title,
        String properties,
        byte[] stateVector,
        long position,
        long bytes,
        Instant createdAt,
        Instant updatedAt,
        byte @Nullable [] contentTag,
        @Nullable String quarantineReason) {}
