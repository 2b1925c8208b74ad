package dev.boardwalk.crdt;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The native engine's calls that need no document kept open, and its counters.
 *
 * <p>Every call is one crossing, leaves nothing behind in native memory, and may be made from any thread except an
 * event loop.
 */
public final class Engine {

    private Engine() {}

    /** What a fold gives besides the state. */
    public enum Projection {
        /** No JSON. */
        NONE,
        /** The JSON of all roots. */
        JSON
    }

    /**
     * Merges updates into one without integrating them, so that it also works on updates whose base is elsewhere.
     *
     * @return empty if one update cannot say the same, because there would be a hole in it; then the updates are to
     *     be kept as they are
     * @throws EngineFailure.Refused if one of them cannot be read
     */
    public static Optional<byte[]> merge(List<byte[]> updates) {
        throw new UnsupportedOperationException();
    }

    /** Applies a snapshot and the updates after it to a fresh document and says what came out. */
    public static Folded fold(byte @Nullable [] snapshot, List<byte[]> updates, Projection projection) {
        throw new UnsupportedOperationException();
    }

    /** What a peer with this state vector lacks of the content that these pieces make up, as one update. */
    public static byte[] diff(List<byte[]> pieces, byte[] stateVector) {
        throw new UnsupportedOperationException();
    }

    /** How many documents are open now. */
    public static long openDocuments() {
        return 0;
    }

    /** How many documents were collected unclosed since the start: each is a bug. */
    public static long leakedDocuments() {
        return 0;
    }

    /** Bytes that the engine holds in native memory now, over all documents. */
    public static long nativeBytes() {
        return 0;
    }
}
