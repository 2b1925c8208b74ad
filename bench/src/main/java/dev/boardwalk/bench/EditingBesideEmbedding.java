package dev.boardwalk.bench;

import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** How long keystrokes take while nothing else goes on and while texts are embedded, by turns. */
final class EditingBesideEmbedding {
    private static final FanoutShape SHAPE = new FanoutShape(10, 5, 5);
    private static final int TURNS = 4;
    private static final Duration QUIET = Duration.ofSeconds(10);
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    /** Until the texts are noted for the embedder. */
    private static final Duration BEGINNING = Duration.ofSeconds(3);

    private static final Duration SLICE = Duration.ofMillis(500);

    private final Vertx vertx;
    private final BenchDatabase server;
    private final SearchCorpus corpus;
    private final Latencies quiet = new Latencies();
    private final Latencies busy = new Latencies();
    private long residentBefore;
    private long residentMost;
    private long embeddingNanos;

    EditingBesideEmbedding(Vertx vertx, BenchDatabase server, SearchCorpus corpus) {
        this.vertx = vertx;
        this.server = server;
        this.corpus = corpus;
    }

    /** @param texts to be embedded in all */
    void print(int texts) throws SQLException {
        System.out.printf("%n%s (rooms x clients x keystrokes) while %,d texts are embedded%n", SHAPE, texts);
        residentBefore = residentMost = ProcessCpu.residentBytesOf(List.of(server.pid()));
        for (int turn = 1; turn <= TURNS; turn++) {
            turn(turn, texts / TURNS);
        }
        line("all", quiet, busy);
        System.out.printf(
                Locale.ROOT,
                "embedded %.0f texts/s; resident memory of the server: %d MB before, %d MB at most%n",
                texts * 1e9 / embeddingNanos,
                residentBefore >> 20,
                residentMost >> 20);
    }

    /** With clients of its own: none of them stays for longer than a turn takes. */
    private void turn(int number, int texts) throws SQLException {
        FanoutLoad load = Waits.await(FanoutLoad.deploy(vertx, server.socket("/yjs/bench"), SHAPE, "editing" + number));
        try {
            Waits.await(load.onLoop(() -> {
                load.type();
                return true;
            }));
            measure(load, WARM_UP);
            Latencies without = measure(load, QUIET);
            corpus.addTexts("turn" + number + "-", texts);
            Latencies with = new Latencies();
            measure(load, SLICE);
            long start = System.nanoTime();
            do {
                with.addAll(measure(load, SLICE));
                residentMost = Math.max(residentMost, ProcessCpu.residentBytesOf(List.of(server.pid())));
            } while (System.nanoTime() - start < BEGINNING.toNanos()
                    || corpus.number("select count(*) from search.unembedded") > 0);
            embeddingNanos += System.nanoTime() - start;
            quiet.addAll(without);
            busy.addAll(with);
            line("turn " + number, without, with);
            Waits.await(load.onLoop(() -> {
                load.quieten();
                return true;
            }));
        } finally {
            Waits.await(vertx.undeploy(load.deploymentID()));
        }
    }

    private static void line(String what, Latencies without, Latencies with) {
        System.out.printf(
                Locale.ROOT,
                "%-8s p50 %7.2f ms, embedding %7.2f ms   p99 %7.2f ms, embedding %7.2f ms   ratio %.2f%n",
                what,
                without.millisAt(0.5),
                with.millisAt(0.5),
                without.millisAt(0.99),
                with.millisAt(0.99),
                with.millisAt(0.99) / without.millisAt(0.99));
    }

    /** Confirmed keystrokes of a span, which are those that took longest: they wait for a commit. */
    private static Latencies measure(FanoutLoad load, Duration span) {
        Waits.await(load.onLoop(load::take));
        long end = System.nanoTime() + span.toNanos();
        for (long rest = span.toNanos(); rest > 0; rest = end - System.nanoTime()) {
            LockSupport.parkNanos(rest);
        }
        return Waits.await(load.onLoop(load::take)).confirmations();
    }
}
