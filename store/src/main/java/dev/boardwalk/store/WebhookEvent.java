package dev.boardwalk.store;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an entity and that an application is to be told.
 *
 * @param organisationName and the next three: as they are at the moment of reading; null if the entity is gone
 * @param details JSON object
 * @param position of the change; null of what changed nothing
 * @param attempts deliveries that failed so far
 * @param lastError why the last one failed; null before the first
 */
public record WebhookEvent(
        OrganisationId organisation,
        long id,
        String event,
        @Nullable String organisationName,
        @Nullable String project,
        @Nullable String name,
        @Nullable UUID entity,
        String details,
        @Nullable Long position,
        Instant occurredAt,
        int attempts,
        @Nullable String lastError) {}
