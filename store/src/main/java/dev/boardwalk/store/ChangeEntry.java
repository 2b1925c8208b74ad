package dev.boardwalk.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That an entity changed: one operation, without its content.
 *
 * @param authors JSON array of who wrote it, null if unknown
 * @param gateway address of the gateway that flushed it, null when that is forgotten
 * @param bytes of content
 */
public record ChangeEntry(
        long number,
        Instant createdAt,
        long position,
        @Nullable String authors,
        long gatewayId,
        @Nullable String gateway,
        long bytes) {}
