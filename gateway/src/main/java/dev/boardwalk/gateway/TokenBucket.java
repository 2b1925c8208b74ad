package dev.boardwalk.gateway;

import java.util.concurrent.TimeUnit;

/**
 * A token bucket in two numbers: what one message costs in time, and until when what was sent is paid for.
 *
 * <p>Full, it holds what may be sent in {@value #BURST_SECONDS} s. It can be overdrawn, because what a socket has read
 * cannot be unread; the debt says how long to read nothing more. Belongs to one event loop; allocates nothing.
 */
final class TokenBucket {
    /** A client that was away sends what it has kept: in one message mostly, but not all do. */
    static final int BURST_SECONDS = 10;

    private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(BURST_SECONDS);

    private final long costNanos;
    private long paidUntil;

    /**
     * A full bucket.
     *
     * @param perSecond messages that may come in each second for ever
     */
    TokenBucket(int perSecond, long nowNanos) {
        costNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        paidUntil = nowNanos - BURST_NANOS;
    }

    /** Takes one message; answers the debt in nanoseconds, at most zero if there is none. */
    long take(long nowNanos) {
        if (nowNanos - paidUntil > BURST_NANOS) {
            paidUntil = nowNanos - BURST_NANOS;
        }
        paidUntil += costNanos;
        return paidUntil - nowNanos;
    }

    /** Whether at least half of it is there again. */
    boolean recovered(long nowNanos) {
        return nowNanos - paidUntil > BURST_NANOS / 2;
    }
}
