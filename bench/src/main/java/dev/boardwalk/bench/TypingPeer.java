package dev.boardwalk.bench;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A Yjs client that types: it encodes one Yjs v1 update a keystroke, each inserted after its own last one, the way a
 * person's typing at one cursor does. The inserted text is {@value #STAMP_LENGTH} hexadecimal digits of the sender's
 * {@code nanoTime}, so that any receiver in this process can tell the latency from the bytes. Not thread-safe.
 */
final class TypingPeer {
    /** Digits of one stamp; also the clocks that one update takes. */
    static final int STAMP_LENGTH = 16;

    private static final byte[] ROOT = "text".getBytes(StandardCharsets.UTF_8);
    private static final byte CONTENT_STRING = 4;
    private static final byte HAS_ORIGIN = (byte) 0x80;

    private final long client;
    private long clock;
    private final Set<Long> unconfirmed = new LinkedHashSet<>();

    TypingPeer(long client) {
        this.client = client;
    }

    /** Whether this is a keystroke of its own that has not come back yet; it counts once. */
    boolean hasSent(long stamp) {
        return unconfirmed.remove(stamp);
    }

    /** The oldest keystroke that is not confirmed, which is from now on; a server that says more than it owes is broken. */
    long oldestSent() {
        Iterator<Long> oldest = unconfirmed.iterator();
        long stamp = oldest.next();
        oldest.remove();
        return stamp;
    }

    /** The update of the next keystroke, stamped with {@code nanoTime}. */
    byte[] next(long nanoTime) {
        Lib0Bytes update = new Lib0Bytes(64);
        update.varUint(1).varUint(1).varUint(client).varUint(clock);
        if (clock == 0) {
            update.octet(CONTENT_STRING).varUint(1).varUint(ROOT.length).raw(ROOT);
        } else {
            update.octet((byte) (CONTENT_STRING | HAS_ORIGIN)).varUint(client).varUint(clock - 1);
        }
        update.varUint(STAMP_LENGTH);
        for (int shift = 60; shift >= 0; shift -= 4) {
            update.octet((byte) Character.forDigit((int) (nanoTime >>> shift) & 0xf, 16));
        }
        update.varUint(0);
        unconfirmed.add(nanoTime);
        clock += STAMP_LENGTH;
        return update.toArray();
    }
}
