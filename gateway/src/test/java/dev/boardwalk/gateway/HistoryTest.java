package dev.boardwalk.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** History over HTTP, with Yjs clients from npm as its authors and judges. */
class HistoryTest {
    /** One step of each client at a time: text and formats, maps, arrays, nested types, XML. */
    private static final List<String> STEPS = List.of("""
            doc.getText('title').insert(0, 'A plan 🚗 for everybody', { bold: true })
            doc.getMap('settings').set('theme', 'dark')
            doc.getMap('settings').set('deep', new Y.Map([['list', Y.Array.from([1, 2, 3])], ['note', new Y.Text('hello')]]))
            doc.getArray('items').push(['one', 2, { three: [3] }, new Y.Map([['n', 4]])])
            """, """
            const p = new Y.XmlElement('p')
            p.setAttribute('class', 'lead')
            p.insert(0, [new Y.XmlText('Once upon a time')])
            doc.getXmlFragment('page').insert(0, [p, new Y.XmlElement('hr')])
            doc.getText('title').insert(6, ' (draft)')
            """, """
            doc.getText('title').delete(0, 2)
            doc.getText('title').format(0, 4, { bold: null, italic: true })
            doc.getMap('settings').get('deep').get('list').delete(1, 1)
            doc.getMap('settings').get('deep').get('note').insert(5, ' world')
            doc.getMap('settings').delete('theme')
            doc.getArray('items').delete(1, 2)
            doc.getArray('items').insert(0, [true, null])
            """, """
            doc.getXmlFragment('page').delete(1, 1)
            doc.getXmlFragment('page').get(0).setAttribute('class', 'tail')
            doc.getXmlFragment('page').get(0).get(0).insert(0, 'Not ', { em: {} })
            doc.getMap('settings').delete('deep')
            doc.getArray('items').delete(0, doc.getArray('items').length)
            doc.getText('title').insert(0, 'Nothing of ')
            """);

    /** What a person sees of every kind, formats included, however the text was put together. */
    private static final String VISIBLE = """
            const stretches = []
            for (const { insert, attributes } of doc.getText('title').toDelta()) {
              const formats = JSON.stringify(attributes ?? {})
              if (stretches.at(-1)?.formats === formats) stretches.at(-1).insert += insert
              else stretches.push({ insert, formats })
            }
            return JSON.stringify([stretches, Object.entries(doc.getMap('settings').toJSON()).sort(),
              doc.getArray('items').toJSON(), doc.getXmlFragment('page').toString()])
            """;

    /** A root says what it is once it is asked for. */
    private static final String ROOTS = """
            doc.getText('title'); doc.getMap('settings'); doc.getArray('items'); doc.getXmlFragment('page')
            """;

    private static final String MINE = "[\"mine\",{\"kept\":true}],";

    private static final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private static Path data;

    private static TestDatabase database;
    private static RunningGateway gateway;
    private static NpmPeers peers;

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
    }

    @AfterAll
    static void stop() {
        peers.close();
        gateway.close();
        database.close();
    }

    /** An instant, and what Yjs had then. */
    private record Recorded(Instant time, JsonObject json, String visible) {}

    @Test
    void two_authors_are_told_apart_and_every_moment_is_as_yjs_had_it() {
        List<Recorded> moments = twoAuthors("two-authors");

        for (Recorded moment : moments) {
            JsonObject was = object(get("two-authors", "/at?time=" + moment.time()));
            assertThat(was.getJsonObject("properties")).isEqualTo(moment.json());
        }
        for (int from = 0; from < moments.size(); from++) {
            for (int to = 0; to < moments.size(); to++) {
                JsonArray patch = new JsonArray(text(get(
                        "two-authors",
                        "/diff?from=" + moments.get(from).time() + "&to="
                                + moments.get(to).time())));
                assertThat(PatchReader.apply(moments.get(from).json(), patch))
                        .isEqualTo(moments.get(to).json());
            }
        }
        JsonArray changes = object(get("two-authors", "/changes?limit=500")).getJsonArray("items");
        assertThat(changes.stream().map(change -> names((JsonObject) change)).toList())
                .isEqualTo(List.of("Bert", "Anna", "Bert", "Anna"));
        JsonObject first = object(get("two-authors", "/changes?limit=3"));
        JsonObject second = object(get("two-authors", "/changes?limit=3&cursor=" + first.getString("nextCursor")));
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
        twoAuthors("touched");
        JsonArray changes = object(get("touched", "/changes?touched=true")).getJsonArray("items");
        assertThat(changes.getJsonObject(0).getJsonObject("touched").encode())
                .isEqualTo(
                        "{\"items\":[],\"ledger\":[\"s3\"],\"page\":[],\"settings\":[\"deep\"],\"text\":[],\"title\":[]}");
        assertThat(changes.getJsonObject(1).getJsonObject("touched").encode())
                .isEqualTo(
                        "{\"items\":[],\"ledger\":[\"s2\"],\"settings\":[\"deep\",\"theme\"],\"text\":[],\"title\":[]}");
        JsonObject first = object(get("touched", "/changes?touched=true&limit=3"));
        JsonObject second =
                object(get("touched", "/changes?touched=true&limit=3&cursor=" + first.getString("nextCursor")));
        assertThat(first.getJsonArray("items").addAll(second.getJsonArray("items")))
                .isEqualTo(changes);
        assertThat(object(get("touched", "/changes")).encode()).doesNotContain("touched\":{");
        assertProblem(get("touched", "/changes?touched=yes"), 400, "invalid-parameter");
    }

    @Test
    void a_restoration_reaches_open_clients_and_their_own_edits_survive() {
        List<Recorded> moments = twoAuthors("restored");
        Recorded wanted = moments.get(1);
        peers.disconnect("restored-bert");
        peers.run("restored-bert", "doc.getText('title').insert(doc.getText('title').length, ' [by Bert]')");
        peers.run("restored-bert", "doc.getMap('settings').set('mine', new Y.Map([['kept', true]]))");

        JsonObject answer = object(post(
                "restored",
                "/restore",
                new JsonObject().put("time", wanted.time().toString())));

        assertThat(answer.getBoolean("changed")).isTrue();
        await().atMost(20, SECONDS)
                .untilAsserted(() -> assertThat(visible("restored-anna")).isEqualTo(wanted.visible()));
        peers.connect("restored-bert");
        await().atMost(20, SECONDS).untilAsserted(() -> {
            assertThat(visible("restored-bert")).contains(" [by Bert]").contains(MINE);
            assertThat(visible("restored-anna")).isEqualTo(visible("restored-bert"));
        });
        assertThat(visible("restored-anna").replace(" [by Bert]", "").replace(MINE, ""))
                .isEqualTo(wanted.visible());
    }

    @Test
    void a_restoration_can_be_undone_and_a_second_one_changes_nothing() {
        List<Recorded> moments = twoAuthors("undone");
        Recorded last = moments.getLast();
        for (Recorded moment : moments) {
            assertThat(post("undone", "/restore", time(moment)).statusCode()).isEqualTo(200);
            JsonObject now = object(get("undone", "?fresh=true")).getJsonObject("properties");
            assertThat(now.getJsonObject("settings")).isEqualTo(moment.json().getJsonObject("settings"));
            assertThat(now.getString("page", "")).isEqualTo(moment.json().getString("page", ""));
        }
        assertThat(object(post("undone", "/restore", time(last))).getBoolean("changed"))
                .isFalse();
        assertThat(visible("undone-anna")).isEqualTo(last.visible());
    }

    @Test
    void the_present_can_be_named_read_by_name_and_forked() {
        twoAuthors("source");
        HttpResponse<byte[]> named = post("source", "/versions", new JsonObject().put("name", "best & last"));
        assertThat(named.statusCode()).as(text(named)).isEqualTo(201);
        JsonObject version = new JsonObject(text(named));
        assertProblem(post("source", "/versions", new JsonObject().put("name", "best & last")), 409, "conflict");
        peers.run("source-anna", "doc.getText('title').delete(0, 5)");
        JsonObject then = object(get("source", "/at?version=best%20%26%20last")).getJsonObject("properties");
        assertThat(object(get("source", "/at?version=" + version.getString("id")))
                        .getJsonObject("properties"))
                .isEqualTo(then);
        assertThat(object(get("source", "/versions?named=true")).getJsonArray("items"))
                .containsExactly(version);
        byte[] state = octets("source", "/at?version=best%20%26%20last");

        JsonObject wish = new JsonObject().put("version", "best & last").put("name", "the fork");
        JsonObject fork = new JsonObject(text(post("source", "/fork", wish)));

        assertThat(fork.getString("name")).isEqualTo("the fork");
        assertThat(object(get("the fork", "")).getJsonObject("properties")).isEqualTo(then);
        assertThat(octets("the fork", "/update")).isEqualTo(state);
        assertProblem(post("source", "/fork", wish), 409, "entity-exists");
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
        twoAuthors("refused");
        String past = Instant.now().minusSeconds(3_600).toString();
        assertProblem(get("refused", "/at?time=2999-01-01T00:00:00Z"), 400, "time-in-future");
        assertProblem(get("refused", "/at?time=" + past), 404, "before-creation");
        assertProblem(get("refused", "/at?time=yesterday"), 400, "invalid-parameter");
        assertProblem(get("refused", "/at"), 400, "invalid-parameter");
        assertProblem(get("refused", "/at?version=nobody"), 404, "no-such-version");
        assertProblem(get("refused", "/at?version=99999999"), 404, "no-such-version");
        assertProblem(get("nowhere", "/at?time=" + past), 404, "not-found");
        assertProblem(get("refused", "/diff?to=" + past), 400, "invalid-parameter");
        assertProblem(get("refused", "/changes?cursor=x"), 400, "invalid-cursor");
        assertProblem(get("refused", "/versions?cursor=x"), 400, "invalid-cursor");
        assertProblem(post("refused", "/versions", new JsonObject().put("name", "12")), 400, "invalid-name");
        assertProblem(post("refused", "/versions", new JsonObject().put("name", "")), 400, "invalid-name");
        assertProblem(post("refused", "/versions", new JsonObject()), 400, "invalid-parameter");
        assertProblem(post("refused", "/restore", new JsonObject()), 400, "invalid-parameter");
        assertProblem(
                post("refused", "/restore", new JsonObject().put("time", past).put("version", "a")),
                400,
                "invalid-parameter");
        assertProblem(send("POST", "refused", "/restore", "[1]", "*/*"), 400, "malformed-request");
        assertThat(send("DELETE", "refused", "", "", "*/*").statusCode()).isEqualTo(204);
        assertProblem(get("refused", "/diff?from=" + past), 410, "entity-deleted");
        assertProblem(post("refused", "/restore", new JsonObject().put("time", past)), 410, "entity-deleted");
    }

    @Test
    void a_damaged_version_is_never_served_and_what_came_after_makes_up_for_it() {
        twoAuthors("damaged");
        post("damaged", "/versions", new JsonObject().put("name", "whole"));
        JsonObject then = object(get("damaged", "/at?version=whole")).getJsonObject("properties");
        database.execute("update crdt.snapshot s set state_bytes = set_byte(s.state_bytes, 20, 99) from public.entity e"
                + " where e.entity_id = s.entity_id and e.name = 'damaged'");

        assertThat(object(get("damaged", "/at?version=whole")).getJsonObject("properties"))
                .isEqualTo(then);
        assertThat(object(get("damaged", "/at?time=" + Instant.now())).getJsonObject("properties"))
                .isEqualTo(then);

        database.execute("delete from crdt.operation o using public.entity e"
                + " where e.entity_id = o.entity_id and e.name = 'damaged'");
        assertProblem(get("damaged", "/at?version=whole"), 500, "object-damaged");
    }

    /** Anna and Bert take turns; after each turn everything is flushed and recorded. */
    private static List<Recorded> twoAuthors(String entity) {
        URI project = URI.create(gateway.address().replace("http", "ws") + "/yjs/default");
        List<String> authors = List.of(entity + "-anna", entity + "-bert");
        for (String author : authors) {
            peers.open(author, 3, project, entity);
            peers.run(author, ROOTS);
            String name = author.endsWith("anna") ? "Anna" : "Bert";
            peers.presence(author, new JsonObject().put("user", new JsonObject().put("name", name)));
        }
        List<Recorded> moments = new ArrayList<>();
        for (int step = 0; step < STEPS.size(); step++) {
            String author = authors.get(step % 2);
            String other = authors.get((step + 1) % 2);
            String tag = "s" + step;
            peers.run(author, STEPS.get(step));
            peers.edit(author, tag);
            await().atMost(20, SECONDS)
                    .until(() -> peers.state(author).confirmed().contains(tag));
            await().atMost(20, SECONDS).until(() -> peers.state(other).tags().contains(tag));
            assertThat(get(entity, "?fresh=true").statusCode()).isEqualTo(200);
            moments.add(new Recorded(Instant.now(), written(author), visible(author)));
        }
        return moments;
    }

    /** Its JSON without roots that nobody has written to yet, of which updates say nothing. */
    private static JsonObject written(String peer) {
        JsonObject json = peers.json(peer);
        if (json.getString("page").isEmpty()) {
            json.remove("page");
        }
        return json;
    }

    private static String visible(String peer) {
        return String.valueOf(peers.run(peer, VISIBLE));
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

    private static HttpResponse<byte[]> get(String entity, String rest) {
        return send("GET", entity, rest, "", "*/*");
    }

    private static HttpResponse<byte[]> post(String entity, String rest, JsonObject body) {
        return send("POST", entity, rest, body.encode(), "*/*");
    }

    private static byte[] octets(String entity, String rest) {
        HttpResponse<byte[]> answer = send("GET", entity, rest, "", "application/octet-stream");
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
        return answer.body();
    }

    private static HttpResponse<byte[]> send(String method, String entity, String rest, String body, String accept) {
        String name = URLEncoder.encode(entity, StandardCharsets.UTF_8).replace("+", "%20");
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(gateway.address() + "/api/v1/projects/default/entities/" + name + rest))
                .header("Accept", accept)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (Exception failure) {
            throw new IllegalStateException(method + " " + entity + rest, failure);
        }
    }

    private static JsonObject object(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
        return new JsonObject(text(answer));
    }

    private static void assertProblem(HttpResponse<byte[]> answer, int status, String code) {
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(status);
        assertThat(new JsonObject(text(answer)).getString("code")).isEqualTo(code);
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
