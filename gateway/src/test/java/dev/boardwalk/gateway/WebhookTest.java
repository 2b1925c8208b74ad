package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.WebhookEvent;
import dev.boardwalk.testkit.TestDatabase;
import dev.boardwalk.testkit.Typing;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an application is told, in which order, and what happens while it does not listen. */
class WebhookTest {
    private static TestDatabase database;
    private static Application application;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        application = new Application();
        gateway = TestGateway.start(
                database,
                Map.of(
                        "BOARDWALK_WEBHOOK_URL",
                        application.address(),
                        "BOARDWALK_WEBHOOK_SECRET",
                        Application.SECRET,
                        "BOARDWALK_WEBHOOK_TIMEOUT",
                        "2s"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        application.close();
        database.close();
    }

    @AfterEach
    void usual() {
        application.answerAsUsual();
    }

    private static List<String> told(String document) {
        return application.calls().stream()
                .filter(call -> document.equals(call.body().getString("documentName")))
                .map(Application.Call::event)
                .toList();
    }

    private static void awaitTold(String document, String... events) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(told(document)).contains(events));
    }

    @Test
    void who_comes_what_changes_and_who_leaves_is_told_signed() {
        try (WirePeer ann = gateway.synced("/yjs/default/told");
                CollabWire ben = CollabWire.connect(gateway.port(), "/collab/default")) {
            ben.open("told", "");
            byte[] update = new Typing(1).type("x");
            ann.update(update).awaitUpdate(update);
            awaitTold("told", "created", "connected", "changed");
            assertThat(told("told")).containsOnlyOnce("created");
            await().until(() ->
                    told("told").stream().filter("connected"::equals).count() == 2);
        }
        await().until(() -> told("told").stream().filter("disconnected"::equals).count() == 2);
        assertThat(application.calls()).allMatch(Application.Call::genuine);
        JsonObject changed = application.calls("changed", "told").getFirst().body();
        assertThat(changed.getString("project")).isEqualTo("default");
        assertThat(changed.getString("organisation")).isEqualTo("local");
        assertThat(changed.getString("entityId")).hasSize(26);
        assertThat(changed.getLong("position")).isPositive();
        assertThat(application.calls("disconnected", "told").getFirst().body().getString("socketId"))
                .isNotEmpty();
    }

    @Test
    void a_deletion_and_a_snapshot_are_told() {
        gateway.synced("/yjs/default/gone").close();
        awaitTold("gone", "created");
        EntityKey key = new EntityKey(OrganisationId.LOCAL, "default", "gone");
        database.execute("insert into crdt.snapshot (org_id, entity_id, sha256_bytes, size, state_vector_bytes,"
                + " covered_position, covered_from, state_bytes) select org_id, entity_id, '', 0, '', 0, now(), ''"
                + " from entity where name = 'gone'");
        awaitTold("gone", "snapshot");
        TestGateway.await(gateway.database().catalog().delete(key));
        awaitTold("gone", "deleted");
    }

    @Test
    void what_is_not_taken_is_told_again_in_order_and_what_is_given_up_can_be_had() {
        application.answerStatus(503);
        try (WirePeer ann = gateway.synced("/yjs/default/deaf")) {
            byte[] update = new Typing(2).type("x");
            ann.update(update).awaitUpdate(update);
        }
        await().until(() -> told("deaf").size() >= 2);
        String first = told("deaf").getFirst();
        assertThat(told("deaf")).as("nothing overtakes what failed").containsOnly(first);
        application.answerAsUsual();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(told("deaf")).contains("created", "connected", "changed", "disconnected"));
        assertThat(application.calls(first, "deaf").getLast().body().getInteger("attempt"))
                .isGreaterThan(1);
    }

    @Test
    void an_event_that_was_given_up_is_listed_and_delivered_again_on_demand() {
        var webhooks = gateway.database().webhooks();
        gateway.synced("/yjs/default/dead").close();
        awaitTold("dead", "created", "disconnected");
        database.execute(
                "insert into webhook_event (org_id, entity_id, event, due_at) select org_id, entity_id, 'changed',"
                        + " now() + interval '1 hour' from entity where name = 'dead'");
        WebhookEvent event = event("dead");
        assertThat(TestGateway.await(webhooks.failed(event, "status 500", Duration.ZERO, 1)))
                .isTrue();
        List<WebhookEvent> dead = TestGateway.await(webhooks.dead(OrganisationId.LOCAL, 0, 10));
        assertThat(dead).extracting(WebhookEvent::lastError).containsExactly("status 500");
        assertThat(TestGateway.await(webhooks.redeliver(OrganisationId.LOCAL, event.id())))
                .isTrue();
        assertThat(TestGateway.await(webhooks.redeliver(OrganisationId.LOCAL, event.id())))
                .isFalse();
        awaitTold("dead", "changed");
        assertThat(TestGateway.await(webhooks.dead(OrganisationId.LOCAL, 0, 10)))
                .isEmpty();
    }

    private static WebhookEvent event(String name) {
        long id = Long.parseLong(database.column("select event_id::text from webhook_event w join entity e using"
                        + " (org_id, entity_id) where e.name = '" + name + "' and w.event = 'changed'")
                .getFirst());
        return new WebhookEvent(
                OrganisationId.LOCAL,
                id,
                "changed",
                null,
                null,
                null,
                null,
                "{}",
                null,
                java.time.Instant.now(),
                0,
                null);
    }

    @Test
    void two_gateways_share_the_work_and_tell_each_thing_once() {
        Map<String, String> settings = new HashMap<>(Map.of("BOARDWALK_WEBHOOK_URL", application.address()));
        settings.put("BOARDWALK_WEBHOOK_SECRET", Application.SECRET);
        try (TestGateway second = TestGateway.start(database, settings)) {
            for (int i = 0; i < 20; i++) {
                (i % 2 == 0 ? gateway : second)
                        .synced("/yjs/default/shared-" + i)
                        .close();
            }
            for (int i = 0; i < 20; i++) {
                String name = "shared-" + i;
                await().atMost(Duration.ofSeconds(20)).until(() -> told(name).size() == 3);
                assertThat(told(name)).containsExactlyInAnyOrder("created", "connected", "disconnected");
            }
        }
        assertThat(URI.create(application.address()).getPort()).isPositive();
    }
}
