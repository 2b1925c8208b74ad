package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.testkit.TestDatabase;
import dev.boardwalk.testkit.Typing;
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
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gateways that cannot tell what a text means: words answer, and each hit says what was not looked for and why. */
class SearchLeftOutTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Nobody listens there. */
    private static final String NOWHERE = "http://127.0.0.1:1";

    @TempDir
    private Path data;

    @Test
    void without_an_embedder_words_answer_and_say_so() throws Exception {
        assertThat(reasonLeftOut(Map.of("BOARDWALK_EMBEDDER", "none"))).contains("BOARDWALK_EMBEDDER=none");
    }

    @Test
    void with_an_ollama_out_of_reach_words_answer_and_say_so() throws Exception {
        assertThat(reasonLeftOut(Map.of("BOARDWALK_EMBEDDER", "ollama", "BOARDWALK_OLLAMA_URL", NOWHERE)))
                .contains("Ollama");
    }

    /** What the only hit says of the meaning. */
    private String reasonLeftOut(Map<String, String> embedder) throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            Map<String, String> settings = new HashMap<>(embedder);
            settings.put("DATABASE_URL", database.url());
            settings.put("BOARDWALK_PORT", "0");
            settings.put("BOARDWALK_DATA", data.toString());
            try (RunningGateway gateway = RunningGateway.start(GatewaySettings.from(settings), _ -> {});
                    HttpClient http = HttpClient.newHttpClient()) {
                URI api = URI.create(gateway.address() + "/api/v1/");
                HttpResponse<String> written = http.send(
                        HttpRequest.newBuilder(api.resolve("projects/garage/entities/truck/update"))
                                .header("content-type", "application/octet-stream")
                                .POST(BodyPublishers.ofByteArray(new Typing(7).type("The truck needs new tyres")))
                                .build(),
                        BodyHandlers.ofString());
                assertThat(written.statusCode()).as(written.body()).isEqualTo(200);
                URI question =
                        api.resolve("search?q=truck&after=" + new JsonObject(written.body()).getLong("position"));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(ask(http, question)).hasSize(1));
                return ask(http, question).getJsonObject(0).getJsonArray("why").stream()
                        .map(JsonObject.class::cast)
                        .filter(reason -> "meaning".equals(reason.getString("leftOut")))
                        .map(reason -> reason.getString("reason"))
                        .findFirst()
                        .orElse("");
            }
        }
    }

    private static JsonArray ask(HttpClient http, URI question) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(HttpRequest.newBuilder(question).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"leftOut\":[\"meaning: ");
        return new JsonObject(answer.body()).getJsonArray("hits");
    }
}
