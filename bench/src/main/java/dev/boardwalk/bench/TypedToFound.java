package dev.boardwalk.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** How long it takes until what was typed is found: by itself, and by who asks for it with its position. */
final class TypedToFound {
    /** Edits, one each second, so that they meet flushes at different times. */
    private static final int EDITS = 35;

    private static final Duration BETWEEN = Duration.ofSeconds(1);

    /** Asked for so often: a tenth of what can be seen of the two seconds that are promised beyond a flush. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final URI server;

    TypedToFound(URI server) {
        this.server = server;
    }

    private record Edit(String word, long nanos) {}

    void print() throws IOException, InterruptedException {
        Latencies found = new Latencies();
        Latencies asked = new Latencies();
        try (HttpClient http = HttpClient.newHttpClient()) {
            List<Edit> missing = new ArrayList<>();
            long start = System.nanoTime();
            for (int made = 0; made < EDITS || !missing.isEmpty(); ) {
                if (made < EDITS && System.nanoTime() - start > made * BETWEEN.toNanos()) {
                    missing.add(edit(http, "typed-" + made));
                    made++;
                }
                for (Edit edit : List.copyOf(missing)) {
                    if (finds(http, edit.word, "")) {
                        found.add(System.nanoTime() - edit.nanos);
                        missing.remove(edit);
                    } else if (System.nanoTime() - edit.nanos > PATIENCE.toNanos()) {
                        throw new IllegalStateException("what was typed is not found after " + PATIENCE);
                    }
                }
                LockSupport.parkNanos(LOOK.toNanos());
            }
            for (int i = 0; i < EDITS; i++) {
                askedFor(http, "asked-" + i, asked);
            }
        }
        line("typed until found, flushing every 30 s", found);
        line("typed until found with after=", asked);
    }

    private static void line(String what, Latencies latencies) {
        System.out.printf(
                Locale.ROOT,
                "%-48s p50 %8.0f ms  slowest %8.0f ms  (%d)%n",
                what,
                latencies.millisAt(0.5),
                latencies.millisAt(1),
                latencies.count());
    }

    private void askedFor(HttpClient http, String entity, Latencies latencies)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        long stamp = stamp();
        String position = type(http, entity, stamp).replaceAll("\\D", "");
        if (!finds(http, Long.toHexString(stamp), "&after=" + position)) {
            throw new IllegalStateException("what was typed is not found after position " + position);
        }
        latencies.add(System.nanoTime() - start);
    }

    private Edit edit(HttpClient http, String entity) throws IOException, InterruptedException {
        long stamp = stamp();
        type(http, entity, stamp);
        return new Edit(Long.toHexString(stamp), System.nanoTime());
    }

    /** A word of 16 digits and letters that nobody has said. */
    private static long stamp() {
        return ThreadLocalRandom.current().nextLong() | 1L << 63;
    }

    private String type(HttpClient http, String entity, long stamp) throws IOException, InterruptedException {
        byte[] update = new TypingPeer(1 + ThreadLocalRandom.current().nextLong(0xffff_ffffL)).next(stamp);
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(server + "/api/v1/projects/bench/entities/" + entity + "/update"))
                        .header("Content-Type", "application/octet-stream")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(update))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("the edit was answered " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private boolean finds(HttpClient http, String word, String parameters) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(server + "/api/v1/search?q=%22" + word + "%22" + parameters))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("the question was answered " + answer.body());
        }
        return answer.body().contains("<mark>");
    }
}
