package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The HTTP API on a gateway that runs as it does for users, on a real database. */
class RestApiTest {
    /** Inserts "hey" into the root text "t" as client 1; written by yjs 13.6. */
    private static final byte[] HEY = HexFormat.of().parseHex("01010100040101740368657900");

    /** The 13 bytes that crash the engine when nobody looks at them first. */
    private static final byte[] KILLER = HexFormat.of().parseHex("0106070004010174036865ec81");

    /** Client 1 goes on at clock 7, after content that nobody has. */
    private static final byte[] GAP = HexFormat.of().parseHex("010101078401060162" + "00");

    private static final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private static Path data;

    private static TestDatabase database;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        database = TestDatabase.create();
        GatewaySettings settings = GatewaySettings.from(Map.of(
                "DATABASE_URL",
                database.url(),
                "BOARDWALK_PORT",
                "0",
                "BOARDWALK_DATA",
                data.toString(),
                "BOARDWALK_MAX_REQUEST_BYTES",
                "64KiB"));
        gateway = RunningGateway.start(settings, _ -> {});
    }

    @AfterAll
    static void stop() {
        gateway.close();
        database.close();
    }

    @Test
    void an_update_is_durable_when_it_is_answered_and_fresh_reads_show_it() {
        long position = json(post("notes", "first", HEY)).getLong("position");
        assertThat(database.number("select count(*) from crdt.journal")).isPositive();

        JsonObject entity = json(get(entity("notes", "first") + "?fresh=true"));
        assertThat(entity.fieldNames())
                .containsExactlyInAnyOrder(
                        "id",
                        "name",
                        "project",
                        "type",
                        "title",
                        "properties",
                        "stateVector",
                        "position",
                        "bytes",
                        "createdAt",
                        "updatedAt");
        assertThat(entity.getString("id")).matches("[0-9A-HJKMNP-TV-Z]{26}");
        assertThat(entity.getString("name")).isEqualTo("first");
        assertThat(entity.getString("project")).isEqualTo("notes");
        assertThat(entity.getString("type")).isEqualTo("document");
        assertThat(entity.getJsonObject("properties")).isEqualTo(new JsonObject("{\"t\":\"hey\"}"));
        assertThat(entity.getBinary("stateVector")).containsExactly(1, 1, 3);
        assertThat(entity.getLong("position")).isGreaterThanOrEqualTo(position);
        assertThat(send("HEAD", entity("notes", "first") + "?fresh=true", new byte[0])
                        .headers()
                        .firstValue("boardwalk-position"))
                .contains(Long.toString(entity.getLong("position")));
        assertThat(entity.getLong("bytes")).isEqualTo(HEY.length);
        assertThat(Instant.parse(entity.getString("updatedAt")))
                .isAfterOrEqualTo(Instant.parse(entity.getString("createdAt")));
    }

    @Test
    void the_state_that_is_read_is_what_was_written_and_writing_it_again_changes_nothing() {
        post("notes", "again", HEY);
        HttpResponse<byte[]> state = get(entity("notes", "again") + "/update");
        assertThat(state.headers().firstValue("content-type")).hasValue("application/octet-stream");
        assertThat(state.body()).isEqualTo(HEY);

        assertThat(post("notes", "again", state.body()).statusCode()).isEqualTo(200);
        assertThat(get(entity("notes", "again") + "/update").body()).isEqualTo(HEY);
    }

    @Test
    void type_and_title_come_from_the_document_and_select_in_lists() {
        for (int i = 0; i < 5; i++) {
            post("plans", "board " + i, meta("board"));
            json(get(entity("plans", "board " + i) + "?fresh=true"));
        }
        post("plans", "memo", meta("memo"));
        json(get(entity("plans", "memo") + "?fresh=true"));

        List<String> names = new ArrayList<>();
        String cursor = null;
        int pages = 0;
        do {
            JsonObject page = json(get("/api/v1/projects/plans/entities?type=board&limit=2"
                    + (cursor == null ? "" : "&cursor=" + encode(cursor))));
            JsonArray items = page.getJsonArray("items");
            items.forEach(item -> names.add(((JsonObject) item).getString("name")));
            cursor = page.getString("nextCursor");
            pages++;
        } while (cursor != null);
        assertThat(names).containsExactly("board 0", "board 1", "board 2", "board 3", "board 4");
        assertThat(pages).isEqualTo(3);
        assertThat(json(get("/api/v1/projects/plans/entities")).getJsonArray("items"))
                .hasSize(6);
        assertProblem(get("/api/v1/projects/plans/entities?cursor=nonsense"), 400, "invalid-cursor");
        assertProblem(get("/api/v1/projects/plans/entities?limit=1001"), 400, "invalid-parameter");
        assertProblem(get("/api/v1/projects/nobody/entities"), 404, "not-found");
    }

    @Test
    void a_deleted_entity_is_gone_and_its_name_is_free() {
        String first = json(get(create("notes", "mortal"))).getString("id");

        assertThat(send("DELETE", entity("notes", "mortal"), new byte[0]).statusCode())
                .isEqualTo(204);

        assertThat(get(entity("notes", "mortal")).body()).asString().contains("entity notes/mortal does not exist");
        assertProblem(get(entity("notes", "mortal")), 404, "not-found");
        assertProblem(get(entity("notes", "mortal") + "/update"), 404, "not-found");
        assertProblem(send("DELETE", entity("notes", "mortal"), new byte[0]), 404, "not-found");
        assertThat(json(get(create("notes", "mortal"))).getString("id")).isNotEqualTo(first);
        assertThat(get(entity("notes", "mortal") + "/update").body()).isEqualTo(HEY);
    }

    @Test
    void live_peers_see_what_is_written_here_and_are_sent_away_when_it_is_deleted() {
        int port = URI.create(gateway.address()).getPort();
        try (WirePeer peer = WirePeer.synced(port, "/yjs/notes/watched")) {
            assertThat(post("notes", "watched", HEY).statusCode()).isEqualTo(200);
            peer.awaitUpdate(HEY);

            send("DELETE", entity("notes", "watched"), new byte[0]);
            assertThat(peer.awaitClose()).startsWith("4404");
        }
    }

    @Test
    void refused_updates_leave_no_trace() {
        HttpResponse<byte[]> refused = post("refused", "killer", KILLER);
        assertProblem(refused, 400, "malformed-update");
        assertThat(new JsonObject(text(refused)).getString("reason")).isEqualTo("length-bomb");
        assertProblem(post("refused", "empty", new byte[0]), 400, "malformed-update");
        assertProblem(post("refused", "gap", GAP), 409, "update-incomplete");
        assertProblem(post("refused", "large", new byte[65 * 1024]), 413, "request-too-large");
        assertThat(database.number("select count(*) from crdt.journal j join entity e using (org_id, entity_id)"
                        + " join project p using (org_id, project_id) where p.name = 'refused'"))
                .isZero();
        assertThat(text(get("/metrics"))).containsPattern("boardwalk_refused_total\\{reason=\"length-bomb\"} [1-9]");
    }

    @Test
    void names_are_one_escaped_segment() {
        String name = "a/b ü%41?#";
        post("names", name, HEY);
        assertThat(json(get(entity("names", name))).getString("name")).isEqualTo(name);
        assertProblem(get(entity("names", "n".repeat(256))), 400, "invalid-name");
        assertProblem(get(entity("names", "tab\t")), 400, "invalid-name");
        assertProblem(get(entity("names", "unknown")), 404, "not-found");
    }

    @Test
    void a_database_that_takes_no_writes_is_told_apart_and_nothing_is_confirmed() {
        database.execute("alter database " + database.name() + " set default_transaction_read_only = on");
        database.killSessions("boardwalk%");
        try {
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                HttpResponse<byte[]> answer = get("/readyz");
                assertProblem(answer, 503, "not-ready");
                JsonObject check =
                        new JsonObject(text(answer)).getJsonObject("checks").getJsonObject("database");
                assertThat(check.getString("status")).isEqualTo("failed");
                assertThat(check.getString("code")).isEqualTo("database-read-only");
            });
            assertThat(get("/healthz").statusCode()).isEqualTo(200);
            assertThat(post("notes", "unconfirmed", HEY).statusCode()).isEqualTo(503);
        } finally {
            database.execute("begin; set transaction read write; alter database " + database.name()
                    + " reset default_transaction_read_only; commit");
            database.killSessions("boardwalk%");
        }
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(get("/readyz").statusCode()).isEqualTo(200);
            assertThat(post("notes", "confirmed", HEY).statusCode()).isEqualTo(200);
        });
    }

    @Test
    void the_description_and_the_routes_are_the_same() {
        Map<String, Map<String, Object>> paths = new Yaml()
                .<Map<String, Map<String, Map<String, Object>>>>load(OperationsApi.openApi())
                .getOrDefault("paths", Map.of());
        Set<String> described = new TreeSet<>();
        paths.forEach((path, calls) -> calls.keySet().stream()
                .filter(method -> !method.equals("parameters"))
                .forEach(method -> described.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path)));
        Set<String> routed = new TreeSet<>();
        gateway.endpoints().forEach(endpoint -> routed.add(endpoint.method() + " " + endpoint.path()));
        assertThat(routed).isEqualTo(described);
    }

    @Test
    void garbage_instead_of_http_is_answered_and_hurts_nobody() throws Exception {
        int port = URI.create(gateway.address()).getPort();
        assertThat(RawHttp.exchange(port, "\0\1\2garbage\r\n\r\n")).contains("400 ", "\"code\":\"malformed-request\"");
        assertThat(RawHttp.exchange(port, "GET /" + "x".repeat(10_000) + " HTTP/1.1\r\n\r\n"))
                .contains("414 ", "\"code\":\"address-too-long\"");
        assertThat(RawHttp.exchange(port, "GET / HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .contains("431 ", "\"code\":\"headers-too-large\"");
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    /** A root map "meta" with a type; what yjs writes for {@code doc.getMap('meta').set('type', type)}. */
    private static byte[] meta(String type) {
        ByteArrayOutputStream update = new ByteArrayOutputStream();
        update.writeBytes(HexFormat.of().parseHex("0101010028"));
        update.write(1);
        string(update, "meta");
        string(update, "type");
        update.write(1);
        update.write(119);
        string(update, type);
        update.write(0);
        return update.toByteArray();
    }

    private static void string(ByteArrayOutputStream update, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        update.write(bytes.length);
        update.writeBytes(bytes);
    }

    private static String create(String project, String name) {
        assertThat(post(project, name, HEY).statusCode()).isEqualTo(200);
        return entity(project, name);
    }

    private static String entity(String project, String name) {
        return "/api/v1/projects/" + encode(project) + "/entities/" + encode(name);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static HttpResponse<byte[]> get(String path) {
        return send("GET", path, new byte[0]);
    }

    private static HttpResponse<byte[]> post(String project, String name, byte[] update) {
        return send("POST", entity(project, name) + "/update", update);
    }

    private static HttpResponse<byte[]> send(String method, String path, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.address() + path))
                .method(
                        method,
                        body.length == 0 && !method.equals("POST")
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(body))
                .timeout(Duration.ofSeconds(30))
                .build();
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (Exception failure) {
            throw new IllegalStateException(method + " " + path, failure);
        }
    }

    private static JsonObject json(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        return new JsonObject(text(answer));
    }

    private static void assertProblem(HttpResponse<byte[]> answer, int status, String code) {
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(new JsonObject(text(answer)).getString("code")).isEqualTo(code);
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
