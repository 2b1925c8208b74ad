package dev.boardwalk.gateway.live;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The receipts that one peer waits for, in the order in which it sent what they are for. They are released in that order
 * only, so that a receipt also says: everything before it is durable.
 */
final class Receipts {
    /** About the heap that a receipt takes besides its bytes. */
    private static final int OVERHEAD_BYTES = 48;

    private final ArrayDeque<Receipt> waiting = new ArrayDeque<>(2);
    private long bytes;

    void add(Receipt receipt) {
        waiting.add(receipt);
        bytes += receipt.bytes();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    /** Bytes of the messages that wait. */
    long bytes() {
        return bytes;
    }

    long weightBytes() {
        return bytes + (long) waiting.size() * OVERHEAD_BYTES;
    }

    /** Takes the first receipt if everything up to its barrier is committed. */
    @Nullable
    Receipt poll(long committed) {
        Receipt head = waiting.peek();
        if (head == null || head.barrier > committed) {
            return null;
        }
        waiting.remove();
        bytes -= head.bytes();
        return head;
    }

    /** The update of this receipt was dropped: it is not confirmed by itself. */
    void lose(Receipt receipt) {
        bytes -= receipt.bytes();
        receipt.lose();
    }

    /** What was dropped has come again in an update with this barrier. */
    void regain(long barrier) {
        for (Receipt receipt : waiting) {
            if (receipt.isLost() && receipt.barrier == Receipt.UNKNOWN) {
                receipt.barrier = barrier;
            }
        }
    }

    void clear() {
        waiting.clear();
        bytes = 0;
    }

    Iterable<Receipt> all() {
        return waiting;
    }
}
