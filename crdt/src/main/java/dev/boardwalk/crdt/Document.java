package dev.boardwalk.crdt;

import com.google.errorprone.annotations.MustBeClosed;
import java.util.List;

/**
 * One CRDT replica in native memory, with one owner at a time.
 *
 * <p>Each call is one crossing and one whole transaction. Not for the path of an edit: a call blocks its thread for
 * as long as the transaction takes, so it belongs on a virtual thread and never on an event loop.
 */
public final class Document implements AutoCloseable {

    private Document() {}

    /** Opens an empty document; the caller owns it and closes it. */
    @MustBeClosed
    public static Document open() {
        throw new UnsupportedOperationException();
    }

    /**
     * Applies updates (Yjs v1) in the given order in one transaction.
     *
     * @throws EngineFailure.Refused if one of them cannot be read; then none was applied and the document stays usable
     * @throws EngineFailure.Panicked if the engine failed half-way; then the document is poisoned
     */
    public void apply(List<byte[]> updates) {
        throw new UnsupportedOperationException();
    }

    /** The state vector (Yjs encoding) of what is integrated; what is pending does not count. */
    public byte[] stateVector() {
        throw new UnsupportedOperationException();
    }

    /** The whole state as one update, pending parts included: what a store keeps. */
    public byte[] state() {
        throw new UnsupportedOperationException();
    }

    /** What a peer with this state vector lacks, as one update without pending parts: what a peer is sent. */
    public byte[] diff(byte[] stateVector) {
        throw new UnsupportedOperationException();
    }

    /** The delete set (Yjs v1 encoding) of all that is deleted here, in one canonical order. */
    public byte[] deleteSet() {
        throw new UnsupportedOperationException();
    }

    /** All roots as one JSON object with sorted keys, as {@code doc.toJSON()} of Yjs gives it for typed roots. */
    public String json() {
        throw new UnsupportedOperationException();
    }

    /** Whether updates or deletions wait here for content that has not arrived. */
    public boolean pending() {
        throw new UnsupportedOperationException();
    }

    /** The native memory that this document holds, in bytes. */
    public long weightBytes() {
        throw new UnsupportedOperationException();
    }

    /** Frees the native memory; closing twice is allowed. */
    @Override
    public void close() {}
}
