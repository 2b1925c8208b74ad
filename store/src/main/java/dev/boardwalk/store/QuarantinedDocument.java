package dev.boardwalk.store;

import java.time.Instant;

/** A document that cannot be folded; all its operations are kept. */
public record QuarantinedDocument(EntityId entity, String project, String name, String reason, Instant since) {}
