package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cypher over HTTP, on a gateway that runs as it does for users. */
class CypherApiTest {
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
                        "DATABASE_URL",
                        database.url(),
                        "BOARDWALK_PORT",
                        "0",
                        "BOARDWALK_DATA",
                        data.toString(),
                        "BOARDWALK_MAX_CYPHER_TIME",
                        "4s",
                        "BOARDWALK_MAX_CYPHER_ROWS",
                        "2000")),
                _ -> {});
    }

    @AfterAll
    static void stop() {
        gateway.close();
        database.close();
    }

    @Test
    void an_entity_is_in_the_answer_once_the_answer_waited_for_its_position() throws Exception {
        JsonObject written = json(post("/api/v1/projects/default/entities/first/update", HEY));
        JsonObject answer = json(ask(
                "?after=" + written.getLong("position"),
                new JsonObject()
                        .put("query", "MATCH (a:Entity) WHERE a.name = $name RETURN a.name, a.project AS project, a")
                        .put("parameters", Map.of("name", "first"))));

        assertThat(answer.fieldNames()).containsExactlyInAnyOrder("columns", "rows", "truncated", "asOf");
        assertThat(answer.getJsonArray("columns")).containsExactly("a.name", "project", "a");
        assertThat(answer.getLong("asOf")).isGreaterThan(written.getLong("position"));
        JsonArray row = answer.getJsonArray("rows").getJsonArray(0);
        assertThat(row.getString(0)).isEqualTo("first");
        assertThat(row.getString(1)).isEqualTo("default");
        assertThat(row.getJsonObject(2).fieldNames()).containsExactlyInAnyOrder("id", "name", "type", "properties");
    }

    @Test
    void a_refused_query_says_where() throws Exception {
        HttpResponse<String> answer = ask("", new JsonObject().put("query", "MATCH (a)\nDETACH DELETE a"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonObject problem = new JsonObject(answer.body());
        assertThat(problem.getString("code")).isEqualTo("cypher-unsupported");
        assertThat(problem.getString("detail")).startsWith("line 2, column 1: DETACH");
        assertThat(problem.getInteger("line")).isEqualTo(2);
        assertThat(problem.getInteger("column")).isEqualTo(1);
    }

    @Test
    void a_query_that_takes_too_long_is_given_up() throws Exception {
        String range = "UNWIND range(1, 10000) AS ";
        HttpResponse<String> answer =
                ask("", new JsonObject().put("query", range + "a " + range + "b " + range + "c RETURN count(*)"));
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo("cypher-timeout");
    }

    @Test
    void rows_are_counted_and_bounded() throws Exception {
        JsonObject query = new JsonObject().put("query", "UNWIND range(1, 5000) AS x RETURN x");
        assertThat(json(ask("", query)).getJsonArray("rows")).hasSize(1000);
        assertThat(json(ask("", query.copy().put("limit", 2000))).getBoolean("truncated"))
                .isTrue();
        assertThat(json(ask("", query.copy().put("limit", 2))).getJsonArray("rows"))
                .hasSize(2);
    }

    @Test
    void a_query_as_deep_as_may_be_is_read_on_the_thread_of_a_request() throws Exception {
        String deep = "RETURN " + "size([".repeat(25) + "1" + "])".repeat(25) + " AS one";
        assertThat(json(ask("", new JsonObject().put("query", deep))).getJsonArray("rows"))
                .isEqualTo(new JsonArray("[[1]]"));
    }

    @Test
    void a_body_that_asks_nothing_is_refused() throws Exception {
        for (String body : new String[] {
            "",
            "[]",
            "{",
            "null",
            "{}",
            "{\"query\": 1}",
            "{\"query\": \"RETURN 1\", \"limit\": 0}",
            "{\"query\": \"RETURN 1\", \"limit\": 2001}",
            "{\"query\": \"RETURN 1\", \"limit\": \"1\"}",
            "{\"query\": \"RETURN 1\", \"limit\": 1e99}",
            "{\"query\": \"RETURN 1\", \"parameters\": []}",
            "{\"query\": \"RETURN 1\", \"org\": 2}"
        }) {
            HttpResponse<String> answer = send("/api/v1/cypher", BodyPublishers.ofString(body));
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo("invalid-parameter");
        }
        HttpResponse<String> deep =
                send("/api/v1/cypher", BodyPublishers.ofString("{\"query\": \"RETURN 1\"" + "[".repeat(5000) + "}"));
        assertThat(deep.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(deep.body()).getString("code")).isEqualTo("json-too-deep");
        assertThat(send("/api/v1/cypher", BodyPublishers.ofString(" ".repeat(1 << 20)))
                        .statusCode())
                .isEqualTo(413);
        assertThat(ask("?after=x", new JsonObject().put("query", "RETURN 1")).statusCode())
                .isEqualTo(400);
    }

    private static HttpResponse<String> ask(String parameters, JsonObject body) throws Exception {
        return send("/api/v1/cypher" + parameters, BodyPublishers.ofString(body.encode()));
    }

    private static HttpResponse<String> post(String path, byte[] body) throws Exception {
        return send(path, BodyPublishers.ofByteArray(body));
    }

    private static HttpResponse<String> send(String path, HttpRequest.BodyPublisher body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(gateway.address() + path))
                        .POST(body)
                        .build(),
                BodyHandlers.ofString());
    }

    private static JsonObject json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }
}
