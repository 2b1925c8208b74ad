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
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A board drawn by a Yjs client from npm, and who depends on whom according to the gateway. */
class RelationshipsIT {
    private static final String ENTITIES = "/api/v1/projects/default/entities/";
    private static final HttpClient http = HttpClient.newHttpClient();

    @Test
    void what_is_drawn_depends_until_it_is_taken_away_and_what_is_set_by_hand_stays(@TempDir Path data)
            throws Exception {
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
            String entities = gateway.address() + ENTITIES;
            URI project = URI.create("ws" + gateway.address().substring(4) + "/yjs/default");
            peers.open("bob", 3, project, "car");
            peers.draw("bob", new JsonObject().put("wheel", note()), new JsonObject());
            flushed(entities + "car", "nodes", 1);
            peers.open("ann", 3, project, "plan");
            peers.draw(
                    "ann",
                    new JsonObject()
                            .put("A", note())
                            .put("B", note())
                            .put("C", note())
                            .put("D", note().put("entity", "car")),
                    new JsonObject()
                            .put("ab", dependsOn("A", "B"))
                            .put("bc", dependsOn("B", "C"))
                            .put("cd", dependsOn("C", "D")));
            flushed(entities + "plan", "edges", 3);

            assertThat(dependents(entities + "plan", "&element=C")).containsExactly("B 1", "A 2");
            assertThat(dependents(entities + "car", "")).containsExactly("C 1", "B 2", "A 3");
            assertThat(dependents(entities + "plan", "&element=D")).containsExactly("C 1", "B 2", "A 3");
            assertThat(send("PUT", entities + "plan/relationships/PAYS_FOR/car").statusCode())
                    .isEqualTo(200);

            peers.draw("ann", new JsonObject(), new JsonObject().putNull("bc"));
            flushed(entities + "plan", "edges", 2);
            assertThat(dependents(entities + "plan", "&element=C")).isEmpty();
            assertThat(dependents(entities + "car", "")).containsExactly("plan 1", "C 1");

            peers.draw("ann", new JsonObject().putNull("D"), new JsonObject().putNull("cd"));
            flushed(entities + "plan", "edges", 1);
            assertThat(dependents(entities + "car", "")).containsExactly("plan 1");
        }
    }

    private static JsonObject note() {
        return new JsonObject().put("type", "note");
    }

    private static JsonObject dependsOn(String source, String target) {
        return new JsonObject().put("source", source).put("target", target).put("type", "DEPENDS_ON");
    }

    /** Until what was drawn has come, and so is flushed: reading afresh flushes first. */
    private static void flushed(String entity, String root, int entries) {
        await().atMost(30, SECONDS)
                .untilAsserted(() -> assertThat(new JsonObject(
                                        send("GET", entity + "?fresh=true").body())
                                .getJsonObject("properties")
                                .getJsonObject(root))
                        .hasSize(entries));
    }

    /** Names, or those of elements, each with its depth. */
    private static List<String> dependents(String entity, String more) throws Exception {
        HttpResponse<String> answer = send("GET", entity + "/dependents?depth=all" + more);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonArray vertices = new JsonObject(answer.body()).getJsonArray("vertices");
        return vertices.stream()
                .map(JsonObject.class::cast)
                .map(vertex -> vertex.getString("element", vertex.getString("name")) + " " + vertex.getInteger("depth"))
                .toList();
    }

    private static HttpResponse<String> send(String method, String address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .method(method, BodyPublishers.noBody())
                .build();
        return http.send(request, BodyHandlers.ofString());
    }
}
