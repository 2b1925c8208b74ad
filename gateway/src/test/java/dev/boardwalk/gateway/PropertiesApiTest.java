package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edits of live entities by their JSON, over HTTP, on a gateway that runs as it does for users. */
class PropertiesApiTest {
    private static final String JSON_PATCH = "application/json-patch+json";
    private static final String MERGE_PATCH = "application/merge-patch+json";

    /** Puts a paragraph of "hi" into the XML root "x"; written by yjs 13.6. */
    private static final byte[] XML = HexFormat.of().parseHex("010301000701017803017007000100060400010102686900");

    @TempDir
    private static Path data;

    private static TestDatabase database;
    private static RunningGateway gateway;
    private static ApiClient api;

    @BeforeAll
    static void start() throws Exception {
        database = TestDatabase.create();
        gateway = RunningGateway.start(
                GatewaySettings.from(Map.of(
                        "DATABASE_URL", database.url(), "BOARDWALK_PORT", "0", "BOARDWALK_DATA", data.toString())),
                _ -> {});
        api = new ApiClient(gateway.address());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        database.close();
    }

    @Test
    void a_patch_of_each_kind_changes_the_live_document_and_peers_see_it() {
        int port = URI.create(gateway.address()).getPort();
        merge("both", "{\"meta\":{\"title\":\"Plan\",\"n\":1},\"list\":[1,2,3],\"text\":\"hello\"}");
        try (WirePeer peer = WirePeer.synced(port, "/yjs/patched/both")) {
            JsonObject answer = ok(patch("both", """
                    [{"op":"test","path":"/meta/n","value":1.0},
                     {"op":"replace","path":"/meta/title","value":"Roadmap"},
                     {"op":"add","path":"/list/-","value":{"a~/":[true]}},
                     {"op":"add","path":"/list/0","value":0},
                     {"op":"copy","from":"/list/4/a~0~1","path":"/meta/copied"},
                     {"op":"move","from":"/meta/n","path":"/list/1"},
                     {"op":"remove","path":"/list/2"},
                     {"op":"replace","path":"/text","value":"help"}]""", "Prefer", "return=representation"));
            JsonObject wanted = new JsonObject("{\"meta\":{\"title\":\"Roadmap\",\"copied\":[true]},"
                    + "\"list\":[0,1,2,3,{\"a~/\":[true]}],\"text\":\"help\"}");
            assertThat(answer.getJsonObject("properties")).isEqualTo(wanted);
            Contract.of("editProperties", 200).check(answer);
            assertThat(answer.getBoolean("changed")).isTrue();
            assertThat(peer.awaitSync(SyncMessage.Update.class)).isNotEmpty();
            assertThat(read("both").getJsonObject("properties")).isEqualTo(wanted);

            JsonObject merged =
                    ok(merge("both", "{\"meta\":{\"copied\":null,\"deep\":{\"x\":null,\"y\":{}}},\"list\":[]}"));
            JsonObject now = read("both");
            assertThat(now.getJsonObject("properties"))
                    .isEqualTo(new JsonObject(
                            "{\"meta\":{\"title\":\"Roadmap\",\"deep\":{\"y\":{}}},\"list\":[],\"text\":\"help\"}"));
            assertThat(now.getString("stateVector")).isEqualTo(merged.getString("stateVector"));
            assertThat(now.getLong("position")).isGreaterThanOrEqualTo(merged.getLong("position"));
        }
        assertThat(ok(merge("both", "{\"text\":\"help\"}")).getBoolean("changed"))
                .isFalse();
    }

    @Test
    void what_is_wrong_with_a_patch_is_told_with_its_place_and_nothing_is_applied() {
        merge("wrong", "{\"meta\":{\"a\":1},\"list\":[1]}");
        JsonObject missing = problem(
                patch(
                        "wrong",
                        "[{\"op\":\"add\",\"path\":\"/meta/b\",\"value\":2},{\"op\":\"remove\",\"path\":\"/meta/c\"}]"),
                422,
                "patch-path-missing");
        Contract.of("editProperties", 422).check(missing);
        assertThat(missing.getInteger("operation")).isEqualTo(1);
        assertThat(missing.getString("pointer")).isEqualTo("/meta/c");
        JsonObject tested = problem(
                patch("wrong", "[{\"op\":\"test\",\"path\":\"/meta/a\",\"value\":\"1\"}]"), 409, "patch-test-failed");
        assertThat(tested.getString("pointer")).isEqualTo("/meta/a");
        assertThat(problem(merge("wrong", "{\"meta\":7}"), 422, "content-not-writable")
                        .getString("pointer"))
                .isEqualTo("/meta");
        for (String patch : List.of(
                "{}",
                "[{\"op\":\"none\",\"path\":\"\"}]",
                "[7]",
                "[{\"op\":\"add\",\"path\":\"x\",\"value\":1}]",
                "[{\"op\":\"add\",\"path\":\"/x\"}]",
                "[{\"op\":\"remove\",\"path\":\"/~2\"}]",
                "not json")) {
            problem(patch("wrong", patch), 400, "malformed-patch");
        }
        for (String path : List.of("/list/2", "/list/01", "/list/x", "/list/1/y", "/none/x")) {
            problem(
                    patch("wrong", "[{\"op\":\"add\",\"path\":\"" + path + "\",\"value\":1}]"),
                    422,
                    "patch-path-missing");
        }
        problem(
                patch("wrong", "[{\"op\":\"move\",\"from\":\"/meta\",\"path\":\"/meta/in\"}]"),
                422,
                "patch-path-missing");
        problem(patch("wrong", "[{\"op\":\"replace\",\"path\":\"\",\"value\":[]}]"), 422, "content-not-writable");
        HttpResponse<byte[]> otherType = api.send("PATCH", url("wrong"), "{}", "Content-Type", "application/json");
        problem(otherType, 415, "unsupported-media-type");
        assertThat(otherType.headers().firstValue("accept-patch")).hasValue(JSON_PATCH + ", " + MERGE_PATCH);
        String doubling = IntStream.range(0, 60)
                .mapToObj(_ -> "{\"op\":\"copy\",\"from\":\"/list\",\"path\":\"/list/-\"}")
                .collect(java.util.stream.Collectors.joining(",", "[", "]"));
        problem(patch("wrong", doubling), 413, "request-too-large");
        assertThat(read("wrong").getJsonObject("properties"))
                .isEqualTo(new JsonObject("{\"meta\":{\"a\":1},\"list\":[1]}"));
    }

    @Test
    void keys_and_elements_of_all_depths_can_be_removed_roots_are_emptied_and_xml_stays() {
        merge("less", "{\"meta\":{\"a\":{\"b\":1,\"c\":[1,2]},\"d\":2},\"list\":[{\"x\":1},2],\"text\":\"words\"}");
        JsonObject less = ok(patch("less", """
                [{"op":"remove","path":"/meta/a/b"},{"op":"remove","path":"/meta/a/c/0"},{"op":"remove","path":"/meta/d"},
                 {"op":"remove","path":"/list/0/x"},{"op":"remove","path":"/list/1"}]""", "Prefer", "return=representation"));
        assertThat(less.getJsonObject("properties"))
                .isEqualTo(new JsonObject("{\"meta\":{\"a\":{\"c\":[2]}},\"list\":[{}],\"text\":\"words\"}"));
        ok(patch("less", "[{\"op\":\"remove\",\"path\":\"/meta\"},{\"op\":\"remove\",\"path\":\"/text\"}]"));
        JsonObject emptied = read("less").getJsonObject("properties");
        assertThat(emptied.getJsonArray("list")).isEqualTo(new JsonArray("[{}]"));
        assertThat(emptied.getJsonObject("meta", new JsonObject())).isEmpty();
        assertThat(emptied.getString("text", "")).isEmpty();

        api.send("POST", entity("paper") + "/update", XML);
        assertThat(read("paper").getJsonObject("properties").encode()).contains("p");
        for (String operation :
                List.of("{\"op\":\"remove\",\"path\":\"/x\"}", "{\"op\":\"replace\",\"path\":\"/x\",\"value\":\"\"}")) {
            assertThat(problem(patch("paper", "[" + operation + "]"), 422, "content-not-writable")
                            .getString("pointer"))
                    .startsWith("/x");
        }
    }

    @Test
    void if_match_holds_down_to_deletions_and_reads_can_be_conditional() {
        problem(merge("matched", "{\"m\":{\"a\":1}}", "If-Match", "*"), 412, "precondition-failed");
        HttpResponse<byte[]> made = merge("matched", "{\"m\":{\"a\":1,\"b\":2}}");
        String first = tag(made);
        HttpResponse<byte[]> seen = api.get(entity("matched") + "?fresh=true");
        assertThat(tag(seen)).isEqualTo(first);
        assertThat(api.send("GET", entity("matched"), "", "If-None-Match", "\"x\", W/" + first)
                        .statusCode())
                .isEqualTo(304);
        assertThat(api.send("GET", entity("matched"), "", "If-None-Match", "\"x\"")
                        .statusCode())
                .isEqualTo(200);

        String second = tag(merge("matched", "{\"m\":{\"a\":null}}", "If-Match", "\"other\", " + first));
        assertThat(second).isNotEqualTo(first);
        problem(merge("matched", "{\"m\":{\"c\":1}}", "If-Match", first), 412, "precondition-failed");
        problem(merge("matched", "{\"m\":{\"c\":1}}", "If-Match", "bare"), 400, "invalid-parameter");
        assertThat(tag(merge("matched", "{\"m\":{\"b\":2}}", "If-Match", "*"))).isEqualTo(second);
        assertThat(read("matched").getJsonObject("properties")).isEqualTo(new JsonObject("{\"m\":{\"b\":2}}"));

        HttpResponse<byte[]> state = api.get(entity("matched") + "/update");
        assertThat(api.send("GET", entity("matched") + "/update", "", "If-None-Match", tag(state))
                        .statusCode())
                .isEqualTo(304);
        merge("matched", "{\"m\":{\"b\":3}}");
        assertThat(api.send("GET", entity("matched") + "/update", "", "If-None-Match", tag(state))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void of_many_edits_for_one_content_one_is_made() throws Exception {
        String tag = tag(merge("raced", "{\"list\":[]}"));
        String base = tag(merge("raced", "{\"list\":[0]}"));
        assertThat(base).isNotEqualTo(tag);
        List<HttpResponse<byte[]>> answers = together(
                8,
                at -> patch("raced", "[{\"op\":\"add\",\"path\":\"/list/-\",\"value\":" + at + "}]", "If-Match", base));
        assertThat(answers.stream().filter(answer -> answer.statusCode() == 200))
                .hasSize(1);
        assertThat(answers.stream().filter(answer -> answer.statusCode() == 412))
                .hasSize(7);
        assertThat(read("raced").getJsonObject("properties").getJsonArray("list"))
                .hasSize(2);
    }

    @Test
    void one_key_is_one_edit_however_often_it_is_sent() throws Exception {
        String add = "[{\"op\":\"add\",\"path\":\"/list/-\",\"value\":1}]";
        merge("once", "{\"list\":[0]}");
        List<HttpResponse<byte[]>> answers = together(6, _ -> patch("once", add, "Idempotency-Key", "k-1"));
        assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(200));
        assertThat(answers.stream().map(answer -> ok(answer)).distinct()).hasSize(1);
        assertThat(answers.stream()
                        .filter(answer -> answer.headers()
                                .firstValue("idempotency-replayed")
                                .isEmpty()))
                .hasSize(1);
        problem(patch("once", add.replace("1", "2"), "Idempotency-Key", "k-1"), 422, "idempotency-key-reused");
        problem(patch("once", "[]", "Idempotency-Key", ""), 400, "invalid-parameter");

        problem(patch("once", add.replace("list", "none"), "Idempotency-Key", "k-2"), 422, "patch-path-missing");
        ok(patch("once", add, "Idempotency-Key", "k-2"));
        assertThat(read("once").getJsonObject("properties").getJsonArray("list"))
                .isEqualTo(new JsonArray("[0,1,1]"));
    }

    @Test
    void a_retry_after_an_unknown_end_applies_what_was_written_down_and_old_keys_go() {
        String add = "[{\"op\":\"add\",\"path\":\"/list/-\",\"value\":1}]";
        merge("retried", "{\"list\":[0]}");
        JsonObject first = ok(patch("retried", add, "Idempotency-Key", "dies"));
        // As if the gateway had died before it could keep its answer; the content has gone on since.
        database.execute("update public.idempotency_key set answer = null, held_until = now() - interval '1 s'"
                + " where key = 'dies'");
        merge("retried", "{\"meta\":{\"x\":1}}");
        JsonObject second = ok(patch("retried", add, "Idempotency-Key", "dies"));
        assertThat(second.getBoolean("changed")).isTrue();
        assertThat(second.getLong("position")).isGreaterThanOrEqualTo(first.getLong("position"));
        assertThat(read("retried").getJsonObject("properties").getJsonArray("list"))
                .isEqualTo(new JsonArray("[0,1]"));

        database.execute(
                "update public.idempotency_key set created_at = now() - interval '25 hours' where key = 'dies'");
        ok(patch("retried", add, "Idempotency-Key", "another"));
        assertThat(database.number("select count(*) from public.idempotency_key where key = 'dies'"))
                .isZero();
    }

    @Test
    void a_batch_keeps_the_order_and_names_what_is_missing() {
        for (int at = 0; at < 12; at++) {
            merge("b" + at, "{\"m\":{\"n\":" + at + "}}");
        }
        String names = IntStream.range(0, 12)
                .mapToObj(at -> "\"b" + (11 - at) + "\"")
                .collect(java.util.stream.Collectors.joining(",", "{\"names\":[\"none\",", ",\"b3\",\"nor this\"]}"));
        String batch = "/api/v1/projects/patched/entities/batch";
        JsonObject answer = Contract.of("readEntities", 200).check(ok(api.send("POST", batch + "?fresh=true", names)));
        assertThat(answer.getJsonArray("missing")).isEqualTo(new JsonArray("[\"none\",\"nor this\"]"));
        assertThat(answer.getJsonArray("items").stream()
                        .map(item -> ((JsonObject) item)
                                .getJsonObject("properties")
                                .getJsonObject("m")
                                .getInteger("n")))
                .containsExactly(11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        assertThat(ok(api.send("POST", batch, "{\"names\":[\"none\"]}")))
                .isEqualTo(new JsonObject("{\"items\":[],\"missing\":[\"none\"]}"));
        assertThat(ok(api.send("POST", "/api/v1/projects/nobody/entities/batch", "{\"names\":[\"b1\"]}"))
                        .getJsonArray("missing"))
                .hasSize(1);
        String many = IntStream.range(0, 101)
                .mapToObj(at -> "\"" + at + "\"")
                .collect(java.util.stream.Collectors.joining(",", "{\"names\":[", "]}"));
        for (String wrong : List.of("{}", "[]", "{\"names\":[]}", "{\"names\":[1]}", "{\"names\":[null]}", many)) {
            problem(api.send("POST", batch, wrong), 400, "invalid-parameter");
        }
    }

    private static List<HttpResponse<byte[]>> together(
            int count, java.util.function.IntFunction<HttpResponse<byte[]>> call) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<HttpResponse<byte[]>>> calls = IntStream.range(0, count)
                    .mapToObj(at -> (Callable<HttpResponse<byte[]>>) () -> call.apply(at))
                    .toList();
            return threads.invokeAll(calls).stream()
                    .map(future -> future.resultNow())
                    .toList();
        }
    }

    private static JsonObject read(String name) {
        return Contract.of("getEntity", 200).check(ok(api.get(entity(name) + "?fresh=true")));
    }

    private static HttpResponse<byte[]> patch(String name, String operations, String... headers) {
        return send(name, operations, JSON_PATCH, headers);
    }

    private static HttpResponse<byte[]> merge(String name, String patch, String... headers) {
        return send(name, patch, MERGE_PATCH, headers);
    }

    private static HttpResponse<byte[]> send(String name, String body, String type, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = type;
        System.arraycopy(headers, 0, all, 2, headers.length);
        return api.send("PATCH", url(name), body, all);
    }

    private static String url(String name) {
        return entity(name) + "/properties";
    }

    private static String entity(String name) {
        return "/api/v1/projects/patched/entities/" + name;
    }

    private static String tag(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).as(ApiClient.text(answer)).isEqualTo(200);
        return answer.headers().firstValue("etag").orElseThrow();
    }

    private static JsonObject ok(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).as(ApiClient.text(answer)).isEqualTo(200);
        return new JsonObject(ApiClient.text(answer));
    }

    private static JsonObject problem(HttpResponse<byte[]> answer, int status, String code) {
        return ApiClient.problem(answer, status, code);
    }
}
