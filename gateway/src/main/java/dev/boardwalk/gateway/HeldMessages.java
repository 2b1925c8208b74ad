package dev.boardwalk.gateway;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends while it is being decided whether it may enter; bounded, because nobody vouches for it yet. Belongs
 * to its socket's event loop.
 */
final class HeldMessages<T> {

    /** What all that waits on one socket may take, and what on all sockets. */
    static final class Budget {
        private final int messagesMax;
        private final int bytesMax;
        private final AtomicLong all;
        private final long allMax;
        private int messages;
        private long bytes;

        /**
         * An unused budget.
         *
         * @param all bytes that wait on all sockets
         */
        Budget(int messagesMax, int bytesMax, AtomicLong all, long allMax) {
            this.messagesMax = messagesMax;
            this.bytesMax = bytesMax;
            this.all = all;
            this.allMax = allMax;
        }

        private boolean take(int size) {
            if (messages >= messagesMax || bytes + size > bytesMax || all.get() + size > allMax) {
                return false;
            }
            messages++;
            bytes += size;
            all.addAndGet(size);
            return true;
        }

        private void give(int size) {
            messages--;
            bytes -= size;
            all.addAndGet(-size);
        }
    }

    private record Held<T>(T message, int size) {}

    private final Budget budget;
    private final ArrayDeque<Held<T>> messages = new ArrayDeque<>(4);

    HeldMessages(Budget budget) {
        this.budget = budget;
    }

    /** Answers false if there is no room. */
    boolean offer(T message, int size) {
        return budget.take(size) && messages.add(new Held<>(message, size));
    }

    @Nullable
    T poll() {
        Held<T> next = messages.poll();
        if (next == null) {
            return null;
        }
        budget.give(next.size);
        return next.message;
    }

    void clear() {
        while (poll() != null) {
            // Gives its budget back.
        }
    }
}
