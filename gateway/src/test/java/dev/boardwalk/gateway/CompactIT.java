package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.testkit.BoardwalkProcess;
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

    /** A client inserts "a" into the root text "t": Yjs v1, as yjs 13.6 writes it. */
    private static final byte[] UPDATE = HexFormat.of().parseHex("0101010004010174016100");

    @TempDir
    Path data;

    @Test
    void operations_become_an_archive_and_the_commands_say_so() throws IOException, InterruptedException {
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data, SECONDS);
                HttpClient client = HttpClient.newHttpClient()) {
            URI update = boardwalk.address().resolve("/api/v1/projects/default/entities/board/update");
            HttpRequest post = HttpRequest.newBuilder(update)
                    .header("Content-Type", "application/octet-stream")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(UPDATE))
                    .build();
            assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
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
