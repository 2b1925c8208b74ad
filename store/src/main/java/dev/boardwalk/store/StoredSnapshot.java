package dev.boardwalk.store;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot as its row describes it, for those who check it.
 *
 * @param place where the object has it, null if only the row does
 * @param inline the state in the row, null if only the object has it
 */
@SuppressWarnings("ArrayRecordComponent")
public record StoredSnapshot(
        EntityId entity,
        String project,
        String name,
        long snapshotId,
        long size,
        byte[] sha256,
        byte[] stateVector,
        @Nullable SnapshotPlace place,
        byte @Nullable [] inline) {

    /** For messages. */
    public String title() {
        return "snapshot " + snapshotId + " of " + project + "/" + name;
    }
}
