package dev.boardwalk.store;

import org.jspecify.annotations.Nullable;

/** What is said of an attachment before it is there. */
public record NewAttachment(
        EntityId entity,
        String name,
        String contentType,
        ObjectDigest digest,
        @Nullable String author) {}
