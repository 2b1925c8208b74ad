package dev.boardwalk.store;

import org.jspecify.annotations.Nullable;

/**
 * A state that is to be kept under a name.
 *
 * @param name unique among the entity's versions
 * @param author who names it, null if unknown
 * @param horizon as it was before the state was read: everything below is in it
 */
@SuppressWarnings("ArrayRecordComponent")
public record NewVersion(
        EntityId entity, String name, @Nullable String author, byte[] state, byte[] stateVector, FoldHorizon horizon) {}
