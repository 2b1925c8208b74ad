package dev.boardwalk.crdt;

import org.jspecify.annotations.Nullable;

/**
 * The entries of the native library, one whole transaction each; the only class with native methods.
 *
 * <p>A handle comes from {@link #open}, goes to one thread at a time and ends with {@link #close}. Who owns what is
 * told at the head of {@code lib.rs}; the exceptions are those of {@link EngineFailure}.
 */
final class NativeEngine {

    static {
        NativeLibrary.load();
    }

    private NativeEngine() {}

    static native long open();

    static native void close(long handle);

    static native void apply(long handle, byte[][] updates);

    static native byte[] stateVector(long handle);

    static native byte[] state(long handle);

    static native byte[] diff(long handle, byte[] stateVector);

    static native byte[] deleteSet(long handle);

    /** JSON in UTF-8. */
    static native byte[] json(long handle);

    static native boolean pending(long handle);

    static native long weight(long handle);

    /** Null if the updates have holes between them. */
    static native byte @Nullable [] merge(byte[][] updates);

    /** State, state vector, delete set, JSON in UTF-8 (or null), and an array that is not empty if anything waits. */
    static native byte[][] fold(byte @Nullable [] snapshot, byte[][] updates, boolean withJson);

    static native byte[] diffOf(byte[][] pieces, byte[] stateVector);

    static native byte[] restore(byte[][] present, byte[][] wanted, long client);

    /** JSON in UTF-8 for each of the updates. */
    static native byte[][] touched(byte[][] pieces, byte[][] updates);

    /** The wanted JSON in UTF-8. */
    static native byte[] edit(byte[][] present, byte[] wanted, long client);

    static native long heldBytes();

    /** Panics, for tests. */
    static native void panic(long handle);
}
