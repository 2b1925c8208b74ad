package dev.boardwalk.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.gateway.token.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two organisations with the same names everywhere on one gateway, each with its token: whatever is asked about
 * relationships, by every call and in every hostile query of Cypher, nobody sees or touches the other's.
 */
class GraphTenancyTest {
    private static final String ENTITIES = "/api/v1/projects/default/entities/";
    private static final String SECRET_WORD = "topsecret";

    /** The same queries as those against the engine alone, from the tests of the module next door. */
    private static final Path HOSTILE = Path.of(
            "..", "graph", "src", "test", "resources", "dev", "boardwalk", "graph", "cypher", "hostile-queries.txt");

    private static final JsonObject PARAMETERS = new JsonObject()
            .put("key", "org_id")
            .put("title", "topsecret spec")
            .put("props", new JsonObject().put("org_id", 2))
            .put("p0", "topsecret spec");

    private static final HttpClient http = HttpClient.newHttpClient();
    private static final String OURS = TestTokens.token("acme", "ada", Role.EDITOR);
    private static final String THEIRS = TestTokens.token("rival", "eve", Role.EDITOR);

    @TempDir
    private static Path data;

    private static TokenGateway gateway;
    private static String[] theirIds = {};

    @BeforeAll
    static void start() throws Exception {
        gateway = TokenGateway.start(data, Map.of("BOARDWALK_MAX_CYPHER_TIME", "2s"));
        fill(OURS, "ours");
        fill(THEIRS, SECRET_WORD);
        assertThat(send(THEIRS, "POST", ENTITIES + "vault/update", board(SECRET_WORD, "spec"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(send(THEIRS, "GET", ENTITIES + "vault?fresh=true", new byte[0])
                        .statusCode())
                .isEqualTo(200);
        theirIds = gateway.database()
                .column("select graph.ulid(e.ulid) from public.entity e join public.organisation o using (org_id)"
                        + " where o.name = 'rival'")
                .toArray(String[]::new);
        assertThat(theirIds).hasSize(4);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static void fill(String token, String word) throws Exception {
        for (String name : List.of("spec", "plan", "board")) {
            byte[] content = name.equals("board")
                    ? board(word, "spec")
                    : MapUpdate.of(1, Map.of("meta", new JsonObject().put("title", word + " " + name)));
            assertThat(send(token, "POST", ENTITIES + name + "/update", content).statusCode())
                    .isEqualTo(200);
            assertThat(send(token, "GET", ENTITIES + name + "?fresh=true", new byte[0])
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(send(token, "PUT", ENTITIES + "spec/relationships/LINKS_TO/plan", "{}".getBytes(UTF_8))
                        .statusCode())
                .isEqualTo(200);
    }

    /** A depends on B depends on C, which depends on an entity; their texts begin with a word. */
    private static byte[] board(String word, String entity) {
        JsonObject nodes = new JsonObject();
        for (String node : List.of("A", "B", "C")) {
            nodes.put(node, new JsonObject().put("type", "note").put("text", word + " " + node));
        }
        nodes.put("D", new JsonObject().put("entity", entity));
        JsonObject edges = new JsonObject();
        for (String[] edge : new String[][] {{"A", "B"}, {"B", "C"}, {"C", "D"}}) {
            edges.put(
                    edge[0] + edge[1],
                    new JsonObject()
                            .put("source", edge[0])
                            .put("target", edge[1])
                            .put("type", "DEPENDS_ON"));
        }
        JsonObject meta = new JsonObject().put("title", word + " board").put("type", "board");
        return MapUpdate.of(1, Map.of("nodes", nodes, "edges", edges, "meta", meta));
    }

    @Test
    void no_hostile_query_sees_the_other_organisation_or_fails() throws Exception {
        List<String> queries = Files.readAllLines(HOSTILE, UTF_8).stream()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(line -> new JsonArray("[" + line + "]").getString(0))
                .toList();
        assertThat(queries).hasSizeGreaterThan(200);
        int answered = 0;
        for (String query : queries) {
            JsonObject body = new JsonObject().put("query", query).put("parameters", PARAMETERS);
            HttpResponse<String> answer =
                    send(OURS, "POST", "/api/v1/cypher", body.toBuffer().getBytes());
            assertThat(answer.statusCode()).as(query + answer.body()).isIn(200, 400, 413, 503, 504);
            // A query that says the word itself, or means a parameter that does, may get it back.
            boolean shown = query.toLowerCase(Locale.ROOT).contains(SECRET_WORD) || query.contains("$");
            assertThat(answer.body())
                    .as(query)
                    .doesNotContain(theirIds)
                    .doesNotContain("\"entity_id\":")
                    .doesNotContain(shown ? "\"title\":\"" + SECRET_WORD : SECRET_WORD);
            answered += answer.statusCode() == 200 ? 1 : 0;
        }
        assertThat(answered).as("some are only hostile in intent").isGreaterThan(100);
    }

    @Test
    void both_see_their_own_by_the_same_question() throws Exception {
        for (String token : List.of(OURS, THEIRS)) {
            JsonObject query = new JsonObject()
                    .put("query", "MATCH (a)-[:DEPENDS_ON]->(b) WHERE b.element = 'C' RETURN a.element, a.title");
            HttpResponse<String> answer =
                    send(token, "POST", "/api/v1/cypher", query.toBuffer().getBytes());
            String word = token.equals(OURS) ? "ours" : SECRET_WORD;
            assertThat(new JsonObject(answer.body())
                            .getJsonArray("rows")
                            .getJsonArray(0)
                            .getString(0))
                    .isEqualTo("B");
            assertThat(send(token, "GET", ENTITIES + "spec/dependents?depth=all", new byte[0])
                            .body())
                    .contains(word + " A", word + " B", word + " C");
        }
    }

    @Test
    void a_token_for_one_project_asks_of_that_one_only() throws Exception {
        String hidden = "/api/v1/projects/hidden/entities/";
        byte[] secret = MapUpdate.of(
                7, Map.of("meta", new JsonObject().put("title", "underground").put("$ref", "shown/open")));
        byte[] open = MapUpdate.of(8, Map.of("meta", new JsonObject().put("title", "in the open")));
        for (String[] write : new String[][] {{hidden + "lair"}, {"/api/v1/projects/shown/entities/open"}}) {
            assertThat(send(OURS, "POST", write[0] + "/update", write[0].startsWith(hidden) ? secret : open)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(send(OURS, "GET", write[0] + "?fresh=true", new byte[0]).statusCode())
                    .isEqualTo(200);
        }
        byte[] nothing = new byte[0];
        assertThat(send(OURS, "PUT", hidden + "lair/relationships/LINKS_TO/shown%2Fopen", nothing)
                        .statusCode())
                .isEqualTo(200);
        String narrow = TestTokens.forProject("acme", "ned", "shown");
        for (String query : List.of(
                "MATCH (n) RETURN n.title, n.name, n.project",
                "MATCH (a)-[r]->(b) RETURN a.title, type(r), b.title",
                "MATCH (n) WHERE n.title = 'underground' RETURN count(*)",
                "MATCH (b)<-[:LINKS_TO]-(a) RETURN a.name, count(*)",
                "MATCH (n) RETURN n.project, count(*)")) {
            byte[] body = new JsonObject().put("query", query).toBuffer().getBytes();
            HttpResponse<String> answer = send(narrow, "POST", "/api/v1/cypher", body);
            assertThat(answer.statusCode()).as(query + answer.body()).isEqualTo(200);
            assertThat(answer.body()).as(query).doesNotContain("underground", "hidden", "lair", "ours", "\"default\"");
            if (query.contains("underground")) {
                assertThat(new JsonObject(answer.body()).getJsonArray("rows")).isEqualTo(new JsonArray("[[0]]"));
                assertThat(send(OURS, "POST", "/api/v1/cypher", body).body()).contains("[[1]]");
            }
        }
        for (String call : List.of("/dependents?depth=all", "/impact", "/relationships", "/dependencies?depth=all")) {
            HttpResponse<String> answer = send(narrow, "GET", "/api/v1/projects/shown/entities/open" + call, nothing);
            assertThat(answer.statusCode()).as(call).isEqualTo(200);
            assertThat(answer.body()).as(call).doesNotContain("underground", "hidden", "lair");
            assertThat(send(narrow, "GET", hidden + "lair" + call, nothing).statusCode())
                    .isEqualTo(403);
        }
        assertThat(send(OURS, "GET", "/api/v1/projects/shown/entities/open/dependents", nothing)
                        .body())
                .contains("underground");
    }

    @Test
    void no_call_about_relationships_reaches_the_other_organisation() throws Exception {
        List<String> before = everything(THEIRS);
        assertThat(before).allMatch(answer -> answer.startsWith("200"));
        assertThat(String.join("", before)).contains(SECRET_WORD).contains(theirIds);
        for (String answer : everything(OURS)) {
            assertThat(answer).doesNotContain(SECRET_WORD).doesNotContain(theirIds);
        }
        byte[] nothing = new byte[0];
        for (String call : List.of(
                "GET vault/dependents",
                "GET vault/dependents?element=A&depth=all",
                "GET vault/dependencies?depth=all",
                "GET vault/impact",
                "GET vault/relationships",
                "PUT vault/relationships/LINKS_TO/spec",
                "DELETE vault/relationships/LINKS_TO/spec",
                "PUT spec/relationships/LINKS_TO/vault",
                "PUT spec/relationships/LINKS_TO/default%2Fvault",
                "PUT spec/relationships/LINKS_TO/rival%2Fdefault%2Fvault",
                "GET rival%2Fdefault%2Fvault/dependents",
                "GET spec/dependents?element=nowhere")) {
            String[] words = call.split(" ");
            HttpResponse<String> answer = send(OURS, words[0], ENTITIES + words[1], nothing);
            assertThat(answer.statusCode()).as(call + answer.body()).isEqualTo(404);
            assertThat(answer.body()).as(call).doesNotContain(SECRET_WORD).doesNotContain(theirIds);
        }
        for (String ends : List.of("from=vault&to=spec", "from=spec&to=vault", "from=vault&to=vault")) {
            assertThat(send(OURS, "GET", "/api/v1/projects/default/path?" + ends, nothing)
                            .statusCode())
                    .as(ends)
                    .isEqualTo(404);
        }
        // What we set and remove under the same names is ours.
        assertThat(send(OURS, "PUT", ENTITIES + "plan/relationships/LINKS_TO/board", nothing)
                        .statusCode())
                .isEqualTo(200);
        assertThat(send(OURS, "DELETE", ENTITIES + "plan/relationships/LINKS_TO/board", nothing)
                        .statusCode())
                .isEqualTo(204);
        assertThat(everything(THEIRS)).isEqualTo(before);
    }

    /** Every question about relationships, about every name; without what passes by itself. */
    private static List<String> everything(String token) throws Exception {
        List<String> answers = new ArrayList<>();
        for (String name : List.of("spec", "plan", "board")) {
            for (String call : List.of(
                    "/dependents?depth=all",
                    "/dependencies?depth=all&type=DEPENDS_ON,LINKS_TO,CONTAINS",
                    "/impact",
                    "/relationships?limit=100")) {
                answers.add(answer(token, ENTITIES + name + call));
            }
        }
        for (String node : List.of("A", "B", "C", "D")) {
            answers.add(answer(token, ENTITIES + "board/dependents?depth=all&element=" + node));
            answers.add(answer(token, ENTITIES + "board/dependencies?depth=all&element=" + node));
            answers.add(answer(token, ENTITIES + "board/relationships?element=" + node));
        }
        answers.add(answer(token, "/api/v1/projects/default/path?from=board&fromElement=A&to=plan"));
        answers.add(answer(token, "/api/v1/projects/default/cycles"));
        return answers;
    }

    private static String answer(String token, String path) throws Exception {
        HttpResponse<String> answer = send(token, "GET", path, new byte[0]);
        return answer.statusCode() + " " + path + " " + answer.body().replaceFirst("\"asOf\":\\d+,", "");
    }

    private static HttpResponse<String> send(String token, String method, String path, byte[] body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(gateway.address() + path))
                        .header("Authorization", "Bearer " + token)
                        .method(method, BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
