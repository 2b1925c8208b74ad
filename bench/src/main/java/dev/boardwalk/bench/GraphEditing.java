package dev.boardwalk.bench;

import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** What typing takes while others ask who depends on whom, and without, in turn on one server. */
final class GraphEditing {
    private static final FanoutShape TYPING = new FanoutShape(10, 2, 5);
    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final int WARM_UP = 2;
    private static final int ASKERS = 20;

    /** Of each: a person who clicks as fast as one can, for as long as it lasts. */
    private static final double QUESTIONS_PER_SECOND = 5;

    private final Latencies arrivedWithout = new Latencies();
    private final Latencies arrivedWith = new Latencies();
    private final Latencies savedWithout = new Latencies();
    private final Latencies savedWith = new Latencies();
    private int answers;

    private GraphEditing() {}

    /** Prints the percentiles of both, and the ratio. */
    static void measure(Vertx vertx, URI server, GraphOverHttp http, int windows) {
        URI rooms = URI.create("ws://" + server.getAuthority() + "/yjs/editing");
        FanoutLoad load =
                Waits.await(FanoutLoad.deploy(vertx, rooms, TYPING, "graph-" + Long.toString(System.nanoTime(), 36)));
        GraphEditing editing = new GraphEditing();
        try {
            Waits.await(load.onLoop(() -> {
                load.type();
                return true;
            }));
            for (int window = -WARM_UP; window < windows; window++) {
                editing.windows(load, http, window >= 0);
            }
            Waits.await(load.onLoop(() -> {
                load.quieten();
                return true;
            }));
        } finally {
            Waits.await(vertx.undeploy(load.deploymentID()));
        }
        editing.print(windows);
    }

    private void windows(FanoutLoad load, GraphOverHttp http, boolean counted) {
        count(window(load), counted, arrivedWithout, savedWithout);
        try (GraphOverHttp.Askers askers = http.askers(ASKERS, QUESTIONS_PER_SECOND)) {
            count(window(load), counted, arrivedWith, savedWith);
            answers += counted ? askers.end() : 0;
        }
    }

    private static FanoutLoad.Counted window(FanoutLoad load) {
        Waits.await(load.onLoop(load::take));
        LockSupport.parkNanos(WINDOW.toNanos());
        return Waits.await(load.onLoop(load::take));
    }

    private static void count(FanoutLoad.Counted window, boolean counted, Latencies arrived, Latencies saved) {
        if (counted) {
            arrived.addAll(window.latencies());
            saved.addAll(window.confirmations());
        }
    }

    private void print(int windows) {
        System.out.printf(
                Locale.ROOT,
                "%nediting (%s) without and while %d clients ask (%,.0f answers a second), %d windows of %d s each%n",
                TYPING,
                ASKERS,
                (double) answers / windows / WINDOW.toSeconds(),
                windows,
                WINDOW.toSeconds());
        line("until others have a keystroke", arrivedWithout, arrivedWith);
        line("until it is saved", savedWithout, savedWith);
    }

    private static void line(String title, Latencies without, Latencies with) {
        System.out.printf(
                Locale.ROOT,
                "  %-36s p50 %.2f and %.2f ms, p99 %.2f and %.2f ms: p99 %.2f times%n",
                title,
                without.millisAt(0.5),
                with.millisAt(0.5),
                without.millisAt(0.99),
                with.millisAt(0.99),
                with.millisAt(0.99) / without.millisAt(0.99));
    }
}
