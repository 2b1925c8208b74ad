package dev.boardwalk.search;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Spares a service that fails: after some failures in a row calls fail at once, and one is tried every few seconds. */
final class Circuit {
    private static final int FAILURES_MAX = 3;
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong nextTryNanos = new AtomicLong();
    private volatile String reason = "";

    <T> T call(Supplier<T> service) {
        if (failures.get() >= FAILURES_MAX) {
            long due = nextTryNanos.get();
            long now = System.nanoTime();
            if (now - due < 0 || !nextTryNanos.compareAndSet(due, now + PAUSE.toNanos())) {
                throw new EmbedderUnavailable(reason + " (it is left alone for some seconds)", null);
            }
        }
        try {
            T answer = service.get();
            failures.set(0);
            return answer;
        } catch (EmbedderUnavailable failure) {
            reason = failure.reason();
            if (failures.incrementAndGet() >= FAILURES_MAX) {
                nextTryNanos.set(System.nanoTime() + PAUSE.toNanos());
            }
            throw failure;
        }
    }
}
