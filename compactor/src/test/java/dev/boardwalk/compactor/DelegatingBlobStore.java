package dev.boardwalk.compactor;

import dev.boardwalk.store.BlobEntry;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.DirectObjects;
import dev.boardwalk.store.ObjectDigest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** A real object storage behind something that a test puts before it. */
abstract class DelegatingBlobStore implements BlobStore {
    final BlobStore real;

    DelegatingBlobStore(BlobStore real) {
        this.real = real;
    }

    @Override
    public void put(String key, byte[] bytes) {
        real.put(key, bytes);
    }

    @Override
    public void put(String key, Path content, ObjectDigest digest) {
        real.put(key, content, digest);
    }

    @Override
    public ObjectDigest digest(String key) {
        return real.digest(key);
    }

    @Override
    public Optional<Path> file(String key) {
        return real.file(key);
    }

    @Override
    public Optional<DirectObjects> direct() {
        return real.direct();
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
