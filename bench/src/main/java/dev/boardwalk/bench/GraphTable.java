package dev.boardwalk.bench;

import java.util.Locale;

/** The printed table of {@code bench graph}: a line for each way of asking, beside the first of its kind. */
final class GraphTable {
    private Latencies first = new Latencies();

    void title(String title) {
        System.out.printf(
                Locale.ROOT,
                "%n%-38s %10s %10s %10s %9s %8s %8s%n",
                title,
                "p50 µs",
                "p95 µs",
                "a second",
                "reached",
                "p50 x",
                "rate x");
        first = new Latencies();
    }

    /** How much slower than the first line under the title this is, at the median and in throughput. */
    void line(String way, Latencies latencies, double reached) {
        if (first.count() == 0) {
            first = latencies;
        }
        System.out.printf(
                Locale.ROOT,
                "  %-36s %,10.1f %,10.1f %,10.0f %,9.0f %8.1f %8.1f%n",
                way,
                latencies.millisAt(0.5) * 1e3,
                latencies.millisAt(0.95) * 1e3,
                latencies.perSecond(),
                reached,
                latencies.millisAt(0.5) / first.millisAt(0.5),
                first.perSecond() / latencies.perSecond());
    }
}
