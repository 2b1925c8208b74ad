package dev.boardwalk.bench;

import dev.boardwalk.bench.GraphCorpus.Hub;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Dependents as users get them: over connections that stay open, names and all. */
final class GraphOverHttp {
    /** Requests until the server, which has just been started, has compiled what they need. */
    private static final int WARM_UP = 20_000;

    private final URI server;
    private final List<Hub> hubs;

    /** @param hubs of the organisation {@code local} */
    GraphOverHttp(URI server, List<Hub> hubs) {
        this.server = server;
        this.hubs = hubs;
    }

    /** One way of asking, with a connection of its own; answers how many vertices it came to. */
    interface Way extends AutoCloseable {
        int ask(Hub hub) throws SQLException, IOException;

        @Override
        void close() throws SQLException, IOException;
    }

    /** Opens a connection for one thread. */
    interface Ways {
        Way open() throws SQLException, IOException;
    }

    Way http(String depth) throws IOException {
        KeepAliveConnection connection = new KeepAliveConnection(server);
        return new Way() {
            @Override
            public int ask(Hub hub) throws IOException {
                return objects(connection.get(path(hub, depth)));
            }

            @Override
            public void close() throws IOException {
                connection.close();
            }
        };
    }

    private static String path(Hub hub, String depth) {
        return "/api/v1/projects/bench/entities/" + hub.name() + "/dependents?depth=" + depth;
    }

    /** Objects within the one that is the answer. */
    private static int objects(byte[] json) {
        int objects = 0;
        for (byte each : json) {
            objects += each == '{' ? 1 : 0;
        }
        return objects - 1;
    }

    void warmUp() throws IOException {
        try (KeepAliveConnection connection = new KeepAliveConnection(server)) {
            for (int request = 0; request < WARM_UP; request++) {
                connection.get(path(hubs.get(request % hubs.size()), request % 8 == 0 ? "all" : "1"));
            }
        }
    }

    /** What one client sees, asking about each hub so many times. */
    void alone(GraphTable table, String title, int times, Ways ways) throws SQLException, IOException {
        Latencies latencies = new Latencies();
        long reached = 0;
        try (Way way = ways.open()) {
            for (int round = 0; round <= times; round++) {
                for (Hub hub : hubs) {
                    long start = System.nanoTime();
                    int count = way.ask(hub);
                    if (round > 0) {
                        latencies.add(System.nanoTime() - start);
                        reached += count;
                    }
                }
            }
        }
        table.line(title, latencies, (double) reached / latencies.count());
    }

    /** Answers a second that so many clients get at once. */
    double together(int clients, double seconds, Ways ways) throws InterruptedException {
        long until = System.nanoTime() + (long) (seconds * 1e9);
        List<Callable<Integer>> work = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            int first = client * hubs.size() / clients;
            work.add(() -> {
                int answers = 0;
                try (Way way = ways.open()) {
                    while (System.nanoTime() - until < 0) {
                        way.ask(hubs.get((first + answers) % hubs.size()));
                        answers++;
                    }
                }
                return answers;
            });
        }
        long start = System.nanoTime();
        int answers = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            for (Future<Integer> each : threads.invokeAll(work)) {
                answers += each.get();
            }
        } catch (ExecutionException failure) {
            throw new IllegalStateException("a client of the benchmark failed", failure.getCause());
        }
        return answers * 1e9 / (System.nanoTime() - start);
    }

    /** Clients that ask a mix of questions until they are closed, each so many a second. */
    Askers askers(int clients, double perSecond) {
        return new Askers(clients, perSecond);
    }

    /** See {@link #askers}. */
    final class Askers implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final ExecutorService threads;
        private final List<Future<Integer>> work = new ArrayList<>();

        private Askers(int clients, double perSecond) {
            threads = Executors.newFixedThreadPool(clients);
            for (int client = 0; client < clients; client++) {
                work.add(threads.submit(() -> ask((long) (1e9 / perSecond))));
            }
        }

        private int ask(long periodNanos) throws IOException {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            long next = System.nanoTime() + random.nextLong(periodNanos);
            int answers = 0;
            try (KeepAliveConnection connection = new KeepAliveConnection(server)) {
                while (!over.get()) {
                    LockSupport.parkNanos(next - System.nanoTime());
                    next += periodNanos;
                    Hub hub = hubs.get(random.nextInt(hubs.size()));
                    connection.get(path(hub, answers % 2 == 0 ? "1" : "all&limit=100"));
                    answers++;
                }
            }
            return answers;
        }

        /** Answers they got. */
        int end() {
            over.set(true);
            int answers = 0;
            try {
                for (Future<Integer> each : work) {
                    answers += each.get();
                }
            } catch (ExecutionException failure) {
                throw new IllegalStateException("a client of the benchmark failed", failure.getCause());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted during a benchmark", interrupted);
            }
            return answers;
        }

        @Override
        public void close() {
            over.set(true);
            threads.close();
        }
    }

    static String rate(String title, double http, double sql) {
        return String.format(
                Locale.ROOT, "  %-36s %,10.0f a second, SQL %,8.0f: %.1f times", title, http, sql, http / sql);
    }
}
