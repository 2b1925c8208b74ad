package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.crdt.sync.MalformedInput;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.testkit.TestDatabase;
import dev.boardwalk.testkit.Typing;
import dev.boardwalk.testkit.YjsBytes;
import io.vertx.core.Future;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Edits between peers over real sockets: seen at once, confirmed after the commit, there after a reload. */
class GatewayTest {
    private static final String BOARD = "/yjs/default/board";
    private static final EntityKey KEY = new EntityKey(OrganisationId.LOCAL, "default", "board");

    private TestDatabase database;
    private TestGateway gateway;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        gateway = TestGateway.start(database);
    }

    @AfterEach
    void stop() {
        gateway.close();
        database.close();
    }

    @Test
    void an_edit_reaches_the_others_and_comes_back_to_its_sender() {
        try (WirePeer ann = gateway.synced(BOARD);
                WirePeer ben = gateway.synced(BOARD)) {
            byte[] update = new Typing(1).type("hello");
            ann.update(update);
            ben.awaitUpdate(update);
            ann.awaitUpdate(update);
        }
    }

    @Test
    void the_echo_waits_for_the_commit_and_the_others_do_not() throws Exception {
        try (WirePeer ann = gateway.synced(BOARD);
                WirePeer ben = gateway.synced(BOARD);
                Connection holder = database.connect();
                Statement lock = holder.createStatement()) {
            holder.setAutoCommit(false);
            lock.execute("select 1 from gateway for update");
            byte[] update = new Typing(1).type("hello");
            ann.update(update).sendRaw(new byte[] {0x66, 1, 5});
            ben.awaitUpdate(update);
            ann.expectNo(update, Duration.ofMillis(400));
            assertThat(gateway.meter("boardwalk_pending_bytes")).isEqualTo(update.length);
            holder.rollback();
            ann.awaitUpdate(update);
            ann.await(YWebsocketFrame.Marker.class::isInstance);
            assertThat(gateway.meter("boardwalk_pending_bytes")).isZero();
        }
    }

    @Test
    void echoes_come_in_the_order_of_the_edits() {
        try (WirePeer ann = gateway.synced(BOARD)) {
            Typing typing = new Typing(1);
            byte[][] updates = new byte[200][];
            for (int i = 0; i < updates.length; i++) {
                updates[i] = typing.type("word" + i + " ");
                ann.update(updates[i]);
            }
            for (byte[] update : updates) {
                assertThat(ann.awaitSync(SyncMessage.Update.class)).isEqualTo(update);
            }
        }
    }

    @Test
    void a_new_peer_gets_what_others_wrote_before() {
        try (WirePeer ann = gateway.synced(BOARD)) {
            byte[] update = new Typing(1).type("hello");
            ann.update(update).awaitUpdate(update);
            try (WirePeer ben = gateway.connect(BOARD)) {
                ben.send(new YWebsocketFrame.Sync(new SyncMessage.Step1(new byte[] {0})));
                assertThat(json(List.of(ben.awaitSync(SyncMessage.Step2.class))))
                        .isEqualTo("{\"t\":\"hello\"}");
            }
        }
    }

    @Test
    void many_peers_may_come_at_once() {
        WebSocketClient client =
                gateway.vertx().createWebSocketClient(new WebSocketClientOptions().setMaxConnections(1_000));
        List<Future<WebSocket>> coming = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            coming.add(client.connect(gateway.port(), "127.0.0.1", "/yjs/default/board" + i % 20));
        }
        Future<?> all = Future.join(coming);
        await().until(all::isComplete);
        assertThat(all.cause()).isNull();
        assertThat(gateway.meter("boardwalk_sockets")).isEqualTo(400);
        TestGateway.await(client.close());
    }

    @Test
    void edits_of_two_entities_do_not_meet() throws Exception {
        try (WirePeer ann = gateway.synced(BOARD);
                WirePeer ben = gateway.synced("/yjs/default/other/board")) {
            byte[] update = new Typing(1).type("hello");
            ann.update(update).awaitUpdate(update);
            ben.expectNo(update, Duration.ofMillis(200));
        }
    }

    @Test
    void confirmed_edits_are_in_the_properties_after_a_flush_and_the_journal_is_covered() {
        try (WirePeer ann = gateway.synced(BOARD)) {
            byte[] update = new Typing(1).type("hello");
            ann.update(update).awaitUpdate(update);
            TestGateway.await(gateway.entities().flush(KEY));
            assertThat(properties("board")).contains("\"t\": \"hello\"");
            await().until(() ->
                    database.number("select count(*) from gateway where flushed_tick >= 1 and retired_at is null")
                            == 1);
        }
    }

    @Test
    void an_edit_of_the_last_peer_is_flushed_when_it_leaves() {
        gateway.close();
        gateway = TestGateway.start(database, java.util.Map.of("BOARDWALK_FLUSH_INTERVAL", "1h"));
        try (WirePeer ann = gateway.synced(BOARD)) {
            byte[] update = new Typing(1).type("hello");
            ann.update(update).awaitUpdate(update);
        }
        await().until(() -> properties("board").contains("hello"));
    }

    @Test
    void an_update_over_http_is_confirmed_after_its_commit_and_reaches_the_peers() {
        try (WirePeer ann = gateway.synced(BOARD)) {
            byte[] update = new Typing(7).type("from http");
            long position = TestGateway.await(gateway.entities().applyUpdate(KEY, update));
            assertThat(position).isPositive();
            ann.awaitUpdate(update);
            long again = TestGateway.await(gateway.entities().applyUpdate(KEY, update));
            assertThat(again).isGreaterThanOrEqualTo(position);
            byte[] state = TestGateway.await(gateway.entities().state(KEY));
            assertThat(json(List.of(state))).isEqualTo("{\"t\":\"from http\"}");
        }
    }

    @Test
    void an_update_over_http_that_does_not_fit_or_is_none_is_refused() {
        Typing typing = new Typing(7);
        typing.skip("lost");
        assertThatThrownBy(() -> TestGateway.await(gateway.entities().applyUpdate(KEY, typing.type("late"))))
                .hasRootCauseInstanceOf(GatewayException.Incomplete.class);
        assertThatThrownBy(() -> TestGateway.await(gateway.entities().applyUpdate(KEY, new byte[] {9, 9, 9})))
                .hasRootCauseInstanceOf(MalformedInput.class);
    }

    @Test
    void a_deleted_entity_closes_its_peers_and_its_name_begins_anew() {
        try (WirePeer ann = gateway.synced(BOARD)) {
            byte[] update = new Typing(1).type("hello");
            ann.update(update).awaitUpdate(update);
            TestGateway.await(gateway.database().catalog().delete(KEY));
            TestGateway.await(gateway.entities().deleted(KEY));
            assertThat(ann.awaitClose()).startsWith("4404");
        }
        try (WirePeer ben = gateway.connect(BOARD)) {
            ben.send(new YWebsocketFrame.Sync(new SyncMessage.Step1(new byte[] {0})));
            assertThat(ben.awaitSync(SyncMessage.Step2.class)).isEqualTo(new byte[] {0, 0});
        }
    }

    @Test
    void a_drain_saves_what_was_received_and_tells_peers_to_reconnect() {
        try (WirePeer ann = gateway.synced(BOARD)) {
            Typing typing = new Typing(1);
            for (int i = 0; i < 50; i++) {
                ann.update(typing.type("x"));
            }
            ann.awaitSync(SyncMessage.Update.class);
            gateway.drain();
            assertThat(ann.awaitClose()).startsWith("4205");
        }
        assertThat(properties("board")).contains("x".repeat(50));
        assertThat(database.number("select count(*) from gateway where retired_at is null"))
                .isZero();
    }

    @Test
    void an_entity_that_the_engine_cannot_project_is_kept_and_costs_the_others_nothing() {
        byte[] poison = YjsBytes.nestedMaps(9, 5_000);
        try (WirePeer ann = gateway.synced(BOARD);
                WirePeer ben = gateway.synced("/yjs/default/poisoned")) {
            byte[] update = new Typing(1).type("healthy");
            ben.update(poison).awaitUpdate(poison);
            ann.update(update).awaitUpdate(update);
            await().until(() -> properties("board").contains("healthy"));
            await().until(() -> database.number("select count(*) from entity where quarantined_at is not null") == 1);
            assertThat(gateway.meter("boardwalk_quarantined_total")).isPositive();
            await().until(() -> database.number("select count(*) from gateway where flushed_tick >= 2") == 1);
        }
        gateway.close();
        gateway = TestGateway.start(database);
        try (WirePeer ben = gateway.connect("/yjs/default/poisoned")) {
            ben.send(new YWebsocketFrame.Sync(new SyncMessage.Step1(new byte[] {0})));
            assertThat(ben.awaitSync(SyncMessage.Step2.class)).isEqualTo(poison);
        }
    }

    private String properties(String name) {
        return String.join(
                "",
                database.column(
                        "select properties::text from entity where name = '" + name + "' and deleted_at is null"));
    }

    private static String json(List<byte[]> updates) {
        return String.valueOf(Engine.fold(null, updates, Engine.Projection.JSON).json());
    }
}
