package dev.boardwalk.crdt;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The native engine's calls that need no document kept open, and its counters.
 *
 * <p>Every call is one crossing, leaves nothing behind in native memory, and may be made from any thread except an
 * event loop. Content comes out as it went in, byte for byte; see {@link Document}.
 */
public final class Engine {
    private static final int STATE = 0;
    private static final int STATE_VECTOR = 1;
    private static final int DELETE_SET = 2;
    private static final int JSON = 3;
    private static final int PENDING = 4;

    private Engine() {}

    /** What a fold gives besides the state. */
    public enum Projection {
        /** No JSON. */
        NONE,
        /** The JSON of all roots, as {@link Document#json()} gives it. */
        JSON
    }

    /**
     * Loads the native library, which otherwise happens at the first use.
     *
     * @throws EngineFailure.Unavailable if this machine cannot load it
     */
    public static void load() {
        try {
            NativeEngine.heldBytes();
        } catch (ExceptionInInitializerError e) {
            if (e.getCause() instanceof EngineFailure failure) {
                throw failure;
            }
            throw e;
        }
    }

    /**
     * Merges updates into one without integrating them, so that it also works on updates whose base is elsewhere.
     *
     * @return empty if one update cannot say the same, because there would be a hole in it; then the updates are to
     *     be kept as they are
     * @throws EngineFailure.Refused if one of them cannot be read
     */
    public static Optional<byte[]> merge(List<byte[]> updates) {
        return Optional.ofNullable(NativeEngine.merge(updates.toArray(byte[][]::new)));
    }

    /**
     * Applies a snapshot and the updates after it to a fresh document and says what came out.
     *
     * @throws EngineFailure.Refused if one of them cannot be read
     * @throws EngineFailure.TooDeep if the JSON was asked for and the content nests too deep for it
     * @throws EngineFailure.TooLarge if the JSON was asked for and would be out of all proportion
     * @throws EngineFailure.Panicked if the JSON was asked for and the engine failed at it; a fold without may work
     */
    public static Folded fold(byte @Nullable [] snapshot, List<byte[]> updates, Projection projection) {
        @Nullable
        byte[][] parts = NativeEngine.fold(snapshot, updates.toArray(byte[][]::new), projection == Projection.JSON);
        byte[] json = parts[JSON];
        return new Folded(
                parts[STATE],
                parts[STATE_VECTOR],
                parts[DELETE_SET],
                json == null ? null : new String(json, StandardCharsets.UTF_8),
                parts[PENDING].length > 0);
    }

    /**
     * What a peer with this state vector lacks of the content that these pieces make up, as one update.
     *
     * @throws EngineFailure.Refused if a piece or the state vector cannot be read
     */
    public static byte[] diff(List<byte[]> pieces, byte[] stateVector) {
        return NativeEngine.diffOf(pieces.toArray(byte[][]::new), stateVector);
    }

    /**
     * New edits that lead from a content to what it once was, as one update on top of it: applied, it makes the JSON, the
     * formats of text and the attributes of XML those of the wanted content. Edits that peers make meanwhile merge with
     * it like with any other. What was deleted comes back as a copy; the update is {@code 00 00} if nothing differs.
     *
     * @param present the pieces of the present content
     * @param wanted the pieces of the content as it is to become
     * @param client who makes the edits: a client id (up to 2^53) under which nothing was written here
     * @throws EngineFailure.Refused if a piece cannot be read, or the client is known
     * @throws EngineFailure.TooDeep if shared types nest too deep for a replica
     * @throws EngineFailure.TooLarge if a replica would be out of all proportion
     */
    public static byte[] restore(List<byte[]> present, List<byte[]> wanted, long client) {
        return NativeEngine.restore(present.toArray(byte[][]::new), wanted.toArray(byte[][]::new), client);
    }

    /**
     * What updates are about: for each a JSON object with the roots in which something was added or deleted, and of each
     * root the keys (an empty array where it is no map); at most 50 of either. It costs about what a fold without JSON
     * does. What is deleted in the pieces before it can be seen where it was is left out.
     *
     * @param pieces content that the updates are part of
     * @throws EngineFailure.Refused if a piece or an update cannot be read
     * @throws EngineFailure.TooDeep if shared types nest too deep to be followed
     */
    public static List<String> touched(List<byte[]> pieces, List<byte[]> updates) {
        byte[][] found = NativeEngine.touched(pieces.toArray(byte[][]::new), updates.toArray(byte[][]::new));
        return Stream.of(found)
                .map(json -> new String(json, StandardCharsets.UTF_8))
                .toList();
    }

    /**
     * New edits that make the JSON of a content (as {@link Document#json()} gives it) what somebody wants it to be, as one
     * update on top of it. Only what differs is touched: keys one by one, elements and characters by their difference, so
     * that edits that peers make meanwhile merge with it. The update is {@code 00 00} if nothing differs.
     *
     * <p>What is there keeps its form: text stays shared text, a plain object stays plain. New objects and arrays become
     * shared maps and arrays, unless those beside them are plain; new strings are plain, but a new root that is a string is
     * shared text. A root that is left out is emptied, since roots never go.
     *
     * @param present the pieces of the present content
     * @param wantedJson a JSON object with all roots
     * @param client who makes the edits: a client id (up to 2^53) under which nothing was written here
     * @throws EngineFailure.Unwritable if a root would have to change its kind, or XML is to be changed
     * @throws EngineFailure.Refused if a piece or the JSON cannot be read, or the client is known
     * @throws EngineFailure.TooDeep if shared types nest too deep for a replica
     * @throws EngineFailure.TooLarge if a replica would be out of all proportion
     */
    public static byte[] edit(List<byte[]> present, String wantedJson, long client) {
        byte[] wanted = wantedJson.getBytes(StandardCharsets.UTF_8);
        return NativeEngine.edit(present.toArray(byte[][]::new), wanted, client);
    }

    /** How many documents are open now. */
    public static long openDocuments() {
        return Document.openDocuments();
    }

    /** How many documents were collected unclosed since the start: each is a bug. */
    public static long leakedDocuments() {
        return Document.leakedDocuments();
    }

    /** Bytes that the engine holds in native memory now, over all documents. */
    public static long nativeBytes() {
        return NativeEngine.heldBytes();
    }
}
