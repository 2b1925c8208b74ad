package dev.boardwalk.bench;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs the same typing load on Boardwalk, its journal on, and on the y-websocket server, in turn over several rounds,
 * and prints what a delivered message costs each of them. A delivered message is one keystroke that arrived at one
 * client, the sender's own confirmation included; the CPU is that of the server's processes, Postgres with them. What
 * Boardwalk does with the typed text besides counts (flush, relationships, index of words) but for its vectors, which cost
 * the same for a text that nobody else sees.
 */
@Command(
        name = "fanout",
        description =
                "The same load on Boardwalk and on @y/websocket-server, interleaved: CPU per delivered message, latency.",
        mixinStandardHelpOptions = true)
final class FanoutCommand implements Callable<Integer> {
    @Option(
            names = "--loads",
            split = ",",
            defaultValue = "20x10x5,1x100x5",
            description = "ROOMSxCLIENTSxRATE, several by commas (default ${DEFAULT-VALUE})")
    private List<String> loads = List.of();

    @Option(names = "--rounds", defaultValue = "5", description = "rounds of each load (default ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "8",
            description = "measured seconds a round (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--warmup",
            defaultValue = "64",
            description = "seconds of the same rounds, not counted, before the first (default ${DEFAULT-VALUE})")
    private int warmup;

    @Option(
            names = "--embedder",
            defaultValue = "none",
            description =
                    "minilm embeds the typed texts meanwhile, which is no part of fan-out (default ${DEFAULT-VALUE})")
    private String embedder = "none";

    @Option(names = "--doors", description = "compare the two doors of Boardwalk instead of another server")
    private boolean doors;

    @Override
    public Integer call() {
        List<FanoutShape> shapes = loads.stream().map(FanoutShape::parse).toList();
        if (rounds < 1 || rounds > 100 || seconds < 1 || seconds > 300 || warmup < 0 || warmup > 300) {
            throw new IllegalArgumentException("rounds go from 1 to 100, seconds and warm-up to 300");
        }
        Path home = Path.of(System.getProperty("boardwalk.home", "")).toAbsolutePath();
        Vertx vertx = Vertx.vertx();
        if (doors) {
            try (BoardwalkRival boardwalk = BoardwalkRival.start(Map.of("BOARDWALK_EMBEDDER", embedder))) {
                for (FanoutShape shape : shapes) {
                    measure(vertx, shape, List.of(new CollabDoor(boardwalk), boardwalk));
                }
            } finally {
                Waits.await(vertx.close());
            }
            return 0;
        }
        System.out.println("starting both servers ...");
        try (Rival boardwalk = BoardwalkRival.start(Map.of("BOARDWALK_EMBEDDER", embedder));
                Rival yWebsocket = YWebsocketRival.start(NpmPeers.install(home.resolve("bench")))) {
            for (FanoutShape shape : shapes) {
                measure(vertx, shape, List.of(boardwalk, yWebsocket));
            }
        } finally {
            Waits.await(vertx.close());
        }
        return 0;
    }

    private void measure(Vertx vertx, FanoutShape shape, List<Rival> rivals) {
        System.out.printf("%n%s (rooms x clients x keystrokes), %d rounds of %d s, in turn%n", shape, rounds, seconds);
        Map<Rival, List<FanoutRound>> results = new LinkedHashMap<>();
        for (Rival rival : rivals) {
            results.put(rival, new ArrayList<>());
            // Whole rounds: opening, leaving and flushing have to be warm too, not only what is measured.
            for (int warm = 0; warm < warmup; warm += seconds) {
                System.out.printf(
                        "  warm-up   %-26s %s%n",
                        rival.title(), round(vertx, shape, rival, Duration.ofSeconds(seconds)));
            }
        }
        for (int round = 1; round <= rounds; round++) {
            for (Rival rival : rivals) {
                FanoutRound result = round(vertx, shape, rival, Duration.ofSeconds(seconds));
                results.computeIfAbsent(rival, _ -> new ArrayList<>()).add(result);
                System.out.printf("  round %-3d %-26s %s%n", round, rival.title(), result);
            }
        }
        FanoutTable.print(System.out, shape, results);
    }

    /** One server under one load, from fresh rooms to closed sockets. */
    private static FanoutRound round(Vertx vertx, FanoutShape shape, Rival rival, Duration length) {
        String run = "fanout-" + Long.toString(System.nanoTime(), 36);
        FanoutLoad load = Waits.await(FanoutLoad.deploy(vertx, rival, shape, run));
        try {
            Waits.await(load.onLoop(() -> {
                load.type();
                return true;
            }));
            pause(Duration.ofSeconds(1));
            Waits.await(load.onLoop(load::take));
            long cpuBefore = ProcessCpu.microsOf(rival.pids());
            long begin = System.nanoTime();
            pause(length);
            FanoutLoad.Counted counted = Waits.await(load.onLoop(load::take));
            long elapsed = System.nanoTime() - begin;
            long cpu = ProcessCpu.microsOf(rival.pids()) - cpuBefore;
            Waits.await(load.onLoop(() -> {
                load.quieten();
                return true;
            }));
            return FanoutRound.of(counted, cpu, elapsed);
        } finally {
            Waits.await(vertx.undeploy(load.deploymentID()));
        }
    }

    /** Lets a load run for a measured span; this is the length of the measurement, not a wait for a condition. */
    private static void pause(Duration span) {
        long end = System.nanoTime() + span.toNanos();
        for (long rest = span.toNanos(); rest > 0; rest = end - System.nanoTime()) {
            LockSupport.parkNanos(rest);
        }
    }
}
