package dev.boardwalk.compactor;

import dev.boardwalk.store.BlobEntry;
import dev.boardwalk.store.BlobStore;
import java.util.function.Consumer;

/** A real object storage in a process whose heap has no room for large objects. */
final class CrampedBlobStore implements BlobStore {
    private final BlobStore real;
    private final int bytesMax;

    CrampedBlobStore(BlobStore real, int bytesMax) {
        this.real = real;
        this.bytesMax = bytesMax;
    }

    @Override
    public void put(String key, byte[] bytes) {
        if (bytes.length > bytesMax) {
            throw new OutOfMemoryError("Java heap space");
        }
        real.put(key, bytes);
    }

    @Override
    public byte[] get(String key) {
        return real.get(key);
    }

    @Override
    public byte[] get(String key, long offset, int length) {
        return real.get(key, offset, length);
    }

    @Override
    public void remove(String key) {
        real.remove(key);
    }

    @Override
    public void list(String prefix, Consumer<BlobEntry> visitor) {
        real.list(prefix, visitor);
    }

    @Override
    public void probe() {
        real.probe();
    }

    @Override
    public void close() {
        real.close();
    }
}
