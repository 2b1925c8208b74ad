package dev.boardwalk.bench;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What one reader costs that has stopped reading: a document gets large updates while clients type into others, in turn
 * with a reader that takes them and with one that does not. Shown are the server's resident memory at its highest beside
 * what it was before, and how long the others' keystrokes take.
 */
@Command(
        name = "stall",
        description = "One reader that has stopped reading: the server's memory, and what others notice.",
        mixinStandardHelpOptions = true)
final class StallCommand implements Callable<Integer> {
    private static final Duration SAMPLE = Duration.ofMillis(50);

    @Option(names = "--updates", defaultValue = "150", description = "large updates (default ${DEFAULT-VALUE})")
    private int updates;

    @Option(names = "--bytes", defaultValue = "1048576", description = "of each (default ${DEFAULT-VALUE})")
    private int bytes;

    @Option(
            names = "--pause",
            defaultValue = "100",
            description = "milliseconds between two (default ${DEFAULT-VALUE})")
    private int pauseMillis;

    @Option(names = "--rounds", defaultValue = "3", description = "of each kind (default ${DEFAULT-VALUE})")
    private int rounds;

    @Override
    public Integer call() {
        if (updates < 1 || updates > 10_000 || bytes < 1 || bytes > 8 << 20 || pauseMillis < 1 || rounds < 1) {
            throw new IllegalArgumentException("updates go from 1 to 10000, bytes to 8 MiB; rounds and pause from 1");
        }
        Vertx vertx = Vertx.vertx();
        System.out.printf(
                Locale.ROOT,
                "%d updates of %,d bytes, one each %d ms, beside 10 x 5 clients that type 5/s%n"
                        + "  %-10s %12s %12s %12s %12s  %s%n",
                updates,
                bytes,
                pauseMillis,
                "reader",
                "before MiB",
                "grown MiB",
                "p50 ms",
                "p99 ms",
                "the reader in the end");
        try (BoardwalkRival boardwalk = BoardwalkRival.start()) {
            // Warm: the heap has to have the size that the updates themselves ask for, and the code to be compiled.
            for (int warm = 0; warm < 3; warm++) {
                String _ = round(vertx, boardwalk, "warm-" + warm, false);
            }
            for (int round = 0; round < rounds; round++) {
                System.out.print(round(vertx, boardwalk, "reads-" + round, false));
                System.out.print(round(vertx, boardwalk, "stalls-" + round, true));
            }
        } finally {
            Waits.await(vertx.close());
        }
        return 0;
    }

    private String round(Vertx vertx, BoardwalkRival boardwalk, String name, boolean stalls) {
        List<Long> server = List.of(boardwalk.pids().getFirst());
        FanoutLoad others = Waits.await(FanoutLoad.deploy(vertx, boardwalk, new FanoutShape(10, 5, 5), name));
        try (StalledReader reader = StalledReader.open(vertx, boardwalk.rooms(), "large-" + name, bytes)) {
            Waits.await(others.onLoop(() -> {
                others.type();
                return true;
            }));
            rest(Duration.ofSeconds(2));
            Waits.await(others.onLoop(others::take));
            if (stalls) {
                reader.stopReading();
            }
            long before = ProcessCpu.residentBytesOf(server);
            long highest = before;
            for (int update = 0; update < updates; update++) {
                reader.write();
                long next = System.nanoTime() + Duration.ofMillis(pauseMillis).toNanos();
                while (System.nanoTime() < next) {
                    rest(SAMPLE);
                    highest = Math.max(highest, ProcessCpu.residentBytesOf(server));
                }
            }
            Latencies latencies = Waits.await(others.onLoop(others::take)).latencies();
            String end = reader.readOn();
            Waits.await(others.onLoop(() -> {
                others.quieten();
                return true;
            }));
            return String.format(
                    Locale.ROOT,
                    "  %-10s %,12.1f %,12.1f %12.2f %12.2f  %s%n",
                    stalls ? "stalls" : "reads",
                    before / 1048576.0,
                    (highest - before) / 1048576.0,
                    latencies.millisAt(0.5),
                    latencies.millisAt(0.99),
                    end);
        } finally {
            Waits.await(vertx.undeploy(others.deploymentID()));
        }
    }

    private static void rest(Duration span) {
        long end = System.nanoTime() + span.toNanos();
        for (long left = span.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
