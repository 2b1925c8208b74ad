package dev.boardwalk.store;

import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A proven state that is to become the newest of its entity.
 *
 * @param parent the snapshot that it was folded from, null for the first
 * @param place where the object has it, with its length and hash
 * @param kept operations beside the table that are in it and are removed from there by publishing
 * @param inline the state itself if it is small, so that loads need no object
 */
@SuppressWarnings("ArrayRecordComponent")
public record NewSnapshot(
        EntityId entity,
        @Nullable Long parent,
        SnapshotPlace place,
        byte[] stateVector,
        byte @Nullable [] inline,
        long coveredPosition,
        OffsetDateTime coveredFrom,
        List<Long> kept) {}
