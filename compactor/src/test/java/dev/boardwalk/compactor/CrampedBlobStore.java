package dev.boardwalk.compactor;

import dev.boardwalk.store.BlobStore;

/** A real object storage in a process whose heap has no room for large objects. */
final class CrampedBlobStore extends DelegatingBlobStore {
    private final int bytesMax;

    CrampedBlobStore(BlobStore real, int bytesMax) {
        super(real);
        this.bytesMax = bytesMax;
    }

    @Override
    public void put(String key, byte[] bytes) {
        if (bytes.length > bytesMax) {
            throw new OutOfMemoryError("Java heap space");
        }
        super.put(key, bytes);
    }
}
