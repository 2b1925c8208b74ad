package dev.boardwalk.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A project as its administrators see it.
 *
 * @param suspendedAt since when it lets nobody in; null if it does
 * @param deletedAt since when it is deleted; null if it is not
 */
public record ProjectAccount(
        String name,
        Instant createdAt,
        @Nullable Instant suspendedAt,
        @Nullable Instant deletedAt) {

    /** Whether anybody is let in. */
    public boolean open() {
        return suspendedAt == null && deletedAt == null;
    }
}
