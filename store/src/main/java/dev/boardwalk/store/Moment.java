package dev.boardwalk.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an entity consisted of at some time.
 *
 * @param time of which it speaks
 * @param state a snapshot from before, null if there is none
 * @param operations what came after the snapshot, until then; the snapshot may hold some of them
 * @param position of the newest change in it, as far as it is known
 * @param changedAt when that was
 * @param witnesses state vectors (Yjs encoding) of snapshots that are damaged: what they name has to be in the content,
 *     or something is missing
 */
@SuppressWarnings("ArrayRecordComponent")
public record Moment(
        Instant time,
        byte @Nullable [] state,
        List<LoggedOperation> operations,
        long position,
        Instant changedAt,
        List<byte[]> witnesses) {

    /** All content as updates, in order. */
    public List<byte[]> pieces() {
        List<byte[]> pieces = new ArrayList<>();
        if (state != null) {
            pieces.add(state);
        }
        operations.forEach(operation -> pieces.addAll(operation.updates()));
        return pieces;
    }
}
