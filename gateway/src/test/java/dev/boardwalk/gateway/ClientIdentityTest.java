package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.crdt.sync.AwarenessUpdate;
import dev.boardwalk.crdt.sync.HocuspocusFrame;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.testkit.TestDatabase;
import dev.boardwalk.testkit.Typing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is which Yjs client, at one gateway and at two: nobody speaks for another, and of two that are the same one goes. */
class ClientIdentityTest {
    private static final String BOARD = "/yjs/default/board";

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
    void the_state_of_another_is_refused_at_both_doors() {
        try (TestGateway gateway = TestGateway.start(database);
                WirePeer ann = gateway.connect(BOARD);
                WirePeer mallory = gateway.connect(BOARD);
                CollabWire eve =
                        CollabWire.connect(gateway.port(), "/collab/default").open("board", "")) {
            enter(mallory, 8);
            enter(ann, 7);
            mallory.await(new YWebsocketFrame.Awareness(state(7, 1))::equals);
            mallory.send(new YWebsocketFrame.Awareness(state(7, 5)));
            eve.send(new HocuspocusFrame.Awareness("board", state(7, 6)));
            await().until(() -> gateway.refused("awareness-not-own") == 2);
            ann.send(new YWebsocketFrame.Awareness(state(7, 2)));
            mallory.await(frame -> frame.equals(new YWebsocketFrame.Awareness(state(7, 2))));
            eve.await(new HocuspocusFrame.Awareness("board", state(7, 2))::equals);
        }
    }

    @Test
    void the_later_of_two_that_live_under_one_client_id_is_closed_with_4409() {
        try (TestGateway gateway = TestGateway.start(database);
                WirePeer first = gateway.connect(BOARD);
                WirePeer second = gateway.connect(BOARD);
                CollabWire third = CollabWire.connect(gateway.port(), "/collab/default")) {
            enter(first, 7);
            enter(second, 7);
            assertThat(second.awaitClose()).startsWith("4409");
            third.send(new HocuspocusFrame.Token("board", "", "4.7.0"));
            third.step1("board").send(new HocuspocusFrame.Awareness("board", state(7, 1)));
            assertThat(third.awaitClose()).startsWith("4409");
            assertThat(first.open()).isTrue();
            assertThat(gateway.refused("client-id-taken")).isEqualTo(2);
        }
    }

    @Test
    void a_client_that_comes_back_while_its_dead_socket_lingers_is_not_locked_out() throws IOException {
        try (TestGateway gateway = TestGateway.start(database);
                WirePeer watcher = gateway.synced(BOARD);
                // Answers no ping, as if its machine were gone.
                RawSocket dead = RawSocket.upgraded(gateway.port(), BOARD)) {
            dead.message(new YWebsocketFrame.Sync(new SyncMessage.Step1(new byte[] {0})).encode());
            dead.message(new YWebsocketFrame.Awareness(state(7, 3)).encode());
            watcher.await(frame -> frame.equals(new YWebsocketFrame.Awareness(state(7, 3))));
            try (WirePeer again = gateway.connect(BOARD)) {
                again.send(new YWebsocketFrame.Sync(new SyncMessage.Step1(new byte[] {0})));
                again.send(new YWebsocketFrame.Awareness(state(7, 3)));
                again.awaitSync(SyncMessage.Step2.class);
                byte[] update = new Typing(7).type("at once");
                again.update(update).awaitUpdate(update);
                watcher.awaitUpdate(update);
                again.await(frame -> frame instanceof YWebsocketFrame.Awareness(AwarenessUpdate heard)
                        && !heard.entries().isEmpty()
                        && heard.entries().getFirst().isRemoval());
                again.send(new YWebsocketFrame.Awareness(state(7, 5)));
                watcher.await(frame -> frame.equals(new YWebsocketFrame.Awareness(state(7, 5))));
                assertThat(again.open()).isTrue();
                assertThat(dead.rest()).isNotNull();
            }
        }
    }

    @Test
    void the_later_of_two_that_live_under_one_client_id_at_two_gateways_is_closed_with_4409() {
        try (CuttableBus bus = new CuttableBus(new Random(1));
                TestGateway east = TestGateway.start(database, bus.stop());
                TestGateway west = TestGateway.start(database, bus.stop());
                WirePeer first = east.connect(BOARD);
                WirePeer second = west.connect(BOARD)) {
            enter(first, 7);
            first.await(speaksOf(7));
            second.update(new Typing(7).type("the same client"));
            assertThat(second.awaitClose()).startsWith("4409");
            assertThat(west.refused("client-id-taken")).isEqualTo(1);
            assertThat(east.refused("client-id-taken")).isZero();
            assertThat(first.open()).isTrue();
        }
    }

    @Test
    void a_client_that_comes_back_at_another_gateway_is_not_locked_out_by_its_dead_socket() throws IOException {
        try (CuttableBus bus = new CuttableBus(new Random(1));
                TestGateway east = TestGateway.start(database, bus.stop());
                TestGateway west = TestGateway.start(database, bus.stop());
                WirePeer watcher = east.synced(BOARD);
                // Answers no ping, as if its machine were gone.
                RawSocket dead = RawSocket.upgraded(east.port(), BOARD)) {
            dead.message(new YWebsocketFrame.Awareness(state(7, 3)).encode());
            watcher.await(speaksOf(7));
            try (WirePeer again = west.connect(BOARD)) {
                again.send(new YWebsocketFrame.Awareness(state(7, 4)));
                byte[] update = new Typing(7).type("at once");
                again.update(update).awaitUpdate(update);
                watcher.awaitUpdate(update);
                await().until(() -> east.meter("boardwalk_half_open_total") == 1);
                assertThat(again.open()).isTrue();
            }
        }
    }

    private static void enter(WirePeer peer, long client) {
        peer.send(new YWebsocketFrame.Sync(new SyncMessage.Step1(new byte[] {0})));
        peer.send(new YWebsocketFrame.Awareness(state(client, 1)));
        peer.awaitSync(SyncMessage.Step2.class);
    }

    private static AwarenessUpdate state(long client, long clock) {
        return new AwarenessUpdate(
                List.of(new AwarenessUpdate.Entry(client, clock, "{}".getBytes(StandardCharsets.UTF_8))));
    }

    private static Predicate<YWebsocketFrame> speaksOf(long client) {
        return frame -> frame instanceof YWebsocketFrame.Awareness(AwarenessUpdate update)
                && update.entries().stream().anyMatch(entry -> entry.client() == client && !entry.isRemoval());
    }
}
