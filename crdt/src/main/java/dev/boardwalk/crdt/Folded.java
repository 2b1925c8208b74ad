package dev.boardwalk.crdt;

import org.jspecify.annotations.Nullable;

/**
 * What a fold of a snapshot and updates came to.
 *
 * @param state the whole state as one update, pending parts included
 * @param stateVector the state vector (Yjs encoding) of what is integrated
 * @param deleteSet all that the updates say is deleted (Yjs v1 encoding of a delete set, canonical order), neither more
 *     nor less, so that it proves that nothing was lost
 * @param json all roots as one JSON object, null unless asked for
 * @param pending whether something waits for content that is not among the pieces
 */
@SuppressWarnings("ArrayRecordComponent")
public record Folded(
        byte[] state,
        byte[] stateVector,
        byte[] deleteSet,
        @Nullable String json,
        boolean pending) {}
