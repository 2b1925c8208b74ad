package dev.boardwalk.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.testkit.BoardwalkProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three boards typed by Yjs clients from npm, and everything that is found in them. */
class SearchIT {
    private static final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    static Path data;

    private static BoardwalkProcess boardwalk;
    private static NpmPeers peers;

    @BeforeAll
    static void type() {
        boardwalk = BoardwalkProcess.up(data, Map.of("BOARDWALK_FLUSH_INTERVAL", "1s"));
        peers = new NpmPeers();
        draw(
                "fleet",
                "truck",
                "The delivery truck needs new tyres",
                "vehicle",
                "Every vehicle is insured against theft",
                "van",
                "Charge the electric van over night");
        draw("kitchen", "soup", "Simmer the onion soup for an hour", "dough", "Knead the dough and let it rest");
        draw("legal", "notice", "Either party may terminate the agreement", "deposit", "The tenant pays a deposit");
        await().atMost(60, SECONDS).until(() -> hits("car").size() >= 4);
    }

    private static void draw(String board, String... nodes) {
        peers.open(board, 3, URI.create("ws" + boardwalk.address().toString().substring(4) + "/yjs/default"), board);
        JsonObject drawn = new JsonObject();
        for (int i = 0; i < nodes.length; i += 2) {
            drawn.put(
                    nodes[i],
                    new JsonObject().put("type", "note").put("x", 0).put("y", i).put("text", nodes[i + 1]));
        }
        peers.draw(board, drawn, new JsonObject());
    }

    @AfterAll
    static void stop() {
        peers.close();
        boardwalk.close();
    }

    @Test
    void a_car_is_found_where_nobody_says_car() {
        List<String> found = hits("car");
        assertThat(found.subList(0, 2)).allSatisfy(hit -> assertThat(hit).startsWith("fleet#"));
        assertThat(found.subList(0, 3)).containsExactlyInAnyOrder("fleet#truck", "fleet#vehicle", "fleet#van");
        assertThat(found).first().asString().startsWith("fleet#");
        assertThat(found).allSatisfy(hit -> assertThat(hit).startsWith("fleet"));
        assertThat(ask("q=car", 200).getJsonArray("leftOut")).isEmpty();
    }

    @Test
    void a_misspelt_vehicle_is_found() {
        assertThat(hits("vehcile")).first().isEqualTo("fleet#vehicle");
    }

    @Test
    void a_phrase_finds_only_what_says_it() {
        assertThat(hits("\"let it rest\"")).containsExactly("kitchen#dough");
    }

    @Test
    void what_is_near_in_the_graph_comes_earlier() {
        await().atMost(30, SECONDS)
                .until(() -> ask("q=night&near=fleet", 200).encode().contains("\"by\":\"near\""));
        assertThat(names(ask("q=over&near=fleet", 200))).first().isEqualTo("fleet#van");
    }

    @Test
    void an_edit_is_found_at_once_after_its_position_and_a_deleted_node_is_gone() {
        peers.draw(
                "legal",
                new JsonObject().put("walrus", new JsonObject().put("text", "A walrus signs")),
                new JsonObject());
        long position = positionOf("legal");
        assertThat(names(ask("q=walrus&after=" + position, 200))).containsExactly("legal#walrus");

        peers.draw("legal", new JsonObject().putNull("walrus"), new JsonObject());
        position = positionOf("legal");
        assertThat(names(ask("q=%22walrus%22&after=" + position, 200))).isEmpty();
    }

    /** Where the entity is, everything typed so far included. */
    private static long positionOf(String board) {
        JsonObject typed = peers.json(board).getJsonObject("nodes");
        await().atMost(30, SECONDS)
                .until(() -> new JsonObject(get("/api/v1/projects/default/entities/" + board + "?fresh=true")
                                .body())
                        .getJsonObject("properties")
                        .getJsonObject("nodes")
                        .equals(typed));
        return new JsonObject(get("/api/v1/projects/default/entities/" + board + "?fresh=true")
                        .body())
                .getLong("position");
    }

    @Test
    void everything_is_derived_again_beside_a_running_server() {
        List<String> before = hits("truck");
        try (BoardwalkProcess rebuild =
                BoardwalkProcess.start(data, Map.of(), "search", "rebuild", "--data", data.toString())) {
            assertThat(rebuild.awaitExit()).as(rebuild.toString()).isZero();
            assertThat(rebuild.output()).anyMatch(line -> line.matches("Derived \\d+ entities again\\."));
        }
        assertThat(boardwalk.alive()).isTrue();
        assertThat(hits("truck")).isEqualTo(before);
        try (BoardwalkProcess mistaken = BoardwalkProcess.start(data, Map.of(), "search", "--data", data.toString())) {
            assertThat(mistaken.awaitExit()).isEqualTo(2);
        }
    }

    @Test
    void bad_questions_get_clear_answers() {
        for (String nothing : List.of("", "q=", "q=%20", "q=%00%01", "q=-truck", "q=" + "x".repeat(1_100))) {
            assertThat(ask(nothing, 400).getString("code")).isEqualTo("invalid-query");
        }
        assertThat(get("/api/v1/search?q=" + "x".repeat(10_000)).statusCode()).isIn(400, 414);
        assertThat(ask("q=truck&limit=1000000000", 400).getString("code")).isEqualTo("invalid-parameter");
        assertThat(ask("q=truck&limit=0", 400).getString("code")).isEqualTo("invalid-parameter");
        assertThat(ask("q=truck&after=soon", 400).getString("code")).isEqualTo("invalid-parameter");
        assertThat(ask("q=truck&cursor=foreign", 400).getString("code")).isEqualTo("invalid-cursor");
        assertThat(ask("q=truck&project=nowhere", 404).getString("code")).isEqualTo("not-found");
        assertThat(ask("q=truck&near=nobody", 404).getString("code")).isEqualTo("not-found");
        assertThat(ask("q=the+of+and", 200).getJsonArray("hits")).isNotNull();
        assertThat(names(ask("q=%22delivery+truck", 200))).containsExactly("fleet#truck");
        assertThat(ask("q=truck&after=900000000000000000", 504).getString("code"))
                .isEqualTo("position-not-reached");
    }

    private static List<String> hits(String query) {
        return names(ask("q=" + URLEncoder.encode(query, StandardCharsets.UTF_8), 200));
    }

    private static List<String> names(JsonObject answer) {
        JsonArray hits = answer.getJsonArray("hits");
        return hits.stream()
                .map(JsonObject.class::cast)
                .map(hit -> hit.getString("name") + (hit.containsKey("element") ? "#" + hit.getString("element") : ""))
                .toList();
    }

    private static JsonObject ask(String parameters, int status) {
        HttpResponse<String> answer = get("/api/v1/search?" + parameters);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return new JsonObject(answer.body());
    }

    private static HttpResponse<String> get(String path) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(boardwalk.address() + path))
                            .build(),
                    BodyHandlers.ofString());
        } catch (Exception failure) {
            throw new IllegalStateException(path, failure);
        }
    }
}
