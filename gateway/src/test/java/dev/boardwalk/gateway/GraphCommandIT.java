package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.testkit.BoardwalkProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code graph check} and {@code graph rebuild} beside a running {@code up}, also when Apache AGE has lost everything. */
class GraphCommandIT {
    private static final String ENTITIES = "/api/v1/projects/default/entities/";
    private static final Map<String, String> SETTINGS = Map.of("BOARDWALK_EMBEDDER", "none");

    /** Of the private database, the line of postmaster.pid that has its port. */
    private static final int PORT_LINE = 3;

    @TempDir
    Path data;

    @Test
    void after_the_label_tables_were_emptied_a_rebuild_gives_the_same_answers() throws Exception {
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data, SETTINGS);
                HttpClient client = HttpClient.newHttpClient()) {
            call(
                    client,
                    boardwalk,
                    "POST",
                    ENTITIES + "car/update",
                    MapUpdate.of(1, Map.of("meta", new JsonObject().put("title", "one"))));
            call(client, boardwalk, "POST", ENTITIES + "plan/update", board());
            call(client, boardwalk, "GET", ENTITIES + "plan?fresh=true", new byte[0]);
            call(client, boardwalk, "PUT", ENTITIES + "plan/relationships/PAYS_FOR/car", new byte[0]);
            List<String> before = answers(client, boardwalk);
            assertThat(before.getFirst()).contains("\"A\"", "\"B\"");
            assertThat(before.getLast()).isEqualTo("[[\"B\"]]");

            execute("truncate relations.\"Entity\", relations.\"Element\", relations.\"DEPENDS_ON\","
                    + " relations.\"CONTAINS\", relations.\"CONNECTS\", relations.\"LINKS_TO\","
                    + " relations.\"VERSION_OF\", relations.\"RELATED\"");
            assertThat(answers(client, boardwalk).getLast()).isEqualTo("[]");
            assertThat(command(1, "check").getLast()).isEqualTo("./boardwalk graph rebuild repairs this");
            assertThat(command(0, "rebuild", "--org", "local").getLast())
                    .startsWith("local: 2 entities, differing")
                    .endsWith(": all repaired");
            assertThat(answers(client, boardwalk)).isEqualTo(before);
            assertThat(command(0, "check")).contains("local: 2 entities, nothing differed");
            assertThat(boardwalk.terminate()).isZero();
        }
    }

    private static byte[] board() {
        JsonObject nodes = new JsonObject();
        for (String node : List.of("A", "B", "C")) {
            nodes.put(node, new JsonObject().put("text", node));
        }
        nodes.put("D", new JsonObject().put("entity", "car"));
        JsonObject edges = new JsonObject();
        for (String[] edge : new String[][] {{"A", "B"}, {"B", "C"}, {"C", "D"}}) {
            edges.put(
                    edge[0],
                    new JsonObject()
                            .put("source", edge[0])
                            .put("target", edge[1])
                            .put("type", "DEPENDS_ON"));
        }
        return MapUpdate.of(1, Map.of("nodes", nodes, "edges", edges));
    }

    /** What the index, the tables and Cypher say. */
    private static List<String> answers(HttpClient client, BoardwalkProcess boardwalk) throws Exception {
        List<String> answers = new ArrayList<>();
        for (String question : List.of(
                "plan/dependents?element=C&depth=all",
                "car/dependents?depth=all",
                "plan/relationships",
                "car/impact")) {
            JsonObject answer = call(client, boardwalk, "GET", ENTITIES + question, new byte[0]);
            answer.remove("asOf");
            answers.add(answer.encode());
        }
        JsonObject cypher =
                new JsonObject().put("query", "MATCH (a)-[:DEPENDS_ON]->(b) WHERE b.element = 'C' RETURN a.element");
        JsonArray rows = call(
                        client,
                        boardwalk,
                        "POST",
                        "/api/v1/cypher",
                        cypher.toBuffer().getBytes())
                .getJsonArray("rows");
        answers.add(rows.encode());
        return answers;
    }

    private static JsonObject call(
            HttpClient client, BoardwalkProcess boardwalk, String method, String path, byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(boardwalk.address().resolve(path))
                .method(method, BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private List<String> command(int exitCode, String... arguments) {
        String[] all = Stream.of(Stream.of("graph"), Stream.of(arguments), Stream.of("--data", data.toString()))
                .flatMap(each -> each)
                .toArray(String[]::new);
        try (BoardwalkProcess command = BoardwalkProcess.start(data, Map.of(), all)) {
            int code = command.awaitExit();
            assertThat(code).as(command.toString()).isEqualTo(exitCode);
            return command.output();
        }
    }

    private void execute(String sql) throws SQLException, IOException {
        String port =
                Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(PORT_LINE);
        String password = Files.readString(data.resolve("postgres.password")).strip();
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port.strip() + "/boardwalk", "boardwalk", password);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
