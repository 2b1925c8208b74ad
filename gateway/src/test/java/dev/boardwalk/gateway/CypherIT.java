package dev.boardwalk.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A board drawn by a Yjs client from npm, and what Cypher says about it. */
class CypherIT {
    private static final HttpClient http = HttpClient.newHttpClient();

    @Test
    void what_is_drawn_is_answered_and_what_is_taken_away_is_not(@TempDir Path data) throws Exception {
        try (TestDatabase database = TestDatabase.create();
                RunningGateway gateway = RunningGateway.start(
                        GatewaySettings.from(Map.of(
                                "DATABASE_URL",
                                database.url(),
                                "BOARDWALK_PORT",
                                "0",
                                "BOARDWALK_DATA",
                                data.toString())),
                        _ -> {});
                NpmPeers peers = new NpmPeers()) {
            String address = gateway.address();
            peers.open("ann", 3, URI.create("ws" + address.substring(4) + "/yjs/default"), "plan");
            JsonObject note = new JsonObject().put("type", "note");
            peers.draw(
                    "ann",
                    new JsonObject().put("A", note).put("B", note).put("C", note),
                    new JsonObject().put("ab", edge("A", "B")).put("bc", edge("B", "C")));

            await().atMost(30, SECONDS)
                    .untilAsserted(() -> assertThat(dependents(address)).isEqualTo(new JsonArray("[[\"B\"]]")));
            peers.draw("ann", new JsonObject(), new JsonObject().putNull("bc"));
            await().atMost(30, SECONDS)
                    .untilAsserted(() -> assertThat(dependents(address)).isEqualTo(new JsonArray()));
        }
    }

    private static JsonObject edge(String source, String target) {
        return new JsonObject().put("source", source).put("target", target).put("type", "DEPENDS_ON");
    }

    /** With a position that is in the past, for the sake of the flush. */
    private static JsonArray dependents(String address) throws Exception {
        JsonObject query =
                new JsonObject().put("query", "MATCH (a)-[:DEPENDS_ON]->(b) WHERE b.element = 'C' RETURN a.element");
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/api/v1/cypher?after=1"))
                .POST(BodyPublishers.ofString(query.encode()))
                .build();
        String body = http.send(request, BodyHandlers.ofString()).body();
        return new JsonObject(body).getJsonArray("rows");
    }
}
