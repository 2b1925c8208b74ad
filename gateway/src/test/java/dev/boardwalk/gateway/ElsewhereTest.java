package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading at one gateway, with a position, what another has confirmed and not flushed. */
class ElsewhereTest {
    private static final String ENTITIES = "/api/v1/projects/default/entities/";
    private static final HttpClient http = HttpClient.newHttpClient();

    private static RunningGateway gateway(TestDatabase database, Path data) throws InterruptedException {
        return RunningGateway.start(
                GatewaySettings.from(Map.of(
                        "DATABASE_URL",
                        database.url(),
                        "BOARDWALK_PORT",
                        "0",
                        "BOARDWALK_DATA",
                        data.toString(),
                        "BOARDWALK_EMBEDDER",
                        "none",
                        "BOARDWALK_FLUSH_INTERVAL",
                        "1h")),
                _ -> {});
    }

    @Test
    void a_position_that_another_gateway_holds_unflushed_is_in_every_answer_after_it(
            @TempDir Path one, @TempDir Path two) throws Exception {
        try (TestDatabase database = TestDatabase.create();
                RunningGateway here = gateway(database, one);
                RunningGateway there = gateway(database, two)) {
            post(
                    there,
                    ENTITIES + "wheel/update",
                    MapUpdate.of(1, Map.of("meta", new JsonObject().put("title", "one"))));
            JsonObject reference = new JsonObject().put("$ref", "wheel").put("type", "DEPENDS_ON");
            JsonObject meta = new JsonObject().put("title", "velocipede");
            long position = post(
                            there,
                            ENTITIES + "car/update",
                            MapUpdate.of(2, Map.of("parts", new JsonObject().put("front", reference), "meta", meta)))
                    .getLong("position");

            assertThat(get(here, ENTITIES + "wheel/dependents").toString())
                    .as("nobody asked for a flush yet")
                    .doesNotContain("car");
            JsonObject dependents = get(here, ENTITIES + "wheel/dependents?after=" + position);
            assertThat(dependents.getJsonArray("vertices").getJsonObject(0).getString("name"))
                    .isEqualTo("car");
            assertThat(dependents.getLong("asOf")).isGreaterThanOrEqualTo(position);

            position = post(
                            there,
                            ENTITIES + "bus/update",
                            MapUpdate.of(3, Map.of("parts", new JsonObject().put("front", reference))))
                    .getLong("position");
            JsonObject query =
                    new JsonObject().put("query", "MATCH (a {name: 'bus'})-[:DEPENDS_ON]->(b) RETURN b.name");
            assertThat(post(
                                    here,
                                    "/api/v1/cypher?after=" + position,
                                    query.toBuffer().getBytes())
                            .getJsonArray("rows")
                            .toString())
                    .contains("wheel");
            position = post(
                            there,
                            ENTITIES + "van/update",
                            MapUpdate.of(4, Map.of("meta", new JsonObject().put("title", "charabanc"))))
                    .getLong("position");
            assertThat(get(here, "/api/v1/search?q=charabanc&after=" + position).toString())
                    .contains("van");
        }
    }

    private static JsonObject post(RunningGateway gateway, String path, byte[] body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(gateway.address() + path))
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    private static JsonObject get(RunningGateway gateway, String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(gateway.address() + path)).build());
    }

    private static JsonObject send(HttpRequest request) throws Exception {
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }
}
