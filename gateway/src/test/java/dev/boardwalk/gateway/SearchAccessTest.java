package dev.boardwalk.gateway;

import static dev.boardwalk.gateway.TestTokens.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.gateway.token.Role;
import dev.boardwalk.testkit.Typing;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two organisations that search on one gateway: who holds a token finds what it is for, and learns of nothing else. */
class SearchAccessTest {
    private static final HttpClient http = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String ACME = token("acme", "ada", Role.OWNER);
    private static final String OTHER = token("other", "eve", Role.OWNER);

    @TempDir
    private static Path data;

    private static TokenGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = TokenGateway.start(data, Map.of("BOARDWALK_MAX_SEARCHES", "2"));
        write(ACME, "garage", "truck", "The zeppelin truck needs new tyres");
        write(ACME, "garage", "van", "The zeppelin van is charged over night");
        write(ACME, "kitchen", "soup", "The zeppelin soup simmers for an hour");
        write(OTHER, "garage", "boat", "The walrus boat sails at dawn");
        write(OTHER, "office", "memo", "The walrus memo is about the houses");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** Waits until it can be found. */
    private static void write(String token, String project, String name, String text) {
        HttpRequest.Builder request = request(token, "/api/v1/projects/" + project + "/entities/" + name + "/update")
                .header("content-type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(new Typing(name.hashCode() & 0xffff).type(text)));
        HttpResponse<String> answer = send(request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        long position = new JsonObject(answer.body()).getLong("position");
        await().atMost(PATIENCE)
                .until(() -> send(request(token, "/api/v1/search?q=the&after=" + position))
                                .statusCode()
                        == 200);
    }

    private static HttpRequest.Builder request(String token, String path) {
        return HttpRequest.newBuilder(URI.create(gateway.address() + path)).header("authorization", "Bearer " + token);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static JsonObject ask(String token, String question) {
        HttpResponse<String> answer = send(request(token, "/api/v1/search?" + question));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static String problem(String token, String question, int status) {
        HttpResponse<String> answer = send(request(token, "/api/v1/search?" + question));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return new JsonObject(answer.body()).getString("code");
    }

    private static List<String> found(String token, String question) {
        return names(ask(token, question).getJsonArray("hits"));
    }

    private static List<String> names(JsonArray hits) {
        return hits.stream().map(hit -> ((JsonObject) hit).getString("name")).toList();
    }

    @Test
    void organisations_learn_nothing_of_each_other() {
        for (String word : List.of("zeppelin", "zeppelni", "zepp", "\"zeppelin truck\"", "truck", "trukc", "the")) {
            JsonObject answer = ask(OTHER, "q=" + URLEncoder.encode(word, StandardCharsets.UTF_8));
            assertThat(answer.encode())
                    .as(word)
                    .doesNotContainIgnoringCase("zeppelin")
                    .doesNotContain("kitchen", "truck", "soup", "van");
            assertThat(List.of("boat", "memo")).containsAll(names(answer.getJsonArray("hits")));
            answer.getJsonObject("facets")
                    .getJsonObject("project")
                    .forEach(count -> assertThat(List.of("garage", "office")).contains(count.getKey()));
        }
        assertThat(ask(OTHER, "q=the").getJsonObject("facets").getJsonObject("project"))
                .isEqualTo(new JsonObject().put("garage", 1).put("office", 1));
        assertThat(found(OTHER, "q=wlarus")).containsExactlyInAnyOrder("boat", "memo");
        assertThat(found(ACME, "q=zeppelni")).containsExactlyInAnyOrder("truck", "van", "soup");
    }

    @Test
    void a_cursor_a_project_and_an_entity_of_another_organisation_are_as_if_they_were_not_there() {
        String cursor = ask(ACME, "q=the&limit=1").getString("nextCursor");
        assertThat(found(ACME, "q=the&limit=1&cursor=" + cursor)).hasSize(1);
        assertThat(problem(OTHER, "q=the&limit=1&cursor=" + cursor, 400)).isEqualTo("invalid-cursor");
        assertThat(problem(OTHER, "q=the&project=kitchen", 404)).isEqualTo("not-found");
        assertThat(problem(OTHER, "q=the&near=garage/truck", 404)).isEqualTo("not-found");
        assertThat(found(ACME, "q=the&near=garage/truck")).hasSize(3);
    }

    @Test
    void a_token_for_some_projects_finds_and_counts_these_only() {
        String cook = TestTokens.forProject("acme", "cook", "kitchen");
        for (String word : List.of("zeppelin", "zeppelni", "the", "truck", "night")) {
            JsonObject answer = ask(cook, "q=" + word);
            assertThat(answer.encode()).as(word).doesNotContain("garage", "truck", "tyres", "charged");
            assertThat(List.of("soup")).containsAll(names(answer.getJsonArray("hits")));
        }
        assertThat(ask(cook, "q=zeppelin").getJsonObject("facets").getJsonObject("project"))
                .isEqualTo(new JsonObject().put("kitchen", 1));
        assertThat(problem(cook, "q=the&project=garage", 403)).isEqualTo("forbidden");
        assertThat(problem(cook, "q=the&near=garage/truck", 403)).isEqualTo("forbidden");
        assertThat(found(cook, "q=the&project=kitchen")).containsExactly("soup");
        assertThat(put(cook, "kitchen", "german").statusCode()).isEqualTo(403);
    }

    @Test
    void the_language_of_a_project_is_set_by_owners_and_counts_for_what_is_there() {
        String path = "/api/v1/projects/office/search";
        assertThat(new JsonObject(send(request(OTHER, path)).body()))
                .isEqualTo(new JsonObject().put("language", "detect").put("underway", false));
        assertThat(names(words("q=house"))).containsExactly("memo");

        assertThat(put(OTHER, "office", "simple").statusCode()).isEqualTo(200);
        await().atMost(PATIENCE)
                .until(() -> new JsonObject(send(request(OTHER, path)).body())
                        .equals(new JsonObject().put("language", "simple").put("underway", false)));
        assertThat(words("q=house+")).isEmpty();
        assertThat(names(words("q=houses"))).containsExactly("memo");

        assertThat(put(OTHER, "office", "klingon").statusCode()).isEqualTo(400);
        assertThat(put(OTHER, "nowhere", "german").statusCode()).isEqualTo(404);
        assertThat(put(OTHER, "kitchen", "german").statusCode()).isEqualTo(404);
        assertThat(put(token("other", "bob", Role.EDITOR), "office", "german").statusCode())
                .isEqualTo(403);
    }

    /** What has the words of a question in whatever form, not only their meaning. */
    private static JsonArray words(String question) {
        JsonArray found = new JsonArray();
        for (Object hit : ask(OTHER, question).getJsonArray("hits")) {
            JsonObject each = (JsonObject) hit;
            if (each.getJsonArray("why").encode().contains("\"by\":\"words\"")) {
                found.add(each);
            }
        }
        return found;
    }

    private static HttpResponse<String> put(String token, String project, String language) {
        return send(request(token, "/api/v1/projects/" + project + "/search")
                .PUT(BodyPublishers.ofString(
                        new JsonObject().put("language", language).encode())));
    }

    @Test
    void more_searches_at_one_time_than_are_allowed_are_refused_and_counted() {
        HttpRequest waiting =
                request(ACME, "/api/v1/search?q=the&after=900000000000000000").build();
        List<CompletableFuture<HttpResponse<String>>> underway = new ArrayList<>();
        await().atMost(PATIENCE).untilAsserted(() -> {
            underway.removeIf(CompletableFuture::isDone);
            while (underway.size() < 2) {
                underway.add(http.sendAsync(waiting, BodyHandlers.ofString()));
            }
            HttpResponse<String> refused = send(request(ACME, "/api/v1/search?q=the"));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(new JsonObject(refused.body()).getString("code")).isEqualTo("overloaded");
        });
        assertThat(send(request(ACME, "/metrics")).body())
                .containsPattern("boardwalk_search_questions_refused_total [1-9]");
        underway.forEach(answer -> assertThat(answer.join().statusCode()).isIn(503, 504));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(found(ACME, "q=the")).hasSize(3));
    }
}
