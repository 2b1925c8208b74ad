package dev.boardwalk.bench;

import dev.boardwalk.testkit.BoardwalkProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long it takes to read what a board of one megabyte was, in the last hour and on a day that is archived; the CPU
 * time is that of the server's processes, Postgres with them. Ends with 1 above the targets.
 */
@Command(
        name = "history",
        description = "Reading a large board at past times, from the table and from the archive.",
        mixinStandardHelpOptions = true)
final class HistoryCommand implements Callable<Integer> {
    /**
     * A day passes in 48 seconds, an hour (one partition, so one block of the archive) in two: between two snapshots lie
     * the blocks of a whole day.
     */
    private static final Map<String, String> SETTINGS = Map.of(
            "BOARDWALK_FLUSH_INTERVAL", "10s",
            "BOARDWALK_SNAPSHOT_INTERVAL", "48s",
            "BOARDWALK_OPERATION_RETENTION", "48s");

    private static final Duration DAY = Duration.ofSeconds(48);
    private static final int FLUSHES_A_DAY = 48;

    /** Two intervals, and some time for the runs. */
    private static final Duration UNTIL_ARCHIVED = Duration.ofSeconds(110);

    private static final double HOUR_TARGET_MILLIS = 50;
    private static final double DAY_TARGET_MILLIS = 500;

    @Option(names = "--nodes", defaultValue = "2900", description = "nodes of the board (default ${DEFAULT-VALUE})")
    private int nodes;

    @Option(
            names = "--edits",
            defaultValue = "120",
            description = "flushes in the last hour (default ${DEFAULT-VALUE}, one in 30 s)")
    private int edits;

    @Option(names = "--reads", defaultValue = "40", description = "reads of each kind (default ${DEFAULT-VALUE})")
    private int reads;

    private final HttpClient client = HttpClient.newHttpClient();
    private List<Long> processes = List.of();
    private int clients;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("boardwalk.home", "")).toAbsolutePath();
        byte[] board = NpmPeers.install(home.resolve("bench")).board(nodes);
        Path data = Files.createTempDirectory("boardwalk-bench");
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data, SETTINGS)) {
            processes = List.of(boardwalk.pid(), boardwalk.databasePid());
            URI entity = boardwalk.address().resolve("/api/v1/projects/bench/entities/board");
            write(entity, board);
            List<Instant> day = edits(entity, FLUSHES_A_DAY, DAY.dividedBy(FLUSHES_A_DAY));
            System.out.printf(Locale.ROOT, "a board of %,d bytes; %d reads of each kind%n%n", board.length, reads);
            System.out.printf(
                    "  %-44s %10s %10s %10s %10s%n", "GET E/at", "median ms", "p95 ms", "slowest ms", "CPU ms");
            // Compaction goes by the clock, and nobody asks for anything meanwhile, so that no read can find it half
            // done.
            Thread.sleep(UNTIL_ARCHIVED);
            List<Instant> hour = edits(entity, edits, Duration.ZERO);
            read(entity, hour, "warm-up, last hour");
            double lastHour = read(entity, hour, "an instant of last hour (target 50 ms)");
            read(entity, day, "warm-up, archived day");
            double archived = read(entity, day, "an instant of an archived day (target 500 ms)");
            boardwalk.terminate();
            return lastHour <= HOUR_TARGET_MILLIS && archived <= DAY_TARGET_MILLIS ? 0 : 1;
        } finally {
            BenchDatabase.delete(data);
        }
    }

    /** So many flushes of one letter each, and when each of them was done. */
    private List<Instant> edits(URI entity, int count, Duration pause) throws IOException, InterruptedException {
        List<Instant> times = new ArrayList<>();
        for (int edit = 0; edit < count; edit++) {
            write(entity, letter(++clients));
            times.add(Instant.now());
            Thread.sleep(pause); // as people do: each edit is to be in a flush, and in a partition, of its own time
        }
        return times;
    }

    private void write(URI entity, byte[] update) throws IOException, InterruptedException {
        ask(HttpRequest.newBuilder(URI.create(entity + "/update")).POST(BodyPublishers.ofByteArray(update)));
        ask(HttpRequest.newBuilder(URI.create(entity + "?fresh=true")).HEAD());
    }

    /** A new client that writes one letter into a text of its own. */
    private static byte[] letter(int client) {
        return new Lib0Bytes(32)
                .octet(1)
                .octet(1)
                .varUint(client)
                .octet(0)
                .octet(4)
                .octet(1)
                .octet(1)
                .octet('t')
                .octet(1)
                .octet('x')
                .octet(0)
                .toArray();
    }

    /** Prints and answers the median, in milliseconds. */
    private double read(URI entity, List<Instant> times, String title) throws IOException, InterruptedException {
        Random random = new Random(1);
        Latencies latencies = new Latencies();
        long cpuBefore = ProcessCpu.microsOf(processes);
        for (int at = 0; at < reads; at++) {
            Instant time = times.get(random.nextInt(times.size()));
            long start = System.nanoTime();
            ask(HttpRequest.newBuilder(URI.create(entity + "/at?time=" + time)));
            latencies.add(System.nanoTime() - start);
        }
        double cpuMillis = (ProcessCpu.microsOf(processes) - cpuBefore) / 1e3 / reads;
        double median = latencies.millisAt(0.5);
        System.out.printf(
                Locale.ROOT,
                "  %-44s %10.1f %10.1f %10.1f %10.1f%n",
                title,
                median,
                latencies.millisAt(0.95),
                latencies.millisAt(1),
                cpuMillis);
        return median;
    }

    private void ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.uri() + " answered " + answer.statusCode() + " "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
    }
}
