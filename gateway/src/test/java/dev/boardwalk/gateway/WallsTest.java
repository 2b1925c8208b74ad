package dev.boardwalk.gateway;

import static dev.boardwalk.gateway.TestTokens.token;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.crdt.sync.HocuspocusFrame;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.gateway.token.Role;
import dev.boardwalk.testkit.Typing;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * Two organisations with the same names for everything, users included: every door is tried with the other's token, which
 * opens nothing of the first, changes nothing of it, and is answered as if it were not there.
 */
class WallsTest {
    /** Stands in everything that is only the north's. */
    private static final String SECRET_WORD = "heliograph";

    private static final String NORTH = token("north-" + SECRET_WORD, "ada", Role.OWNER);
    private static final String SOUTH = token("south", "ada", Role.OWNER);
    private static final String NOBODY = token("nobody", "ada", Role.OWNER);

    private static final String ENTITIES = "/api/v1/projects/plans/entities/";
    private static final byte[] LIVE = new Typing(5).type(SECRET_WORD);

    @TempDir
    private static Path data;

    private static TokenGateway gateway;
    private static Map<String, String> norths;
    private static List<String> words;

    @BeforeAll
    static void start() throws Exception {
        gateway = TokenGateway.start(data, Map.of());
        fill(NORTH, SECRET_WORD);
        write(NORTH, "vault", board(SECRET_WORD));
        write(NORTH, "live", LIVE);
        fill(SOUTH, "common");
        JsonObject file = new JsonObject(
                call(NORTH, "POST", ENTITIES + "board/attachments?name=" + SECRET_WORD, SECRET_WORD, 201));
        JsonObject version = new JsonObject(
                call(NORTH, "POST", ENTITIES + "board/versions", "{\"name\":\"" + SECRET_WORD + "\"}", 201));
        String cursor = new JsonObject(call(NORTH, "GET", "/api/v1/projects/plans/entities?limit=1", "", 200))
                .getString("nextCursor");
        long position = new JsonObject(call(NORTH, "GET", ENTITIES + "board", "", 200)).getLong("position");
        for (String derived : List.of("/api/v1/search?q=x&after=", ENTITIES + "board/dependents?after=")) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> gateway.get(derived + position, NORTH).statusCode() == 200);
        }
        call(NORTH, "PUT", "/api/v1/members/" + SECRET_WORD, "{\"role\":\"reader\"}", 204);
        gateway.database()
                .execute("insert into webhook_event (org_id, entity_id, event, details, attempts, dead_at, last_error)"
                        + " select org_id, entity_id, 'changed', '{}', 12, now(), '" + SECRET_WORD + "' from entity"
                        + " where name = 'vault'");
        norths = Map.of(
                "project",
                "plans",
                "attachment",
                file.getString("id"),
                "version",
                version.getString("id"),
                "cursor",
                cursor,
                "time",
                Instant.now().toString(),
                "user",
                "ada",
                "organisation",
                "north-" + SECRET_WORD,
                "id",
                gateway.database()
                        .column("select event_id from webhook_event where dead_at is not null")
                        .getFirst(),
                "type",
                "LINKS_TO",
                "target",
                "spec");
        words = new ArrayList<>(List.of(SECRET_WORD, file.getString("id"), "vault"));
        words.addAll(gateway.database()
                .column("select graph.ulid(e.ulid) from public.entity e join public.organisation o using (org_id)"
                        + " where o.name like 'north%'"));
        assertThat(words).hasSize(7);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static void fill(String token, String word) {
        write(token, "spec", MapUpdate.of(1, Map.of("meta", new JsonObject().put("title", word + " spec"))));
        write(token, "board", board(word));
        call(token, "PUT", ENTITIES + "board/relationships/LINKS_TO/spec", "{}", 200);
    }

    private static byte[] board(String word) {
        JsonObject nodes = new JsonObject();
        for (String node : List.of("A", "B")) {
            nodes.put(node, new JsonObject().put("type", "note").put("text", word + " " + node));
        }
        JsonObject edge = new JsonObject().put("source", "A").put("target", "B").put("type", "DEPENDS_ON");
        JsonObject meta = new JsonObject().put("title", word + " board").put("type", "board");
        return MapUpdate.of(1, Map.of("nodes", nodes, "edges", new JsonObject().put("AB", edge), "meta", meta));
    }

    private static void write(String token, String name, byte[] update) {
        assertThat(gateway.call("POST", ENTITIES + name + "/update", token, update)
                        .statusCode())
                .isEqualTo(200);
        call(token, "GET", ENTITIES + name + "?fresh=true", "", 200);
    }

    private static String call(String token, String method, String path, String body, int status) {
        HttpResponse<String> answer = gateway.call(method, path, token, body);
        assertThat(answer.statusCode()).as(method + " " + path + answer.body()).isEqualTo(status);
        return answer.body();
    }

    @Test
    void every_call_that_there_is_is_tried() {
        Map<String, Map<String, Map<String, Object>>> description = new Yaml().load(OperationsApi.openApi());
        Map<String, Map<String, Object>> paths = requireNonNull(description.get("paths"));
        Set<String> described = new TreeSet<>();
        paths.forEach((path, calls) -> calls.keySet().stream()
                .filter(method -> Pattern.matches("get|put|post|patch|delete", method) && path.startsWith("/api/"))
                .forEach(method -> described.add(generic(method, path))));
        Set<String> tried = new TreeSet<>();
        WallDoor.all().forEach(door -> tried.add(generic(door.method(), door.template())));
        assertThat(tried).isEqualTo(described);
    }

    /** An upload's number is looked for like an attachment's. */
    private static String generic(String method, String path) {
        return method.toUpperCase(java.util.Locale.ROOT) + " "
                + path.replace("uploads/{upload}", "uploads/{attachment}");
    }

    private static HttpResponse<String> enter(WallDoor door, String token, String name) {
        return door.enter(gateway, token, name, norths);
    }

    private static void whatIsOnlyThereIsAnsweredLikeWhatIsNowhere() {
        for (WallDoor door : WallDoor.all()) {
            if (door.method().equals("GET") && (door.template() + door.query()).contains("{name}")) {
                HttpResponse<String> there = enter(door, SOUTH, "vault");
                HttpResponse<String> nowhere = enter(door, SOUTH, "vanlt");
                assertThat(there.statusCode()).as(door.toString()).isEqualTo(nowhere.statusCode());
                assertThat(there.body().replace("vault", "vanlt"))
                        .as(door.toString())
                        .isEqualTo(nowhere.body());
            }
        }
    }

    @Test
    void no_door_opens_for_the_tokens_of_others_and_none_tells_that_there_is_something() {
        List<String> before = everything();
        assertThat(String.join("", before)).contains(words);
        whatIsOnlyThereIsAnsweredLikeWhatIsNowhere();
        tryEverything();
        List<String> after = everything();
        assertThat(after).hasSameSizeAs(before);
        for (int at = 0; at < before.size(); at++) {
            assertThat(after.get(at)).isEqualTo(before.get(at));
        }
    }

    private static void tryEverything() {
        byte[] theirs = new Typing(6).type("of the south");
        try (WirePeer yjs = WirePeer.synced(gateway.port(), "/yjs/plans/live?token=" + NORTH);
                CollabWire collab =
                        CollabWire.connect(gateway.port(), "/collab/plans").open("live", NORTH)) {
            for (String other : List.of(NOBODY, SOUTH)) {
                sockets(other, theirs);
                for (WallDoor door : WallDoor.all()) {
                    HttpResponse<String> answer = enter(door, other, "board");
                    assertThat(answer.statusCode()).as(door + answer.body()).isBetween(200, 499);
                    assertThat(withoutEcho(answer.body())).as(door.toString()).doesNotContain(words);
                    assertThat(answer.headers().map().toString())
                            .as(door.toString())
                            .doesNotContain(words);
                }
            }
            assertThat(gateway.get("/metrics", NORTH).body()).doesNotContain(SECRET_WORD, "plans", "south", "\"ada\"");
            assertThat(yjs.open() && collab.open()).isTrue();
            yjs.send(new YWebsocketFrame.Marker(new byte[] {7}));
            yjs.await(frame -> frame instanceof YWebsocketFrame.Marker);
            collab.update("live", LIVE).awaitSign("live", true);
            for (List<byte[]> all : List.of(yjs.raw(), collab.raw())) {
                assertThat(all).noneMatch(frame -> new String(frame, UTF_8).contains("south"));
            }
        }
    }

    /** Both protocols, for what is there under the same name: nothing is there, and what one writes stays one's own. */
    private static void sockets(String other, byte[] update) {
        try (WirePeer yjs = WirePeer.connect(gateway.port(), "/yjs/plans/live?token=" + other);
                CollabWire collab = CollabWire.connect(gateway.port(), "/collab/plans")) {
            yjs.send(new YWebsocketFrame.Sync(new SyncMessage.Step1(new byte[] {0})));
            assertThat(yjs.awaitSync(SyncMessage.Step2.class)).isEqualTo(new byte[] {0, 0});
            yjs.send(new YWebsocketFrame.QueryAwareness());
            yjs.update(update).awaitUpdate(update);
            collab.open("live", other).update("live", update).awaitSign("live", true);
            collab.send(new HocuspocusFrame.Stateless("live", "of the south"));
            for (List<byte[]> all : List.of(yjs.raw(), collab.raw())) {
                assertThat(all).noneMatch(frame -> new String(frame, UTF_8).contains(SECRET_WORD));
            }
        }
    }

    /** Without what only says again what was asked. */
    private static String withoutEcho(String body) {
        return body.replaceAll("\"instance\":\"[^\"]*\"", "");
    }

    /** All that the north can read of itself; without what passes by itself. */
    private static List<String> everything() {
        List<String> answers = new ArrayList<>();
        for (WallDoor door : WallDoor.all()) {
            boolean reads = door.method().equals("GET") || door.template().endsWith("/cypher");
            if (reads && !door.template().contains("/organisations")) {
                for (String name : List.of("board", "vault", "spec")) {
                    HttpResponse<String> answer = enter(door, NORTH, name);
                    answers.add(door + " " + answer.statusCode() + " " + timeless(answer.body()));
                }
            }
        }
        return answers;
    }

    private static String timeless(String body) {
        if (!body.startsWith("{")) {
            return body;
        }
        JsonObject answer = new JsonObject(body);
        answer.remove("asOf");
        if (answer.getValue("rows") instanceof JsonArray rows) {
            answer.put("rows", rows.stream().map(Object::toString).sorted().toList());
        }
        return answer.encode();
    }
}
