package dev.boardwalk.store;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Immutable objects by key: a folder of this machine or a bucket. All calls block (virtual threads) and may be made
 * from any thread; all fail with {@link StoreException}.
 *
 * <p>Keys are {@code sha256/ab/cd…} for objects named by their content, {@code pack/…}, {@code archive/…}, {@code attachment/…} and
 * {@code upload/…} for those with a name of their own. What lies under a key never changes; only a damaged object is written again.
 */
public interface BlobStore extends AutoCloseable {

    /**
     * Puts an object and returns once it is durable and was read back. Repeating it changes nothing; if the key holds
     * other bytes, it is damaged (keys are never used twice) and is healed.
     */
    void put(String key, byte[] bytes);

    /**
     * The same with the content of a file, of any size, under a key that nobody used before.
     *
     * @param digest of the content, which is checked when it is read back
     */
    void put(String key, Path content, ObjectDigest digest);

    /** What an object holds now, by reading it; fails with {@link StoreException.ObjectMissing} if there is none. */
    default ObjectDigest digest(String key) {
        byte[] bytes = get(key);
        return new ObjectDigest(bytes.length, BlobKeys.sha256(bytes));
    }

    /** A file of this machine that is the object, whether there is one or not; empty for a bucket. */
    default Optional<Path> file(String key) {
        return Optional.empty();
    }

    /** For callers of ours; empty if they cannot speak to it. */
    default Optional<DirectObjects> direct() {
        return Optional.empty();
    }

    /** A whole object; fails with {@link StoreException.ObjectMissing} if there is none. */
    byte[] get(String key);

    /** Exactly this part; fails with {@link StoreException.ObjectDamaged} if the object ends before. */
    byte[] get(String key, long offset, int length);

    /** Removes an object; it is no mistake if there is none. */
    void remove(String key);

    /** Shows all objects whose key begins like this, in no order that one may rely on. */
    void list(String prefix, Consumer<BlobEntry> visitor);

    /** Succeeds if objects can be written, read and removed now. */
    void probe();

    /** What it is, for people, without secrets. */
    @Override
    String toString();

    @Override
    void close();
}
