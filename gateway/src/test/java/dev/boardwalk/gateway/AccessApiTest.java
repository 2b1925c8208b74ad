package dev.boardwalk.gateway;

import static dev.boardwalk.gateway.TestTokens.SECRET;
import static dev.boardwalk.gateway.TestTokens.sign;
import static dev.boardwalk.gateway.TestTokens.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.gateway.token.NamePattern;
import dev.boardwalk.gateway.token.Role;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what over HTTP, on a gateway with tokens and on a real database. */
class AccessApiTest {
    private static final HttpClient http = HttpClient.newHttpClient();
    private static final String ENTITIES = "/api/v1/projects/plans/entities";

    /** Inserts "hey" into the root text "t" as client 1; written by yjs 13.6. */
    private static final byte[] HEY = HexFormat.of().parseHex("01010100040101740368657900");

    @TempDir
    private static Path data;

    private static TokenGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = TokenGateway.start(data, Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void without_a_token_nothing_but_health_is_answered() {
        assertProblem(call("GET", ENTITIES, null, null), 401, "unauthenticated");
        assertProblem(call("GET", ENTITIES, "nonsense", null), 401, "token-invalid");
        assertThat(call("GET", ENTITIES, null, null).headers().firstValue("www-authenticate"))
                .contains("Bearer");
        assertThat(call("GET", "/healthz", null, null).statusCode()).isEqualTo(200);
        assertThat(call("GET", "/readyz", null, null).statusCode()).isEqualTo(200);
    }

    @Test
    void roles_decide_what_is_possible() {
        String editor = token("acme", "ada", Role.EDITOR);
        String reader = token("acme", "bob", Role.READER);
        assertThat(update("roles", editor)).isEqualTo(200);
        assertThat(call("GET", ENTITIES + "/roles?fresh=true", reader, null).statusCode())
                .isEqualTo(200);
        assertThat(call("GET", ENTITIES + "/roles?token=" + reader, null, null).statusCode())
                .isEqualTo(200);
        assertThat(body(call("GET", ENTITIES + "/roles/access", reader, null)))
                .isEqualTo(new JsonObject(
                        "{\"user\":\"bob\",\"read\":true,\"comment\":false,\"write\":false,\"manage\":false}"));
        assertProblem(call("POST", ENTITIES + "/roles/update", reader, HEY), 403, "forbidden");
        assertProblem(call("DELETE", ENTITIES + "/roles", reader, null), 403, "forbidden");
        assertThat(call("GET", ENTITIES + "/roles/changes", reader, null).statusCode())
                .isEqualTo(200);
        byte[] wish = ("{\"time\":\"" + Instant.now() + "\",\"name\":\"mine\"}").getBytes(StandardCharsets.UTF_8);
        for (String call : List.of("/restore", "/fork", "/versions")) {
            assertProblem(call("POST", ENTITIES + "/roles" + call, reader, wish), 403, "forbidden");
        }
        assertProblem(call("GET", "/api/v1/members", editor, null), 403, "forbidden");
        assertProblem(call("GET", "/api/v1/organisations", token("acme", "ada", Role.OWNER), null), 403, "forbidden");
    }

    @Test
    void an_organisation_sees_nothing_of_another_with_the_same_names() {
        assertThat(update("walls", token("north", "ada", Role.EDITOR))).isEqualTo(200);
        String south = token("south", "ada", Role.OWNER);
        assertProblem(call("GET", ENTITIES + "/walls", south, null), 404, "not-found");
        assertProblem(call("GET", ENTITIES + "/walls/update", south, null), 404, "not-found");
        assertProblem(call("GET", ENTITIES, south, null), 404, "not-found");
        assertProblem(call("DELETE", ENTITIES + "/walls", south, null), 404, "not-found");
    }

    @Test
    void a_token_may_be_good_for_some_entities_only() {
        String all = token("narrow", "ada", Role.EDITOR);
        assertThat(update("board-1", all)).isEqualTo(200);
        assertThat(update("secret", all)).isEqualTo(200);
        String some = sign("narrow", "bob", Role.EDITOR, List.of(new NamePattern("board-*")), "t-some");
        assertThat(call("GET", ENTITIES + "/board-1", some, null).statusCode()).isEqualTo(200);
        assertProblem(call("GET", ENTITIES + "/secret", some, null), 403, "forbidden");
        // Whether it exists is not told either.
        assertProblem(call("GET", ENTITIES + "/nothing", some, null), 403, "forbidden");
        assertProblem(call("GET", ENTITIES, some, null), 403, "forbidden");
    }

    @Test
    void a_revoked_user_is_out_and_others_are_not() {
        String owner = token("revoking", "root", Role.OWNER);
        String ada = sign("revoking", "ada", Role.EDITOR, List.of(), "t-ada");
        String bob = token("revoking", "bob", Role.EDITOR);
        assertThat(update("revoked", ada)).isEqualTo(200);
        assertThat(json("POST", "/api/v1/revocations", owner, "{\"user\":\"ada\"}"))
                .isEqualTo(201);
        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(
                        () -> assertProblem(call("GET", ENTITIES + "/revoked", ada, null), 401, "token-revoked"));
        assertThat(call("GET", ENTITIES + "/revoked", bob, null).statusCode()).isEqualTo(200);
        String other = sign("revoking", "bob", Role.EDITOR, List.of(), "t-other");
        assertThat(call("GET", ENTITIES + "/revoked", other, null).statusCode()).isEqualTo(200);
        assertThat(json("POST", "/api/v1/revocations", owner, "{\"token\":\"t-other\"}"))
                .isEqualTo(201);
        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(
                        () -> assertProblem(call("GET", ENTITIES + "/revoked", other, null), 401, "token-revoked"));
        for (String bad :
                List.of("{}", "[]", "{\"user\":1}", "{\"all\":\"x\"}", "{\"user\":\"a\",\"token\":\"b\"}", "x")) {
            assertThat(json("POST", "/api/v1/revocations", owner, bad)).as(bad).isEqualTo(400);
        }
        assertThat(json("POST", "/api/v1/revocations", bob, "{\"user\":\"root\"}"))
                .isEqualTo(403);
    }

    @Test
    void a_role_that_the_organisation_keeps_counts_and_can_be_taken_away() {
        String owner = token("keeping", "root", Role.OWNER);
        assertThat(update("kept", owner)).isEqualTo(200);
        String carol = sign("keeping", "carol", null, List.of(), "t-carol");
        assertProblem(call("GET", ENTITIES + "/kept", carol, null), 403, "forbidden");
        assertThat(json("PUT", "/api/v1/members/carol?project=plans", owner, "{\"role\":\"editor\"}"))
                .isEqualTo(204);
        await().untilAsserted(() -> assertThat(update("kept", carol)).isEqualTo(200));
        assertThat(body(call("GET", "/api/v1/members", owner, null))
                        .getJsonArray("items")
                        .getJsonObject(0))
                .isEqualTo(new JsonObject("{\"user\":\"carol\",\"project\":\"plans\",\"role\":\"editor\"}"));
        assertThat(call("DELETE", "/api/v1/members/carol?project=plans", owner, null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(call("DELETE", "/api/v1/members/carol?project=plans", owner, null)
                        .statusCode())
                .isEqualTo(404);
        await().untilAsserted(() -> assertProblem(call("GET", ENTITIES + "/kept", carol, null), 403, "forbidden"));
        assertThat(body(call("GET", "/api/v1/audit", owner, null)).getJsonArray("items").stream()
                        .map(entry -> ((JsonObject) entry).getString("action")))
                .containsExactly("member.removed", "member.put");
        assertThat(json("PUT", "/api/v1/members/carol", owner, "{\"role\":\"king\"}"))
                .isEqualTo(400);
    }

    @Test
    void operators_open_and_close_organisations() {
        String operator = TestTokens.operator();
        assertThat(json("POST", "/api/v1/organisations", operator, "{\"name\":\"shut\"}"))
                .isEqualTo(201);
        assertThat(json("POST", "/api/v1/organisations", operator, "{\"name\":\"shut\"}"))
                .isEqualTo(409);
        String member = token("shut", "ada", Role.EDITOR);
        assertThat(update("doors", member)).isEqualTo(200);
        assertThat(call("PUT", "/api/v1/organisations/shut/suspension", operator, null)
                        .statusCode())
                .isEqualTo(204);
        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(() ->
                        assertProblem(call("GET", ENTITIES + "/doors", member, null), 403, "organisation-suspended"));
        assertThat(call("DELETE", "/api/v1/organisations/shut/suspension", operator, null)
                        .statusCode())
                .isEqualTo(204);
        await().untilAsserted(() -> assertThat(update("doors", member)).isEqualTo(200));
        assertThat(call("DELETE", "/api/v1/organisations/shut", operator, null).statusCode())
                .isEqualTo(204);
        await().untilAsserted(() ->
                assertProblem(call("GET", ENTITIES + "/doors", member, null), 403, "organisation-deleted"));
        assertThat(body(call("GET", "/api/v1/organisations", operator, null))
                        .getJsonArray("items")
                        .encode())
                .doesNotContain("\"shut\"");
        assertThat(call("POST", "/api/v1/organisations/shut/restore", operator, null)
                        .statusCode())
                .isEqualTo(204);
        await().untilAsserted(() -> assertThat(update("doors", member)).isEqualTo(200));
        assertProblem(call("DELETE", "/api/v1/organisations/none", operator, null), 404, "not-found");
    }

    @Test
    void owners_make_suspend_delete_and_restore_projects() {
        String owner = token("planning", "root", Role.OWNER);
        String editor = token("planning", "ada", Role.EDITOR);
        String projects = "/api/v1/projects";
        assertThat(json("POST", projects, owner, "{\"name\":\"plans\"}")).isEqualTo(201);
        assertThat(json("POST", projects, owner, "{\"name\":\"plans\"}")).isEqualTo(409);
        assertThat(json("POST", projects, owner, "{\"name\":\"\"}")).isEqualTo(400);
        assertThat(json("POST", projects, editor, "{\"name\":\"mine\"}")).isEqualTo(403);
        assertThat(update("doors", editor)).isEqualTo(200);
        call("POST", projects + "/open/entities/a/update", editor, HEY);
        for (String[] way : new String[][] {
            {"PUT", projects + "/plans/suspension", "DELETE", projects + "/plans/suspension", "suspendedAt"},
            {"DELETE", projects + "/plans", "POST", projects + "/plans/restore", "deletedAt"}
        }) {
            assertProblem(call(way[0], way[1], editor, null), 403, "forbidden");
            assertThat(call(way[0], way[1], owner, null).statusCode()).isEqualTo(204);
            assertThat(call(way[0], way[1], owner, null).statusCode()).isEqualTo(204);
            for (String someone : List.of(editor, owner)) {
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(
                                () -> assertProblem(call("GET", ENTITIES + "/doors", someone, null), 403, "forbidden"));
            }
            assertThat(call("GET", projects + "/open/entities/a", editor, null).statusCode())
                    .isEqualTo(200);
            JsonObject listed = Contract.of("listProjects", 200).check(body(call("GET", projects, owner, null)));
            JsonObject plans = listed.getJsonArray("items").stream()
                    .map(JsonObject.class::cast)
                    .filter(project -> project.getString("name").equals("plans"))
                    .findFirst()
                    .orElseThrow();
            assertThat(plans.getString(way[4])).isNotNull();
            assertThat(call(way[2], way[3], owner, null).statusCode()).isEqualTo(204);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(update("doors", editor)).isEqualTo(200));
        }
        assertProblem(call("DELETE", projects + "/none", owner, null), 404, "not-found");
        assertThat(body(call("GET", "/api/v1/audit", owner, null)).getJsonArray("items").stream()
                        .map(entry -> ((JsonObject) entry).getString("action")))
                .containsExactly(
                        "project.restored",
                        "project.deleted",
                        "project.resumed",
                        "project.suspended",
                        "project.created");
    }

    @Test
    void a_link_shows_one_board_and_nothing_else() {
        String editor = token("sharing", "ada", Role.EDITOR);
        assertThat(update("shown", editor)).isEqualTo(200);
        assertThat(update("hidden", editor)).isEqualTo(200);
        JsonObject link = body(call("POST", ENTITIES + "/shown/share?ttl=10m", editor, new byte[0]));
        assertThat(link.getString("path")).startsWith("/board/plans/shown?token=");
        String guest = link.getString("token");
        assertThat(call("GET", ENTITIES + "/shown", guest, null).statusCode()).isEqualTo(200);
        assertProblem(call("GET", ENTITIES + "/hidden", guest, null), 403, "forbidden");
        assertProblem(call("POST", ENTITIES + "/shown/update", guest, HEY), 403, "forbidden");
        assertProblem(call("POST", ENTITIES + "/shown/share", guest, new byte[0]), 403, "forbidden");
        assertProblem(call("POST", ENTITIES + "/shown/share?ttl=soon", editor, new byte[0]), 400, "invalid-parameter");
    }

    @Test
    void owners_say_how_long_their_project_keeps_its_history() {
        String owner = token("archivists", "root", Role.OWNER);
        String retention = "/api/v1/projects/plans/retention";
        assertProblem(call("GET", retention, owner, null), 404, "not-found");
        assertThat(json("PUT", retention, owner, "{}")).isEqualTo(404);
        assertThat(update("kept-long", owner)).isEqualTo(200);
        JsonObject defaults = new JsonObject(
                "{'hourlyFor':'7d','dailyFor':'90d','monthlyFor':null,'archiveFor':'90d'}".replace('\'', '"'));
        assertThat(body(call("GET", retention, owner, null))).isEqualTo(defaults);
        assertThat(json("PUT", retention, owner, "{\"hourlyFor\":\"36h\",\"monthlyFor\":\"365d\"}"))
                .isEqualTo(200);
        assertThat(body(call("GET", retention, owner, null)))
                .isEqualTo(defaults.copy().put("hourlyFor", "36h").put("monthlyFor", "365d"));
        assertThat(gateway.database()
                        .column("select hourly_for = '36 hours' and daily_for = '90 days' and monthly_for = '365 days'"
                                + " and archive_for = '90 days' from crdt.retention_policy"))
                .containsExactly("t");
        // The same project of another organisation keeps its own.
        String other = token("archivists-2", "root", Role.OWNER);
        assertThat(update("kept-long", other)).isEqualTo(200);
        assertThat(body(call("GET", retention, other, null))).isEqualTo(defaults);
        for (String bad : List.of(
                "x",
                "[]",
                "{\"hourlyFor\":7}",
                "{\"hourlyFor\":null}",
                "{\"hourlyFor\":\"soon\"}",
                "{\"hourlyFor\":\"91d\"}",
                "{\"monthlyFor\":\"89d\"}",
                "{\"archiveFor\":\"36501d\"}",
                "{\"yearlyFor\":\"1d\"}")) {
            assertProblem(call("PUT", retention, owner, bad.getBytes(StandardCharsets.UTF_8)), 400, "invalid-body");
        }
        String editor = token("archivists", "ada", Role.EDITOR);
        assertProblem(call("GET", retention, editor, null), 403, "forbidden");
        assertThat(json("PUT", retention, editor, "{}")).isEqualTo(403);
        assertThat(json("PUT", retention, owner, "{}")).isEqualTo(200);
        assertThat(body(call("GET", retention, owner, null))).isEqualTo(defaults);
        assertThat(body(call("GET", "/api/v1/audit", owner, null)).getJsonArray("items").stream()
                        .map(entry -> ((JsonObject) entry).getString("action")))
                .containsExactly("retention.put", "retention.put");
    }

    @Test
    void no_token_is_found_in_the_log() throws IOException {
        String reader = token("quiet", "ada", Role.READER);
        call("GET", ENTITIES + "?token=" + reader, null, null);
        call("GET", "/nowhere?token=" + reader, null, null);
        try (Stream<Path> files = Files.walk(data.resolve("log"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).doesNotContain(reader).doesNotContain(SECRET);
            }
        }
    }

    private static int update(String entity, String token) {
        return call("POST", ENTITIES + "/" + entity + "/update", token, HEY).statusCode();
    }

    private static int json(String method, String path, String token, String body) {
        return call(method, path, token, body.getBytes(StandardCharsets.UTF_8)).statusCode();
    }

    private static JsonObject body(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
        return new JsonObject(answer.body());
    }

    private static HttpResponse<String> call(
            String method, String path, @Nullable String token, byte @Nullable [] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.address() + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .timeout(Duration.ofSeconds(30));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(method + " " + path, failure);
        }
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo(code);
    }
}
