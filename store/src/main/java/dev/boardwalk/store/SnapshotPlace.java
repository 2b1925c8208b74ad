package dev.boardwalk.store;

/**
 * Where in the objects the state of a snapshot lies, and what it has to be.
 *
 * @param length bytes in the object, packed
 * @param size bytes of the state
 * @param sha256 of the state
 */
@SuppressWarnings("ArrayRecordComponent")
public record SnapshotPlace(String object, long offset, int length, long size, byte[] sha256) {

    /** The state; fails with {@link StoreException.ObjectMissing} or {@link StoreException.ObjectDamaged}. */
    public byte[] read(BlobStore objects, String what) {
        byte[] packed = objects.get(object, offset, length);
        return PackedState.unpack(packed, size, sha256, what + " in object " + object + " at byte " + offset);
    }
}
