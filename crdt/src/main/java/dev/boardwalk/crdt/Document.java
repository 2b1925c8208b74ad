package dev.boardwalk.crdt;

import com.google.errorprone.annotations.MustBeClosed;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One CRDT replica in native memory, with one owner at a time.
 *
 * <p>Each call is one crossing and one whole transaction. Not for the path of an edit: a call blocks its thread for
 * as long as the transaction takes, so it belongs on a virtual thread and never on an event loop. Ownership may pass
 * from thread to thread; two threads at once get {@link EngineFailure.Busy}.
 *
 * <p>What is given out is made of the bytes that were applied: content is never re-encoded, only the content of what
 * is deleted is left out. All encodings are Yjs v1 and canonical: equal content gives equal bytes.
 */
public final class Document implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Document.class);
    private static final Cleaner cleaner = Cleaner.create();
    private static final AtomicLong open = new AtomicLong();
    private static final AtomicLong leaked = new AtomicLong();

    private final Memory memory = new Memory(NativeEngine.open());
    private final Cleaner.Cleanable backstop = cleaner.register(this, memory);

    private Document() {}

    /** Opens an empty document; the caller owns it and closes it. */
    @MustBeClosed
    public static Document open() {
        return new Document();
    }

    /**
     * Applies updates in one transaction; their order does not matter.
     *
     * @throws EngineFailure.Refused if one of them cannot be read; then none was applied and the document stays usable
     * @throws EngineFailure.TooDeep if a value in one of them nests too deep; likewise
     */
    public void apply(List<byte[]> updates) {
        byte[][] bytes = updates.toArray(byte[][]::new);
        ask(handle -> {
            NativeEngine.apply(handle, bytes);
            return bytes.length;
        });
    }

    /** The state vector of what is integrated; what is pending does not count. */
    public byte[] stateVector() {
        return use(NativeEngine::stateVector);
    }

    /** The whole state as one update, pending parts included (with holes before them): what a store keeps. */
    public byte[] state() {
        return use(NativeEngine::state);
    }

    /**
     * What a peer with this state vector lacks, as one update without pending parts: what a peer is sent.
     *
     * @throws EngineFailure.Refused if the state vector cannot be read
     */
    public byte[] diff(byte[] stateVector) {
        return use(handle -> NativeEngine.diff(handle, stateVector));
    }

    /** All that the updates say is deleted, as a delete set; not what only follows from it. */
    public byte[] deleteSet() {
        return use(NativeEngine::deleteSet);
    }

    /**
     * All roots as one JSON object with sorted keys, as {@code doc.toJSON()} of Yjs gives it where the roots are typed.
     *
     * <p>What a root is follows from its content; one of which only tombstones are left is a text. As in
     * {@code JSON.stringify}, undefined is left out of objects and null in arrays, NaN and infinities are null, and a
     * subdocument is an empty object. Bytes are a string in base64, a bigint is a number.
     *
     * @throws EngineFailure.TooDeep if shared types nest deeper than 256 levels; everything else still works then
     * @throws EngineFailure.TooLarge if the formats of XML text, repeated as Yjs repeats them, would take over 256 MiB
     */
    public String json() {
        return new String(use(NativeEngine::json), StandardCharsets.UTF_8);
    }

    /** Whether structs or deletions wait here for content that has not arrived. */
    public boolean pending() {
        return ask(handle -> NativeEngine.pending(handle) ? 1 : 0) == 1;
    }

    /** The native memory that this document holds between calls, in bytes. */
    public long weightBytes() {
        return ask(NativeEngine::weight);
    }

    /** Frees the native memory; closing twice is allowed. */
    @Override
    public void close() {
        memory.enter();
        try {
            memory.closing();
            backstop.clean();
        } finally {
            memory.leave();
            Reference.reachabilityFence(this);
        }
    }

    static long openDocuments() {
        return open.get();
    }

    static long leakedDocuments() {
        return leaked.get();
    }

    /** Has the engine panic while it works on this document, for tests. */
    void panic() {
        ask(handle -> {
            NativeEngine.panic(handle);
            return handle;
        });
    }

    private byte[] use(LongFunction<byte[]> call) {
        memory.enter();
        try {
            return call.apply(memory.handle());
        } finally {
            memory.leave();
            Reference.reachabilityFence(this);
        }
    }

    private long ask(LongUnaryOperator call) {
        memory.enter();
        try {
            return call.applyAsLong(memory.handle());
        } finally {
            memory.leave();
            Reference.reachabilityFence(this);
        }
    }

    /** The native side of a document; must not refer to it, so that the cleaner can notice that it is gone. */
    private static final class Memory implements Runnable {
        private final long handle;
        private final AtomicBoolean busy = new AtomicBoolean();
        private boolean freed;
        private boolean closedByOwner;

        Memory(long handle) {
            this.handle = handle;
            open.incrementAndGet();
        }

        void enter() {
            if (!busy.compareAndSet(false, true)) {
                throw new EngineFailure.Busy("a document was used by two threads at once; it has one owner");
            }
        }

        void leave() {
            busy.set(false);
        }

        long handle() {
            if (freed) {
                throw new EngineFailure.Closed("a document was used after it had been closed");
            }
            return handle;
        }

        void closing() {
            closedByOwner = true;
        }

        @Override
        public void run() {
            freed = true;
            open.decrementAndGet();
            if (!closedByOwner) {
                leaked.incrementAndGet();
                log.error("a document was dropped without being closed: a bug; its native memory is freed now");
            }
            NativeEngine.close(handle);
        }
    }
}
