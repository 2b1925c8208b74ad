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

/** How long it takes to read what a large board was: while its operations are in the table, and out of the archive. */
@Command(
        name = "history",
        description = "Reading a large board at past times, from the table and from the archive.",
        mixinStandardHelpOptions = true)
final class HistoryCommand implements Callable<Integer> {
    /** Short, so that operations are in the archive soon; what a read costs does not depend on it. */
    private static final Map<String, String> SETTINGS = Map.of(
            "BOARDWALK_FLUSH_INTERVAL", "10s",
            "BOARDWALK_SNAPSHOT_INTERVAL", "20s",
            "BOARDWALK_OPERATION_RETENTION", "48s");

    private static final Duration UNTIL_ARCHIVED = Duration.ofSeconds(120);

    @Option(names = "--nodes", defaultValue = "2800", description = "nodes of the board (default ${DEFAULT-VALUE})")
    private int nodes;

    @Option(
            names = "--edits",
            defaultValue = "60",
            description = "flushes after it was made (default ${DEFAULT-VALUE})")
    private int edits;

    @Option(names = "--reads", defaultValue = "40", description = "reads of each kind (default ${DEFAULT-VALUE})")
    private int reads;

    private final HttpClient client = HttpClient.newHttpClient();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("boardwalk.home", "")).toAbsolutePath();
        byte[] board = NpmPeers.install(home.resolve("bench")).board(nodes);
        Path data = Files.createTempDirectory("boardwalk-bench");
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data, SETTINGS)) {
            URI entity = boardwalk.address().resolve("/api/v1/projects/bench/entities/board");
            List<Instant> times = write(entity, board);
            System.out.printf(Locale.ROOT, "a board of %,d bytes, %d flushes later%n%n", board.length, edits);
            System.out.printf("  %-30s %10s %10s %10s%n", "GET at, ms", "median", "p95", "slowest");
            read(entity, times, "from the table, first");
            read(entity, times, "from the table");
            Thread.sleep(UNTIL_ARCHIVED);
            read(entity, times, "from the archive, first");
            read(entity, times, "from the archive");
            boardwalk.terminate();
        } finally {
            BenchDatabase.delete(data);
        }
        return 0;
    }

    private List<Instant> write(URI entity, byte[] board) throws IOException, InterruptedException {
        List<Instant> times = new ArrayList<>();
        for (int edit = 0; edit <= edits; edit++) {
            byte[] update = edit == 0 ? board : letter(edit);
            ask(HttpRequest.newBuilder(URI.create(entity + "/update")).POST(BodyPublishers.ofByteArray(update)));
            ask(HttpRequest.newBuilder(URI.create(entity + "?fresh=true")).HEAD());
            times.add(Instant.now());
        }
        return times;
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

    private void read(URI entity, List<Instant> times, String title) throws IOException, InterruptedException {
        Random random = new Random(1);
        Latencies latencies = new Latencies();
        for (int at = 0; at < reads; at++) {
            Instant time = times.get(random.nextInt(times.size()));
            long start = System.nanoTime();
            ask(HttpRequest.newBuilder(URI.create(entity + "/at?time=" + time)));
            latencies.add(System.nanoTime() - start);
        }
        System.out.printf(
                Locale.ROOT,
                "  %-30s %10.1f %10.1f %10.1f%n",
                title,
                latencies.millisAt(0.5),
                latencies.millisAt(0.95),
                latencies.millisAt(1));
    }

    private void ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.uri() + " answered " + answer.statusCode() + " "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
    }
}
