package dev.boardwalk.store;

import java.time.Instant;
import java.util.List;

/**
 * Where some archived operations of one entity lie, all of them in one object.
 *
 * @param objectId number of the object, in the order in which objects were put
 * @param from when the first one was created
 * @param to when the last one was created
 * @param toPosition the highest position among them
 * @param operations how many there are
 * @param place size and hash are those of the block before it was compressed
 */
public record ArchivedBlock(
        EntityId entity,
        long objectId,
        Instant from,
        Instant to,
        long toPosition,
        int operations,
        SnapshotPlace place) {

    /**
     * The operations, in order.
     *
     * @throws StoreException.ObjectMissing if the object is gone
     * @throws StoreException.ObjectDamaged if it is not what was put
     */
    public List<LoggedOperation> read(BlobStore objects) {
        byte[] block = place.read(objects, title());
        List<LoggedOperation> read = OperationBlock.decode(entity, block, title() + " in object " + place.object());
        if (read.size() != operations) {
            throw new StoreException.ObjectDamaged(
                    title() + " should have " + operations + " operations and has " + read.size(), null);
        }
        return read;
    }

    /** For messages. */
    public String title() {
        return "archived operations of entity " + entity + " from " + from + " to " + to;
    }
}
