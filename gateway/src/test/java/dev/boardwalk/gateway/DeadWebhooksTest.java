package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.gateway.token.Role;
import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks that were given up, over HTTP: seen by owners of the organisation alone, and told again, in order and signed. */
class DeadWebhooksTest {
    private static final byte[] HEY = HexFormat.of().parseHex("01010100040101740368657900");
    private static final String DEAD = "/api/v1/webhooks/dead";

    @TempDir
    private Path data;

    @Test
    void what_was_given_up_is_listed_and_told_again_to_order() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                Application application = new Application();
                RunningGateway gateway = RunningGateway.start(
                        GatewaySettings.from(Map.of(
                                "DATABASE_URL",
                                database.url(),
                                "BOARDWALK_PORT",
                                "0",
                                "BOARDWALK_DATA",
                                data.toString(),
                                "BOARDWALK_AUTH",
                                "jwt",
                                "BOARDWALK_JWT_SECRET",
                                TestTokens.SECRET,
                                "BOARDWALK_WEBHOOK_URL",
                                application.address(),
                                "BOARDWALK_WEBHOOK_SECRET",
                                Application.SECRET)),
                        _ -> {})) {
            ApiClient api = new ApiClient(gateway.address());
            String owner = bearer("acme", Role.OWNER);
            api.send("POST", "/api/v1/projects/plans/entities/lost/update", HEY, "Authorization", owner);
            for (int at = 1; at <= 3; at++) {
                database.execute(
                        "insert into webhook_event (org_id, entity_id, event, details, attempts, dead_at, last_error)"
                                + " select org_id, entity_id, 'changed', '{\"user\": \"u" + at
                                + "\"}', 12, now(), 'status 500'"
                                + " from entity where name = 'lost'");
            }
            JsonObject first = ApiClient.json(api.get(DEAD + "?limit=2", "Authorization", owner), 200);
            Contract.of("deadWebhooks", 200).check(first);
            assertThat(first.getJsonArray("events")).hasSize(2);
            JsonObject second = ApiClient.json(
                    api.get(DEAD + "?limit=2&cursor=" + first.getString("cursor"), "Authorization", owner), 200);
            JsonArray events = first.getJsonArray("events").addAll(second.getJsonArray("events"));
            assertThat(events.stream().map(event -> ((JsonObject) event).getString("lastError")))
                    .containsExactly("status 500", "status 500", "status 500");
            walls(api, id(events, 0));

            for (int at = 0; at < 3; at++) {
                String again = DEAD + "/" + id(events, at) + "/redeliver";
                assertThat(api.send("POST", again, "", "Authorization", owner).statusCode())
                        .isEqualTo(204);
                ApiClient.problem(api.send("POST", again, "", "Authorization", owner), 404, "not-found");
            }
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(numbers(application)).containsExactly("u1", "u2", "u3"));
            assertThat(application.calls()).allMatch(Application.Call::genuine);
            assertThat(ApiClient.json(api.get(DEAD, "Authorization", owner), 200)
                            .getJsonArray("events"))
                    .isEmpty();
        }
    }

    private static void walls(ApiClient api, String id) {
        String stranger = bearer("other", Role.OWNER);
        assertThat(ApiClient.json(api.get(DEAD, "Authorization", stranger), 200).getJsonArray("events"))
                .isEmpty();
        ApiClient.problem(
                api.send("POST", DEAD + "/" + id + "/redeliver", "", "Authorization", stranger), 404, "not-found");
        ApiClient.problem(api.get(DEAD, "Authorization", bearer("acme", Role.EDITOR)), 403, "forbidden");
        ApiClient.problem(api.get(DEAD), 401, "unauthenticated");
    }

    /** Those that were put in by hand, in the order in which they were told. */
    private static java.util.List<String> numbers(Application application) {
        return application.calls("changed", "lost").stream()
                .map(call -> call.body().getString("user"))
                .filter(java.util.Objects::nonNull)
                .toList();
    }

    private static String id(JsonArray events, int at) {
        return String.valueOf(events.getJsonObject(at).getValue("id"));
    }

    private static String bearer(String organisation, Role role) {
        return "Bearer " + TestTokens.token(organisation, "u-" + role, role);
    }
}
