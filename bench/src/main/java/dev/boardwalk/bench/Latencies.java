package dev.boardwalk.bench;

import java.util.Arrays;

/** A growing list of latencies in nanoseconds and its percentiles. Not thread-safe. */
final class Latencies {
    private long[] nanos = new long[1 << 16];
    private int count;

    void add(long value) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = value;
    }

    void addAll(Latencies other) {
        for (int at = 0; at < other.count; at++) {
            add(other.nanos[at]);
        }
    }

    int count() {
        return count;
    }

    /** How many fit into a second, one after the other; NaN when there is none. */
    double perSecond() {
        return count == 0
                ? Double.NaN
                : count * 1e9 / Arrays.stream(nanos, 0, count).sum();
    }

    /** The latency, in milliseconds, that {@code share} (0 to 1) of all stay at or below; NaN when there is none. */
    double millisAt(double share) {
        if (count == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        int index = (int) Math.min(count - 1L, Math.max(0, Math.ceil(share * count) - 1));
        return sorted[index] / 1e6;
    }
}
