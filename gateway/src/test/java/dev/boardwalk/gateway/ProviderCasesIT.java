package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.testkit.NodeProcess;
import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What applications written for Hocuspocus rely on, with its providers 2, 3 and 4 from npm: {@code cases.mjs}. */
class ProviderCasesIT {
    private static TestDatabase database;
    private static Application application;
    private static TestGateway gateway;
    private static NodeProcess node;
    private static int requests;

    @BeforeAll
    @SuppressWarnings("MustBeClosedChecker") // closed by stop()
    static void start() {
        database = TestDatabase.create();
        application = new Application();
        gateway = TestGateway.start(
                database,
                application.settings(),
                new KeepAlive.Timing(
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(45),
                        Duration.ofMillis(200)));
        node = NodeProcess.start(Path.of("src/test/js/cases.mjs"));
    }

    @AfterAll
    static void stop() {
        node.close();
        gateway.close();
        application.close();
        database.close();
    }

    static Stream<Arguments> cases() {
        JsonArray names = ask(new JsonObject().put("do", "list")).getJsonArray("ok");
        return names.stream().flatMap(name -> Stream.of(2, 3, 4).map(version -> Arguments.of(name, version)));
    }

    @ParameterizedTest(name = "{0} [provider {1}]")
    @MethodSource("cases")
    void a_provider_sees_what_it_would_see_of_its_own_server(String name, int version) {
        JsonObject answer = ask(new JsonObject()
                .put("case", name)
                .put("version", version)
                .put("url", "ws://127.0.0.1:" + gateway.port() + "/collab/default"));
        assertThat(answer.getString("error")).isNull();
        assertThat(application.calls()).allMatch(Application.Call::genuine);
    }

    private static JsonObject ask(JsonObject request) {
        return new JsonObject(node.ask(request.put("id", ++requests).encode()));
    }
}
