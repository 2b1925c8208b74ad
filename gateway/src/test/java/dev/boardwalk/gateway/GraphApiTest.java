package dev.boardwalk.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls about relationships on a gateway that runs as it does for users. */
class GraphApiTest {
    /** Inserts "hey" into the root text "t" as client 1; written by yjs 13.6. */
    private static final byte[] HEY = HexFormat.of().parseHex("01010100040101740368657900");

    private static final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private static Path data;

    private static TestDatabase database;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        database = TestDatabase.create();
        gateway = RunningGateway.start(
                GatewaySettings.from(Map.of(
                        "DATABASE_URL", database.url(), "BOARDWALK_PORT", "0", "BOARDWALK_DATA", data.toString())),
                _ -> {});
        for (String name : List.of("a", "b", "c", "with/slash")) {
            assertThat(send("POST", entity(name) + "/update", HEY).statusCode()).isEqualTo(200);
        }
    }

    @AfterAll
    static void stop() {
        gateway.close();
        database.close();
    }

    @Test
    void what_is_set_by_hand_is_answered_at_once_and_can_be_removed() throws Exception {
        assertThat(send("PUT", entity("a") + "/relationships/DEPENDS_ON/b", "{\"why\": 1}".getBytes(UTF_8))
                        .statusCode())
                .isEqualTo(200);
        assertThat(send("PUT", entity("b") + "/relationships/DEPENDS_ON/with%2Fslash", new byte[0])
                        .statusCode())
                .isEqualTo(200);
        JsonObject direct = json(entity("with/slash") + "/dependents");
        assertThat(names(direct.getJsonArray("vertices"))).containsExactly("b");
        JsonObject all = json(entity("with/slash") + "/dependents?depth=all&type=DEPENDS_ON");
        assertThat(names(all.getJsonArray("vertices"))).containsExactly("b", "a");
        assertThat(all.getJsonArray("vertices").getJsonObject(1).getInteger("depth"))
                .isEqualTo(2);
        assertThat(all.getBoolean("truncated")).isFalse();
        assertThat(all.getLong("asOf")).isPositive();
        assertThat(json(entity("a") + "/relationships")
                        .getJsonArray("relationships")
                        .getJsonObject(0)
                        .getJsonObject("properties"))
                .isEqualTo(new JsonObject().put("why", 1));
        send("PUT", entity("a") + "/relationships/DEPENDS_ON/b", "{\"properties\":{\"why\":2}}".getBytes(UTF_8));
        assertThat(json(entity("a") + "/relationships")
                        .getJsonArray("relationships")
                        .getJsonObject(0)
                        .getJsonObject("properties"))
                .as("put back as it was read")
                .isEqualTo(new JsonObject().put("why", 2));
        assertThat(names(json("/api/v1/projects/default/path?from=a&to=with/slash")
                        .getJsonArray("vertices")))
                .containsExactly("a", "b", "with/slash");
        assertThat(json("/api/v1/projects/default/cycles").getJsonArray("cycles"))
                .isEmpty();
        assertThat(json(entity("with/slash") + "/impact").getJsonArray("groups"))
                .hasSize(2);
        for (int time = 0; time < 2; time++) {
            assertThat(send("DELETE", entity("a") + "/relationships/DEPENDS_ON/b", new byte[0])
                            .statusCode())
                    .isEqualTo(204);
        }
        assertThat(names(json(entity("b") + "/dependents").getJsonArray("vertices")))
                .isEmpty();
    }

    @Test
    void a_position_is_waited_for() throws Exception {
        long position =
                new JsonObject(send("POST", entity("c") + "/update", HEY).body()).getLong("position");
        assertThat(json(entity("c") + "/dependents?after=" + position).getLong("asOf"))
                .isGreaterThanOrEqualTo(position);
    }

    @Test
    void bad_questions_are_told_what_is_wrong() throws Exception {
        assertThat(problem("GET", entity("nobody") + "/dependents", 404)).contains("nobody");
        assertThat(problem("GET", entity("a") + "/dependents?element=nowhere", 404))
                .contains("nowhere");
        for (String depth : List.of("0", "1000000000", "-1", "x", "")) {
            assertThat(problem("GET", entity("a") + "/dependents?depth=" + depth, 400))
                    .contains("depth");
        }
        assertThat(problem("GET", entity("a") + "/dependents?type=no-type", 400))
                .contains("invalid-type");
        assertThat(problem("GET", entity("a") + "/dependents?limit=0", 400)).contains("limit");
        assertThat(problem("GET", entity("a") + "/dependents?after=soon", 400)).contains("after");
        assertThat(problem("GET", entity("a") + "/relationships?cursor=nonsense", 400))
                .contains("invalid-cursor");
        assertThat(problem("GET", entity("a") + "/relationships?direction=up", 400))
                .contains("direction");
        assertThat(problem("PUT", entity("a") + "/relationships/depends/b", 400))
                .contains("invalid-type");
        assertThat(problem("PUT", entity("a") + "/relationships/DEPENDS_ON/nobody", 404))
                .contains("nobody");
        assertThat(problem("PUT", entity("nobody") + "/relationships/DEPENDS_ON/a", 404))
                .contains("nobody");
        assertThat(problem("GET", "/api/v1/projects/default/path?from=a", 400)).contains("to");
        assertThat(problem("GET", "/api/v1/projects/nowhere/cycles", 404)).contains("nowhere");
        assertThat(send("PUT", entity("a") + "/relationships/DEPENDS_ON/b", "[1]".getBytes(UTF_8))
                        .statusCode())
                .isEqualTo(400);
    }

    private static String problem(String method, String path, int status) throws Exception {
        HttpResponse<String> answer = send(method, path, new byte[0]);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body();
    }

    private static List<String> names(JsonArray vertices) {
        return vertices.stream()
                .map(vertex -> ((JsonObject) vertex).getString("name"))
                .toList();
    }

    private static JsonObject json(String path) throws Exception {
        HttpResponse<String> answer = send("GET", path, new byte[0]);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static String entity(String name) {
        return "/api/v1/projects/default/entities/" + name.replace("/", "%2F");
    }

    private static HttpResponse<String> send(String method, String path, byte[] body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(gateway.address() + path))
                        .method(method, BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
