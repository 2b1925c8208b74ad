package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.testkit.BoardwalkProcess;
import dev.boardwalk.testkit.MinioProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole Boardwalk whose bucket, in a real MinIO, refuses it or goes away. */
class ObjectStorageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A client inserts "a" into the root text "t": Yjs v1, as yjs 13.6 writes it. */
    private static final byte[] UPDATE = HexFormat.of().parseHex("0101010004010174016100");

    @TempDir
    Path data;

    /** The settings for the bucket of this server. */
    static Map<String, String> bucketOf(MinioProcess minio) {
        return Map.of(
                "BOARDWALK_S3_ENDPOINT", minio.endpoint().toString(),
                "BOARDWALK_S3_BUCKET", MinioProcess.BUCKET,
                "BOARDWALK_S3_ACCESS_KEY", MinioProcess.ACCESS_KEY,
                "BOARDWALK_S3_SECRET_KEY", MinioProcess.SECRET_KEY);
    }

    @Test
    void wrong_credentials_and_a_missing_bucket_are_one_clear_line_each_at_the_start() {
        try (MinioProcess minio = MinioProcess.start()) {
            assertThat(refusal(minio, "BOARDWALK_S3_SECRET_KEY", "wrong-secret"))
                    .contains("credentials are wrong")
                    .doesNotContain("wrong-secret");
            assertThat(refusal(minio, "BOARDWALK_S3_BUCKET", "nowhere")).contains("the bucket does not exist");
        }
    }

    private String refusal(MinioProcess minio, String setting, String value) {
        Map<String, String> settings = new HashMap<>(bucketOf(minio));
        settings.put(setting, value);
        String[] arguments = {"up", "--port", "0", "--data", data.toString()};
        try (BoardwalkProcess boardwalk = BoardwalkProcess.start(data, settings, arguments)) {
            assertThat(boardwalk.awaitExit()).as(boardwalk.toString()).isEqualTo(1);
            List<String> complaints = boardwalk.output().stream()
                    .filter(line -> line.startsWith("boardwalk: "))
                    .toList();
            assertThat(complaints).as(boardwalk.toString()).hasSize(1);
            assertThat(boardwalk.output()).noneMatch(line -> line.startsWith("\tat "));
            return complaints.getFirst();
        }
    }

    @Test
    void edits_go_on_while_the_objects_are_away_and_readiness_says_so() {
        try (MinioProcess minio = MinioProcess.start();
                BoardwalkProcess boardwalk = BoardwalkProcess.up(data, bucketOf(minio))) {
            assertThat(objects(boardwalk).getString("status")).isEqualTo("ok");
            minio.kill();
            await().atMost(PATIENCE).untilAsserted(() -> {
                JsonObject objects = objects(boardwalk);
                assertThat(objects.getString("status")).isEqualTo("failed");
                assertThat(objects.getString("detail")).isNotBlank().doesNotContain("\n");
            });
            assertThat(write(boardwalk)).isEqualTo(200);
            minio.restart();
            await().atMost(PATIENCE)
                    .until(() -> objects(boardwalk).getString("status").equals("ok"));
            assertThat(boardwalk.terminate()).isZero();
        }
    }

    /** What readiness, which is a 200 for all that is asked here, says about them. */
    private static JsonObject objects(BoardwalkProcess boardwalk) {
        return new JsonObject(RawHttp.body(boardwalk.address(), "/readyz"))
                .getJsonObject("checks")
                .getJsonObject("objects");
    }

    private static int write(BoardwalkProcess boardwalk) {
        URI update = boardwalk.address().resolve("/api/v1/projects/default/entities/board/update");
        HttpRequest post = HttpRequest.newBuilder(update)
                .POST(HttpRequest.BodyPublishers.ofByteArray(UPDATE))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(post, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(post + " failed", failure);
        }
    }
}
