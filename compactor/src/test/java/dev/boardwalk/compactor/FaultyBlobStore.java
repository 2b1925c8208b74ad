package dev.boardwalk.compactor;

import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.ObjectDigest;
import dev.boardwalk.store.StoreException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/**
 * A real object storage behind a bad line: calls fail before or after they had their effect, reads are cut or altered,
 * and now and then the whole process is gone.
 */
final class FaultyBlobStore extends DelegatingBlobStore {

    /** The process is gone: nothing catches this. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed here");
        }
    }

    private final Random random;
    private final int oneIn;

    FaultyBlobStore(BlobStore real, Random random, int oneIn) {
        super(real);
        this.random = random;
        this.oneIn = oneIn;
    }

    @Override
    public synchronized void put(String key, byte[] bytes) {
        fail();
        real.put(key, bytes);
        fail();
    }

    @Override
    public synchronized void put(String key, Path content, ObjectDigest digest) {
        fail();
        real.put(key, content, digest);
        fail();
    }

    @Override
    public synchronized byte[] get(String key) {
        fail();
        return spoil(real.get(key));
    }

    @Override
    public synchronized byte[] get(String key, long offset, int length) {
        fail();
        byte[] bytes = spoil(real.get(key, offset, length));
        fail();
        return bytes;
    }

    @Override
    public String toString() {
        return "faulty " + real;
    }

    private void fail() {
        if (random.nextInt(oneIn) == 0) {
            if (random.nextBoolean()) {
                throw new Killed();
            }
            throw new StoreException.ObjectsUnavailable("HTTP 503, by chance", null);
        }
    }

    private byte[] spoil(byte[] bytes) {
        if (bytes.length == 0 || random.nextInt(oneIn) != 0) {
            return bytes;
        }
        if (random.nextBoolean()) {
            return Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return bytes;
    }
}
