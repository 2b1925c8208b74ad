package dev.boardwalk.store;

import java.time.Instant;

/**
 * Somebody did something that others may ask about later.
 *
 * @param number grows with time inside an organisation
 * @param actor the user, or how the command was called
 * @param action stable name, words joined by dots
 * @param subject to whom or what
 */
public record AuditEntry(long number, String actor, String action, String subject, Instant at) {}
