package dev.boardwalk.gateway;

import static dev.boardwalk.gateway.EntityCalls.assertProblem;
import static dev.boardwalk.gateway.EntityCalls.object;
import static dev.boardwalk.gateway.EntityCalls.text;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.gateway.TwoAuthors.Recorded;
import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** History over HTTP, with Yjs clients from npm as its authors and judges. */
class HistoryTest {
    private static final String MINE = "[\"mine\",{\"kept\":true}],";

    @TempDir
    private static Path data;

    private static TestDatabase database;
    private static RunningGateway gateway;
    private static NpmPeers peers;
    private static EntityCalls http;
    private static TwoAuthors authors;

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
                        "BOARDWALK_FLUSH_INTERVAL",
                        "1h")),
                _ -> {});
        peers = new NpmPeers();
        http = new EntityCalls(gateway.address());
        authors = new TwoAuthors(peers, http, gateway.address());
    }

    @AfterAll
    static void stop() {
        peers.close();
        gateway.close();
        database.close();
    }

    @Test
    void two_authors_are_told_apart_and_every_moment_is_as_yjs_had_it() {
        List<Recorded> moments = authors.write("two-authors");

        for (Recorded moment : moments) {
            JsonObject was = object(http.get("two-authors", "/at?time=" + moment.time()));
            assertThat(was.getJsonObject("properties")).isEqualTo(moment.json());
        }
        for (int from = 0; from < moments.size(); from++) {
            for (int to = 0; to < moments.size(); to++) {
                JsonArray patch = new JsonArray(text(http.get(
                        "two-authors",
                        "/diff?from=" + moments.get(from).time() + "&to="
                                + moments.get(to).time())));
                assertThat(PatchReader.apply(moments.get(from).json(), patch))
                        .isEqualTo(moments.get(to).json());
            }
        }
        JsonArray changes =
                object(http.get("two-authors", "/changes?limit=500")).getJsonArray("items");
        assertThat(changes.stream().map(change -> names((JsonObject) change)).toList())
                .isEqualTo(List.of("Bert", "Anna", "Bert", "Anna"));
        JsonObject first = object(http.get("two-authors", "/changes?limit=3"));
        JsonObject second = object(http.get("two-authors", "/changes?limit=3&cursor=" + first.getString("nextCursor")));
        assertThat(first.getJsonArray("items").addAll(second.getJsonArray("items")))
                .isEqualTo(changes);
        assertThat(second.getString("nextCursor")).isNull();
        JsonObject change = changes.getJsonObject(0);
        assertThat(change.getString("gateway")).startsWith("127.0.0.1:");
        assertThat(change.getLong("position"))
                .isGreaterThan(changes.getJsonObject(1).getLong("position"));
    }

    @Test
    void changes_tell_which_roots_and_keys_they_were_about() {
        authors.write("touched");
        JsonArray changes = object(http.get("touched", "/changes?touched=true")).getJsonArray("items");
        assertThat(changes.getJsonObject(0).getJsonObject("touched").encode())
                .isEqualTo(
                        "{\"items\":[],\"ledger\":[\"s3\"],\"page\":[],\"settings\":[\"deep\"],\"text\":[],\"title\":[]}");
        assertThat(changes.getJsonObject(1).getJsonObject("touched").encode())
                .isEqualTo(
                        "{\"items\":[],\"ledger\":[\"s2\"],\"settings\":[\"deep\",\"theme\"],\"text\":[],\"title\":[]}");
        JsonObject first = object(http.get("touched", "/changes?touched=true&limit=3"));
        JsonObject second =
                object(http.get("touched", "/changes?touched=true&limit=3&cursor=" + first.getString("nextCursor")));
        assertThat(first.getJsonArray("items").addAll(second.getJsonArray("items")))
                .isEqualTo(changes);
        assertThat(object(http.get("touched", "/changes")).encode()).doesNotContain("touched\":{");
        assertProblem(http.get("touched", "/changes?touched=yes"), 400, "invalid-parameter");
    }

    @Test
    void a_restoration_reaches_open_clients_and_their_own_edits_survive() {
        List<Recorded> moments = authors.write("restored");
        Recorded wanted = moments.get(1);
        peers.disconnect("restored-bert");
        peers.run("restored-bert", "doc.getText('title').insert(doc.getText('title').length, ' [by Bert]')");
        peers.run("restored-bert", "doc.getMap('settings').set('mine', new Y.Map([['kept', true]]))");

        JsonObject answer = object(http.post(
                "restored",
                "/restore",
                new JsonObject().put("time", wanted.time().toString())));

        assertThat(answer.getBoolean("changed")).isTrue();
        await().atMost(20, SECONDS)
                .untilAsserted(
                        () -> assertThat(authors.visible("restored-anna")).isEqualTo(wanted.visible()));
        peers.connect("restored-bert");
        await().atMost(20, SECONDS).untilAsserted(() -> {
            assertThat(authors.visible("restored-bert")).contains(" [by Bert]").contains(MINE);
            assertThat(authors.visible("restored-anna")).isEqualTo(authors.visible("restored-bert"));
        });
        assertThat(authors.visible("restored-anna").replace(" [by Bert]", "").replace(MINE, ""))
                .isEqualTo(wanted.visible());
    }

    @Test
    void a_restoration_can_be_undone_and_a_second_one_changes_nothing() {
        List<Recorded> moments = authors.write("undone");
        Recorded last = moments.getLast();
        for (Recorded moment : moments) {
            assertThat(http.post("undone", "/restore", time(moment)).statusCode())
                    .isEqualTo(200);
            JsonObject now = object(http.get("undone", "?fresh=true")).getJsonObject("properties");
            assertThat(now.getJsonObject("settings")).isEqualTo(moment.json().getJsonObject("settings"));
            assertThat(now.getString("page", "")).isEqualTo(moment.json().getString("page", ""));
        }
        assertThat(object(http.post("undone", "/restore", time(last))).getBoolean("changed"))
                .isFalse();
        assertThat(authors.visible("undone-anna")).isEqualTo(last.visible());
    }

    @Test
    void the_present_can_be_named_read_by_name_and_forked() {
        authors.write("source");
        HttpResponse<byte[]> named = http.post("source", "/versions", new JsonObject().put("name", "best & last"));
        assertThat(named.statusCode()).as(text(named)).isEqualTo(201);
        JsonObject version = new JsonObject(text(named));
        assertProblem(http.post("source", "/versions", new JsonObject().put("name", "best & last")), 409, "conflict");
        peers.run("source-anna", "doc.getText('title').delete(0, 5)");
        JsonObject then =
                object(http.get("source", "/at?version=best%20%26%20last")).getJsonObject("properties");
        assertThat(object(http.get("source", "/at?version=" + version.getString("id")))
                        .getJsonObject("properties"))
                .isEqualTo(then);
        assertThat(object(http.get("source", "/versions?named=true")).getJsonArray("items"))
                .containsExactly(version);
        byte[] state = http.octets("source", "/at?version=best%20%26%20last");

        JsonObject wish = new JsonObject().put("version", "best & last").put("name", "the fork");
        JsonObject fork = new JsonObject(text(http.post("source", "/fork", wish)));

        assertThat(fork.getString("name")).isEqualTo("the fork");
        assertThat(object(http.get("the fork", "")).getJsonObject("properties")).isEqualTo(then);
        assertThat(http.octets("the fork", "/update")).isEqualTo(state);
        assertProblem(http.post("source", "/fork", wish), 409, "entity-exists");
        assertThat(database.number("select count(*) from crdt.fork f join public.entity e"
                        + " on e.entity_id = f.source_entity_id where e.name = 'source'"))
                .isEqualTo(1);
        assertThat(database.number("select count(*) from graph.edge g"
                        + " join public.entity made on g.source_id = graph.entity_vertex(made.entity_id)"
                        + " join public.entity source on g.target_id = graph.entity_vertex(source.entity_id)"
                        + " where g.type = 'VERSION_OF' and made.name = 'the fork' and source.name = 'source'"))
                .isEqualTo(1);
        peers.open("forker", 3, URI.create(gateway.address().replace("http", "ws") + "/yjs/default"), "the fork");
        await().atMost(20, SECONDS)
                .untilAsserted(() -> assertThat(peers.state("forker").text()).contains("[s3]"));
    }

    @Test
    void what_cannot_be_answered_is_refused_with_a_code() {
        authors.write("refused");
        String past = Instant.now().minusSeconds(3_600).toString();
        assertProblem(http.get("refused", "/at?time=2999-01-01T00:00:00Z"), 400, "time-in-future");
        assertProblem(http.get("refused", "/at?time=" + past), 404, "before-creation");
        assertProblem(http.get("refused", "/at?time=yesterday"), 400, "invalid-parameter");
        assertProblem(http.get("refused", "/at"), 400, "invalid-parameter");
        assertProblem(http.get("refused", "/at?version=nobody"), 404, "no-such-version");
        assertProblem(http.get("refused", "/at?version=99999999"), 404, "no-such-version");
        assertProblem(http.get("nowhere", "/at?time=" + past), 404, "not-found");
        assertProblem(http.get("refused", "/diff?to=" + past), 400, "invalid-parameter");
        assertProblem(http.get("refused", "/changes?cursor=x"), 400, "invalid-cursor");
        assertProblem(http.get("refused", "/versions?cursor=x"), 400, "invalid-cursor");
        assertProblem(http.post("refused", "/versions", new JsonObject().put("name", "12")), 400, "invalid-name");
        assertProblem(http.post("refused", "/versions", new JsonObject().put("name", "")), 400, "invalid-name");
        assertProblem(http.post("refused", "/versions", new JsonObject()), 400, "invalid-parameter");
        assertProblem(http.post("refused", "/restore", new JsonObject()), 400, "invalid-parameter");
        assertProblem(
                http.post(
                        "refused",
                        "/restore",
                        new JsonObject().put("time", past).put("version", "a")),
                400,
                "invalid-parameter");
        assertProblem(http.send("POST", "refused", "/restore", "[1]", "*/*"), 400, "malformed-request");
        assertThat(http.send("DELETE", "refused", "", "", "*/*").statusCode()).isEqualTo(204);
        assertProblem(http.get("refused", "/diff?from=" + past), 410, "entity-deleted");
        assertProblem(http.post("refused", "/restore", new JsonObject().put("time", past)), 410, "entity-deleted");
    }

    @Test
    void a_damaged_version_is_never_served_and_what_came_after_makes_up_for_it() {
        authors.write("damaged");
        http.post("damaged", "/versions", new JsonObject().put("name", "whole"));
        JsonObject then = object(http.get("damaged", "/at?version=whole")).getJsonObject("properties");
        database.execute("update crdt.snapshot s set state_bytes = set_byte(s.state_bytes, 20, 99) from public.entity e"
                + " where e.entity_id = s.entity_id and e.name = 'damaged'");

        assertThat(object(http.get("damaged", "/at?version=whole")).getJsonObject("properties"))
                .isEqualTo(then);
        assertThat(object(http.get("damaged", "/at?time=" + Instant.now())).getJsonObject("properties"))
                .isEqualTo(then);

        database.execute("delete from crdt.operation o using public.entity e"
                + " where e.entity_id = o.entity_id and e.name = 'damaged'");
        assertProblem(http.get("damaged", "/at?version=whole"), 500, "object-damaged");
    }

    private static JsonObject time(Recorded moment) {
        return new JsonObject().put("time", moment.time().toString());
    }

    private static String names(JsonObject change) {
        return String.join(
                "+",
                change.getJsonArray("authors").stream()
                        .map(author -> String.valueOf(((JsonObject) author).getString("name")))
                        .toList());
    }
}
