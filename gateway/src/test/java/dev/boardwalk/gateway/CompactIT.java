package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.testkit.BoardwalkProcess;
import dev.boardwalk.testkit.PseudoTerminal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} with a retention of seconds, and the commands {@code compact} and {@code verify} beside it. */
class CompactIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Map<String, String> SECONDS = Map.of(
            "BOARDWALK_FLUSH_INTERVAL", "500ms",
            "BOARDWALK_SNAPSHOT_INTERVAL", "1s",
            "BOARDWALK_OPERATION_RETENTION", "2s");

    private static final String ENTITIES = "/api/v1/projects/default/entities/";

    /** Compaction, the early one, and thinning. */
    private static final int RUNS_AT_START = 3;

    /** A client inserts "a" into the root text "t": Yjs v1, as yjs 13.6 writes it. */
    private static final byte[] UPDATE = HexFormat.of().parseHex("0101010004010174016100");

    @TempDir
    Path data;

    @Test
    void operations_become_an_archive_and_the_commands_say_so() throws IOException, InterruptedException {
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data, SECONDS);
                HttpClient client = HttpClient.newHttpClient()) {
            URI update = write(client, boardwalk, "board");
            await().atMost(PATIENCE).until(() -> !archived().isEmpty());

            await().atMost(PATIENCE).untilAsserted(() -> {
                List<String> said = command(0, "compact", "--now");
                assertThat(said.getLast()).startsWith("Nothing to compact");
                assertThat(said).as("no progress bar without a terminal").noneMatch(line -> line.contains("\r"));
            });
            assertThat(command(0, "compact", "--dry-run").getLast()).endsWith("would be removed.");
            assertThat(command(1, "compact", "--release", "default/board").getLast())
                    .isEqualTo("default/board is not in quarantine.");
            assertThat(command(0, "verify").getLast()).isEqualTo("Nothing is wrong.");
            byte[] state = client.send(HttpRequest.newBuilder(update).build(), HttpResponse.BodyHandlers.ofByteArray())
                    .body();
            assertThat(state).isEqualTo(UPDATE);

            Path object = archived().getFirst();
            byte[] bytes = Files.readAllBytes(object);
            bytes[bytes.length / 2] ^= 1;
            Files.write(object, bytes);
            assertThat(command(1, "verify"))
                    .anyMatch(line -> line.startsWith("WRONG: archived operations") && line.contains("archive/"));
            assertThat(boardwalk.terminate()).isZero();
        }
    }

    @Test
    void at_a_terminal_a_bar_shows_how_far_a_run_is_and_makes_room_for_the_report()
            throws IOException, InterruptedException {
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data);
                HttpClient client = HttpClient.newHttpClient();
                PseudoTerminal terminal = PseudoTerminal.open()) {
            // Those that come with every start have to be over, or they would leave nothing to this one.
            await().atMost(PATIENCE)
                    .until(() -> RawHttp.metric(boardwalk.address(), "boardwalk_compact_runs") >= RUNS_AT_START);
            for (String name : List.of("one", "two", "three")) {
                write(client, boardwalk, name);
                RawHttp.body(boardwalk.address(), ENTITIES + name + "?fresh=true");
            }
            String[] arguments = {"compact", "--now", "--data", data.toString()};
            try (BoardwalkProcess command = BoardwalkProcess.startAt(terminal, data, Map.of(), arguments)) {
                assertThat(command.awaitExit()).isZero();
            }
            String bar = "\r[" + "#".repeat(30) + "] 3 of 3 documents\r\033[K";
            assertThat(terminal.drawn()).contains(bar).containsPattern("(?s)\\033\\[Kentities     3\\R.*time ");
        }
    }

    /** Answers the address of the update. */
    private static URI write(HttpClient client, BoardwalkProcess boardwalk, String name)
            throws IOException, InterruptedException {
        URI update = boardwalk.address().resolve(ENTITIES + name + "/update");
        HttpRequest post = HttpRequest.newBuilder(update)
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(UPDATE))
                .build();
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
        return update;
    }

    private List<String> command(int exitCode, String... arguments) {
        String[] all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()))
                .toArray(String[]::new);
        try (BoardwalkProcess command = BoardwalkProcess.start(data, SECONDS, all)) {
            int code = command.awaitExit();
            assertThat(code).as(command.toString()).isEqualTo(exitCode);
            return command.output();
        }
    }

    private List<Path> archived() throws IOException {
        Path folder = data.resolve("objects/archive");
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
