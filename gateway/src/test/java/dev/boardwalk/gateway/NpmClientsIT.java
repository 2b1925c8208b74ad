package dev.boardwalk.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.testkit.BoardwalkProcess;
import dev.boardwalk.testkit.Typing;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every generation of y-websocket clients and of Hocuspocus providers from npm against one whole Boardwalk. */
class NpmClientsIT {
    @TempDir
    static Path data;

    private static BoardwalkProcess boardwalk;
    private static NpmPeers peers;

    /** A process of its own: generation 4 is built on another Yjs. */
    private static NpmPeers peersOfGeneration4;

    @BeforeAll
    static void start() {
        boardwalk = BoardwalkProcess.up(data);
        peers = new NpmPeers();
        peersOfGeneration4 = new NpmPeers();
    }

    @AfterAll
    static void stop() {
        peers.close();
        peersOfGeneration4.close();
        boardwalk.close();
    }

    @Test
    void all_generations_edit_one_document_and_are_confirmed() {
        String entity = "a board/with slashes & ümläuts";
        peers.open("one", 1, project(), entity);
        peers.open("two", 2, project(), entity);
        peers.open("three", 3, project(), entity);
        peersOfGeneration4.open("four", 4, project(), entity);
        for (int version = 2; version <= 4; version++) {
            peers.openCollab("h" + version, version, boardwalk.socket("/collab/default"), entity);
        }
        peers.edit("one", "by-1");
        peers.edit("two", "by-2");
        peers.edit("three", "by-3");
        peersOfGeneration4.edit("four", "by-4");
        List<String> all = List.of("by-1", "by-2", "by-3", "by-4", "by-h2", "by-h3", "by-h4");
        for (String peer : List.of("h2", "h3", "h4")) {
            peers.edit(peer, "by-" + peer);
        }
        for (String peer : List.of("one", "two", "three", "h2", "h3", "h4")) {
            eventually(peers, peer, state -> state.tags().containsAll(all));
        }
        for (String peer : List.of("one", "two", "three")) {
            eventually(peers, peer, state -> state.confirmed().equals(state.sent()));
        }
        for (String peer : List.of("h2", "h3", "h4")) {
            eventually(peers, peer, state -> state.json().getInteger("unsynced") == 0);
        }
        eventually(peersOfGeneration4, "four", state -> state.confirmed().contains("by-4"));
        eventually(peersOfGeneration4, "four", state -> state.tags().containsAll(all));
        assertThat(peers.state("one").text())
                .isEqualTo(peers.state("two").text())
                .isEqualTo(peers.state("three").text())
                .isEqualTo(peers.state("h4").text())
                .isEqualTo(peersOfGeneration4.state("four").text());
    }

    @Test
    void what_the_api_says_equals_the_documents_own_json() {
        peers.open("author", 3, project(), "kinds");
        peers.fill("author");
        peers.draw(
                "author",
                new JsonObject()
                        .put(
                                "a",
                                new JsonObject()
                                        .put("type", "card")
                                        .put("x", 1.5)
                                        .put("text", "Änderung 🚗"))
                        .put(
                                "b",
                                new JsonObject()
                                        .put("type", "card")
                                        .put("x", -3)
                                        .put("text", "")),
                new JsonObject()
                        .put(
                                "e",
                                new JsonObject()
                                        .put("source", "a")
                                        .put("target", "b")
                                        .put("type", "DEPENDS_ON")));
        peers.edit("author", "last");
        eventually(peers, "author", state -> state.confirmed().contains("last"));
        JsonObject properties = new JsonObject(
                        RawHttp.body(boardwalk.address(), "/api/v1/projects/default/entities/kinds?fresh=true"))
                .getJsonObject("properties");
        assertThat(properties).isEqualTo(peers.json("author"));
    }

    /** {@code -Dboardwalk.megabytes=80} tries more than a build does. */
    @Test
    void a_large_document_arrives_in_parts_at_every_provider() throws Exception {
        int megabytes = Integer.getInteger("boardwalk.megabytes", 4);
        Typing typing = new Typing(77);
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int i = 0; i < megabytes; i++) {
                HttpRequest post = HttpRequest.newBuilder(
                                boardwalk.address().resolve("/api/v1/projects/default/entities/large/update"))
                        .header("Content-Type", "application/octet-stream")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(typing.type("x".repeat(1 << 20))))
                        .build();
                assertThat(http.send(post, HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(200);
            }
        }
        for (int version = 2; version <= 4; version++) {
            String peer = "large-" + version;
            peers.openCollab(peer, version, boardwalk.socket("/collab/default"), "large");
            await().atMost(150, SECONDS).until(() -> peers.state(peer).synced());
            assertThat(peers.run(peer, "return doc.getText('t').length")).isEqualTo(megabytes << 20);
            assertThat(peers.state(peer).messages()).isGreaterThan(megabytes);
            assertThat(peers.state(peer).closeCodes()).isEmpty();
            peers.leave(peer);
        }
    }

    @Test
    void presence_comes_and_goes_with_its_client() {
        peers.open("here", 3, project(), "presence");
        peers.open("watcher", 1, project(), "presence");
        peers.presence("here", new JsonObject().put("name", "Änne"));
        eventually(
                peers,
                "watcher",
                state -> state.presence().stream()
                        .anyMatch(entry -> entry.getValue().equals(new JsonObject().put("name", "Änne"))));
        peers.open("late", 2, project(), "presence");
        eventually(peers, "late", state -> state.presence().encode().contains("Änne"));
        peers.leave("here");
        eventually(peers, "watcher", state -> !state.presence().encode().contains("Änne"));
    }

    @Test
    void edits_made_offline_are_merged_and_confirmed_on_return() {
        peers.open("traveller", 3, project(), "offline");
        peers.open("home", 1, project(), "offline");
        peers.edit("traveller", "first");
        eventually(peers, "home", state -> state.tags().contains("first"));
        peers.disconnect("traveller");
        peers.edit("traveller", "on-the-train");
        peers.edit("home", "meanwhile");
        eventually(peers, "home", state -> state.confirmed().contains("meanwhile"));
        peers.connect("traveller");
        eventually(peers, "traveller", state -> state.confirmed().contains("on-the-train"));
        eventually(peers, "traveller", state -> state.tags().contains("meanwhile"));
        eventually(peers, "home", state -> state.tags().contains("on-the-train"));
        assertThat(peers.state("home").text())
                .isEqualTo(peers.state("traveller").text());
    }

    /** Yjs keeps what it cannot place yet, and sends it along, with holes in between, whenever it is asked. */
    @Test
    void a_client_that_waits_for_missing_content_is_served_and_its_own_edits_are_saved() {
        peers.open("torn", 3, project(), "torn");
        peers.open("whole", 1, project(), "torn");
        eventually(peers, "torn", NpmPeers.State::synced);
        peers.disconnect("torn");
        String missing = peers.tear("torn", "one two three");
        peers.edit("torn", "meanwhile");
        peers.connect("torn");
        eventually(peers, "torn", state -> state.confirmed().contains("meanwhile"));
        eventually(peers, "whole", state -> state.tags().contains("meanwhile"));
        // The second time the server knows what is before the hole, so the answer begins behind it.
        peers.disconnect("torn");
        peers.edit("torn", "again");
        peers.connect("torn");
        eventually(peers, "torn", state -> state.confirmed().contains("again"));
        assertThat(peers.state("torn").closeCodes()).doesNotContain(1003);
        peers.mend("whole", missing);
        await().atMost(30, SECONDS)
                .until(() -> peers.json("torn").getString("torn"), torn -> torn.equals("one two three"));
        await().atMost(30, SECONDS).until(() -> peers.json("whole").equals(peers.json("torn")));
    }

    /** Clients hang up when they hear nothing for 30 s; nobody else is there to talk. */
    @Test
    void an_idle_client_stays_connected_beyond_its_own_patience() {
        peers.open("idle", 1, project(), "idle-one");
        peers.open("idle-too", 3, project(), "idle-two");
        eventually(peers, "idle", NpmPeers.State::synced);
        peers.presence("idle", null);
        peers.presence("idle-too", null);
        await().pollDelay(36, SECONDS).atMost(40, SECONDS).until(() -> true);
        assertThat(peers.state("idle").closeCodes()).isEmpty();
        assertThat(peers.state("idle-too").closeCodes()).isEmpty();
        assertThat(peers.state("idle").connected()).isTrue();
    }

    private static URI project() {
        return boardwalk.socket("/yjs/default");
    }

    private static void eventually(NpmPeers of, String peer, Predicate<NpmPeers.State> condition) {
        await().atMost(30, SECONDS).until(() -> of.state(peer), condition::test);
    }
}
