package dev.boardwalk.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The closing table of a fan-out load: medians of each server, and the ratio of the first to the second. */
final class FanoutTable {
    private FanoutTable() {}

    static void print(PrintStream out, FanoutShape shape, Map<Rival, List<FanoutRound>> results) {
        out.printf(
                "%n  %-28s %18s %16s %10s %10s %13s%n",
                shape, "CPU us/delivery", "deliveries/s", "p50 ms", "p99 ms", "confirmed ms");
        results.forEach((rival, rounds) -> out.printf(
                Locale.ROOT,
                "  %-28s %18.2f %,16.0f %10.2f %10.2f %13.2f%n",
                rival.title(),
                median(rounds, FanoutRound::cpuMicrosPerDelivery),
                median(rounds, FanoutRound::deliveriesPerSecond),
                median(rounds, FanoutRound::p50Millis),
                median(rounds, FanoutRound::p99Millis),
                median(rounds, FanoutRound::confirmedMillis)));
        List<List<FanoutRound>> sides = List.copyOf(results.values());
        out.printf(
                Locale.ROOT,
                "  %-28s %18.2f %16.2f %10.2f %10.2f%n",
                "ratio",
                ratio(sides, FanoutRound::cpuMicrosPerDelivery),
                ratio(sides, FanoutRound::deliveriesPerSecond),
                ratio(sides, FanoutRound::p50Millis),
                ratio(sides, FanoutRound::p99Millis));
    }

    /** The median of the ratios taken round by round, so that a drift of the machine's speed cancels out. */
    private static double ratio(List<List<FanoutRound>> sides, ToDoubleFunction<FanoutRound> figure) {
        List<FanoutRound> first = sides.getFirst();
        List<FanoutRound> second = sides.getLast();
        double[] ratios = new double[Math.min(first.size(), second.size())];
        for (int at = 0; at < ratios.length; at++) {
            ratios[at] = figure.applyAsDouble(first.get(at)) / figure.applyAsDouble(second.get(at));
        }
        return median(ratios);
    }

    private static double median(List<FanoutRound> rounds, ToDoubleFunction<FanoutRound> figure) {
        return median(rounds.stream().mapToDouble(figure).toArray());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
