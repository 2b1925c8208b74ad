package dev.boardwalk.store;

import java.time.Instant;
import java.util.UUID;

/**
 * An entity whose history is asked for.
 *
 * @param createdAt since when there is anything to ask for
 * @param now the database's time: nothing is known of what comes after
 */
public record HistorySubject(EntityId id, EntityKey key, UUID ulid, Instant createdAt, Instant now) {}
