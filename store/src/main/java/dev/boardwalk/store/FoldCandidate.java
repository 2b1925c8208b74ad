package dev.boardwalk.store;

/**
 * An entity with operations that its newest snapshot does not contain.
 *
 * @param operations how many
 * @param bytes how large they and the snapshot are together
 */
public record FoldCandidate(EntityId entity, long operations, long bytes) {}
