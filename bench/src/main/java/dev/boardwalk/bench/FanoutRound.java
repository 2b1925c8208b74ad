package dev.boardwalk.bench;

import java.util.Locale;

/**
 * The figures of one round.
 *
 * @param delivered keystrokes that arrived, counted at each client
 * @param sent keystrokes sent meanwhile
 * @param cpuMicros CPU of the server's processes
 * @param elapsedNanos length of the round
 * @param p50Millis until others had a keystroke, the median; then the 99th percentile
 * @param confirmedMillis until it came back to its sender, the median
 */
record FanoutRound(
        long delivered,
        long sent,
        long cpuMicros,
        long elapsedNanos,
        double p50Millis,
        double p99Millis,
        double confirmedMillis) {
    static FanoutRound of(FanoutLoad.Counted counted, long cpuMicros, long elapsedNanos) {
        Latencies latencies = counted.latencies();
        return new FanoutRound(
                latencies.count() + counted.confirmations().count(),
                counted.sent(),
                cpuMicros,
                elapsedNanos,
                latencies.millisAt(0.5),
                latencies.millisAt(0.99),
                counted.confirmations().millisAt(0.5));
    }

    double cpuMicrosPerDelivery() {
        return (double) cpuMicros / Math.max(1, delivered);
    }

    double deliveriesPerSecond() {
        return delivered * 1e9 / elapsedNanos;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%6.2f us CPU/delivery  %,9.0f deliveries/s  p50 %6.2f ms  p99 %7.2f ms  confirmed %6.2f ms",
                cpuMicrosPerDelivery(),
                deliveriesPerSecond(),
                p50Millis,
                p99Millis,
                confirmedMillis);
    }
}
