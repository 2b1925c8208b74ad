package dev.boardwalk.store;

import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one fold starts from.
 *
 * @param snapshotId the newest snapshot, null if there is none; publishing compares with it
 * @param state its state, null if there is none
 * @param operations those that the snapshot does not contain, up to the horizon, in order
 * @param kept which of them lie beside the table, to be removed from there when a snapshot has them
 * @param coveredFrom no operation from the horizon on was or will be created before
 */
@SuppressWarnings("ArrayRecordComponent")
public record FoldInput(
        EntityId entity,
        @Nullable Long snapshotId,
        byte @Nullable [] state,
        List<StoredPiece.Operation> operations,
        List<Long> kept,
        OffsetDateTime coveredFrom) {

    /** All updates of the operations, in order. */
    public List<byte[]> updates() {
        return operations.stream()
                .flatMap(operation -> operation.updates().stream())
                .toList();
    }
}
