package dev.boardwalk.bench;

import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BackgroundService;
import io.vertx.core.Vertx;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * What people who edit feel of a compaction: the same typing while a run is on and for as long without one, in turn. The
 * run has the process of the clients, the server one of its own; all share the machine and the database.
 */
final class LiveBesideCompaction {
    /** Two hundred people in twenty rooms, five keystrokes a second each. */
    private static final FanoutShape SHAPE = new FanoutShape(20, 10, 5);

    private static final double RATIO_TARGET = 2;

    private static final Duration SHORTEST = Duration.ofSeconds(3);

    private final CompactLoad entities;
    private final BackgroundService compactor;
    private final BackgroundContext context;
    private final Side beside = new Side();
    private final Side without = new Side();

    LiveBesideCompaction(CompactLoad entities, BackgroundService compactor, BackgroundContext context) {
        this.entities = entities;
        this.compactor = compactor;
        this.context = context;
    }

    /** What was measured with a run, or without. */
    private static final class Side {
        private final Latencies seen = new Latencies();
        private final Latencies confirmed = new Latencies();

        void add(FanoutLoad.Counted counted) {
            seen.addAll(counted.latencies());
            confirmed.addAll(counted.confirmations());
        }
    }

    /**
     * Prints every round and what they come to.
     *
     * @param server where clients connect
     * @param changed entities that a run finds changed
     */
    void measure(Vertx vertx, URI server, int rounds, int changed) throws SQLException {
        URI base = URI.create("ws://" + server.getHost() + ":" + server.getPort() + "/yjs/bench");
        System.out.printf("live editing (%s) beside runs over %,d changed entities%n", SHAPE, changed);
        for (int round = 0; round <= rounds; round++) {
            entities.change(changed);
            FanoutLoad load =
                    Waits.await(FanoutLoad.deploy(vertx, base, SHAPE, "live-" + Long.toString(System.nanoTime(), 36)));
            Waits.await(load.onLoop(() -> {
                load.type();
                return true;
            }));
            measure(load, round);
            Waits.await(load.onLoop(() -> {
                load.quieten();
                return true;
            }));
            Waits.await(vertx.undeploy(load.deploymentID()));
        }
        say("others see a keystroke", beside.seen, without.seen);
        say("its sender has it confirmed", beside.confirmed, without.confirmed);
    }

    /** The first round of all is there to have everything compiled. */
    private void measure(FanoutLoad load, int round) {
        pause(SHORTEST);
        Waits.await(load.onLoop(load::take));
        Duration length = run();
        FanoutLoad.Counted with = Waits.await(load.onLoop(load::take));
        pause(length);
        FanoutLoad.Counted calm = Waits.await(load.onLoop(load::take));
        if (round > 0) {
            beside.add(with);
            without.add(calm);
        }
        System.out.printf(
                Locale.ROOT,
                "  %s, %.1f s each: p99 %.2f ms beside a run, %.2f ms without%n",
                round == 0 ? "warm-up" : "round " + round,
                length.toMillis() / 1e3,
                with.latencies().millisAt(0.99),
                calm.latencies().millisAt(0.99));
    }

    /** Runs, again if one was too short to be measured; answers how long it took. */
    private Duration run() {
        long begin = System.nanoTime();
        Duration length;
        do {
            compactor.runOnce(context, BackgroundService.Progress.NONE);
            length = Duration.ofNanos(System.nanoTime() - begin);
        } while (length.compareTo(SHORTEST) < 0);
        return length;
    }

    private static void say(String what, Latencies beside, Latencies without) {
        System.out.printf(
                Locale.ROOT,
                "  %s: p99 %.2f ms beside a run, %.2f ms without, ratio %.2f (target %.0f); median %.2f and %.2f ms%n",
                what,
                beside.millisAt(0.99),
                without.millisAt(0.99),
                beside.millisAt(0.99) / without.millisAt(0.99),
                RATIO_TARGET,
                beside.millisAt(0.5),
                without.millisAt(0.5));
    }

    private static void pause(Duration span) {
        long end = System.nanoTime() + span.toNanos();
        for (long rest = span.toNanos(); rest > 0; rest = end - System.nanoTime()) {
            LockSupport.parkNanos(rest);
        }
    }
}
