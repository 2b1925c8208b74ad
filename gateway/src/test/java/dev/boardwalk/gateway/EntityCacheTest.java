package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.testkit.TestDatabase;
import dev.boardwalk.testkit.Typing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Entities that leave memory to make room: their content does not. */
class EntityCacheTest {
    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestDatabase.create();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void many_entities_one_after_another_stay_within_the_budget_and_lose_nothing() {
        int count = 300;
        String text = "content ".repeat(1_000);
        try (TestGateway gateway = TestGateway.start(database, Map.of("BOARDWALK_CACHE_BYTES", "500KiB"))) {
            for (int i = 0; i < count; i++) {
                TestGateway.await(gateway.entities().applyUpdate(key(i), new Typing(1).type(text + i)));
            }
            await().until(() -> gateway.meter("boardwalk_entities_dirty") == 0);
            await().until(() -> gateway.meter("boardwalk_entity_bytes") <= 500 * 1024);
            assertThat(gateway.meter("boardwalk_entities_live")).isLessThan(80);
            assertThat(gateway.meter("boardwalk_evicted_total")).isGreaterThan(200);
            for (int i = 0; i < count; i += 37) {
                try (WirePeer peer = gateway.connect("/yjs/default/e" + i)) {
                    peer.send(new YWebsocketFrame.Sync(new SyncMessage.Step1(new byte[] {0})));
                    assertThat(json(peer.awaitSync(SyncMessage.Step2.class))).contains("content " + i + "\"");
                }
            }
        }
    }

    @Test
    void peers_that_come_and_go_while_their_entities_are_evicted_lose_nothing() {
        int entities = 8;
        int rounds = 12;
        List<Typing> typing = new ArrayList<>();
        for (int i = 0; i < entities; i++) {
            typing.add(new Typing(100 + i));
        }
        // Room for nothing: whatever has no peer is evicted as soon as it is flushed.
        try (TestGateway gateway = TestGateway.start(database, Map.of("BOARDWALK_CACHE_BYTES", "1KiB"))) {
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < entities; i++) {
                    byte[] update = typing.get(i).type("r" + round + " ");
                    try (WirePeer peer = gateway.synced("/yjs/default/e" + i)) {
                        peer.update(update).awaitUpdate(update);
                    }
                }
            }
            for (int i = 0; i < entities; i++) {
                String json = json(TestGateway.await(gateway.entities().state(key(i))));
                for (int round = 0; round < rounds; round++) {
                    assertThat(json).contains("r" + round + " ");
                }
            }
            assertThat(gateway.meter("boardwalk_evicted_total")).isPositive();
        }
    }

    @Test
    void an_entity_with_peers_is_never_evicted() {
        try (TestGateway gateway = TestGateway.start(database, Map.of("BOARDWALK_CACHE_BYTES", "1KiB"));
                WirePeer ann = gateway.synced("/yjs/default/e0")) {
            byte[] update = new Typing(1).type("z".repeat(100_000));
            ann.update(update).awaitUpdate(update);
            await().until(() -> gateway.meter("boardwalk_entity_pinned_bytes") > 100_000);
            await().until(() -> gateway.meter("boardwalk_entities_dirty") == 0);
            assertThat(gateway.meter("boardwalk_entities_live")).isEqualTo(1);
            assertThat(gateway.meter("boardwalk_evicted_total")).isZero();
        }
    }

    @Test
    void an_entity_at_its_greatest_size_takes_no_more_edits() {
        try (TestGateway gateway = TestGateway.start(database, Map.of("BOARDWALK_MAX_DOCUMENT_BYTES", "100KiB"));
                WirePeer ann = gateway.synced("/yjs/default/e0")) {
            Typing typing = new Typing(1);
            byte[] large = typing.type("z".repeat(110_000));
            ann.update(large).awaitUpdate(large);
            await().until(() -> gateway.meter("boardwalk_entity_pinned_bytes") > 110_000);
            ann.update(typing.type("more"));
            assertThat(ann.awaitClose()).startsWith("1009");
            assertThatThrownBy(() -> TestGateway.await(gateway.entities().applyUpdate(key(0), new Typing(2).type("x"))))
                    .hasRootCauseInstanceOf(GatewayException.TooLarge.class);
        }
    }

    private static EntityKey key(int i) {
        return new EntityKey(OrganisationId.LOCAL, "default", "e" + i);
    }

    private static String json(byte[] state) {
        return String.valueOf(
                Engine.fold(null, List.of(state), Engine.Projection.JSON).json());
    }
}
