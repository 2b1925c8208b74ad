package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.crdt.sync.AwarenessUpdate;
import dev.boardwalk.crdt.sync.HocuspocusFrame;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.testkit.TestDatabase;
import dev.boardwalk.testkit.Typing;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each limit of the doors, hit on a real gateway by real sockets; the others notice nothing. */
class DoorLimitsTest {
    private static final String BOARD = "/yjs/default/board";
    private static final KeepAlive.Timing OFTEN = new KeepAlive.Timing(
            Duration.ofSeconds(15), Duration.ofSeconds(20), Duration.ofSeconds(45), Duration.ofMillis(100));

    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestDatabase.create();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private TestGateway gateway(Map<String, String> limits) {
        return TestGateway.start(database, limits, OFTEN);
    }

    @Test
    void an_address_has_only_so_many_sockets_and_one_behind_a_proxy_is_told_from_others() throws IOException {
        Map<String, String> limits =
                Map.of("BOARDWALK_MAX_SOCKETS_PER_ADDRESS", "2", "BOARDWALK_TRUSTED_PROXIES", "127.0.0.0/8");
        try (TestGateway gateway = gateway(limits);
                RawSocket one = RawSocket.upgraded(gateway.port(), BOARD, "X-Forwarded-For: 198.51.100.7");
                RawSocket refused = new RawSocket(gateway.port());
                RawSocket other =
                        RawSocket.upgraded(gateway.port(), BOARD, "X-Forwarded-For: 198.51.100.7, 198.51.100.8")) {
            RawSocket two = RawSocket.upgraded(gateway.port(), BOARD, "X-Forwarded-For: 203.0.113.1, 198.51.100.7");
            assertThat(refused.upgrade(BOARD, "X-Forwarded-For: 198.51.100.7"))
                    .startsWith("HTTP/1.1 429")
                    .contains("\"code\":\"too-many-sockets\"", "198.51.100.7");
            assertThat(gateway.refused("too-many-sockets")).isEqualTo(1);
            two.hangUp();
            await().until(() -> gateway.meter("boardwalk_sockets") == 2);
            try (RawSocket again = RawSocket.upgraded(gateway.port(), BOARD, "X-Forwarded-For: 198.51.100.7")) {
                assertThat(again).isNotSameAs(one).isNotSameAs(other);
            }
        }
    }

    @Test
    void connections_beyond_the_limit_are_closed_at_once() throws IOException {
        try (TestGateway gateway = gateway(Map.of("BOARDWALK_MAX_CONNECTIONS", "3"));
                WirePeer ann = gateway.synced(BOARD);
                RawSocket idle = new RawSocket(gateway.port());
                RawSocket another = new RawSocket(gateway.port())) {
            await().until(() -> gateway.meter("boardwalk_connections") == 2);
            try (RawSocket refused = new RawSocket(gateway.port())) {
                assertThat(refused.rest()).isEmpty();
            }
            assertThat(gateway.refused("connections-full")).isEqualTo(1);
            idle.hangUp();
            another.hangUp();
            await().until(() -> gateway.meter("boardwalk_connections") == 0);
            try (WirePeer ben = gateway.synced(BOARD)) {
                assertThat(ann.open() && ben.open()).isTrue();
            }
        }
    }

    @Test
    void who_does_not_say_who_it_is_in_time_is_closed_with_4408() {
        try (TestGateway gateway = gateway(Map.of("BOARDWALK_MAX_UNAUTHENTICATED_TIME", "500ms"));
                CollabWire silent = CollabWire.connect(gateway.port(), "/collab/default");
                CollabWire ann =
                        CollabWire.connect(gateway.port(), "/collab/default").open("board", "")) {
            assertThat(silent.awaitClose()).startsWith("4408");
            assertThat(gateway.refused("not-authenticated-in-time")).isEqualTo(1);
            assertThat(ann.open()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BOARDWALK_MAX_UNAUTHENTICATED_BYTES", "BOARDWALK_MAX_UNAUTHENTICATED_MESSAGES"})
    void who_sends_too_much_before_it_is_let_in_is_closed_with_4408(String limit) {
        CountDownLatch end = new CountDownLatch(1);
        try (Application undecided = new Application()) {
            undecided.answer(question -> {
                try {
                    boolean _ = end.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
                return new JsonObject().put("ok", true);
            });
            Map<String, String> settings = new HashMap<>(undecided.settings());
            settings.put("BOARDWALK_HOOK_TIMEOUT", "30s");
            settings.put(limit, limit.endsWith("BYTES") ? "2KiB" : "8");
            try (TestGateway gateway = gateway(settings);
                    WirePeer yjs = gateway.connect(BOARD);
                    CollabWire collab = CollabWire.connect(gateway.port(), "/collab/default")) {
                byte[] step1 = new YWebsocketFrame.Sync(new SyncMessage.Step1(new byte[300])).encode();
                for (int i = 0; i < 9 && yjs.open(); i++) {
                    yjs.sendIfOpen(step1);
                }
                assertThat(yjs.awaitClose()).startsWith("4408");
                // The documents of a socket share what may wait.
                for (int i = 0; i < 9 && collab.open(); i++) {
                    collab.sendIfOpen(
                            new HocuspocusFrame.Sync("doc-" + i % 3, new SyncMessage.Step1(new byte[300])).encode());
                }
                assertThat(collab.awaitClose()).startsWith("4408");
                assertThat(gateway.refused("too-much-before-authentication")).isEqualTo(2);
                await().until(() -> gateway.meter("boardwalk_waiting_bytes") == 0);
            } finally {
                end.countDown();
            }
        }
    }

    @Test
    void updates_above_the_rate_are_read_more_slowly_and_none_is_lost() {
        try (TestGateway gateway = gateway(Map.of("BOARDWALK_MAX_UPDATE_RATE", "20"));
                WirePeer fast = gateway.synced(BOARD);
                WirePeer other = gateway.synced(BOARD)) {
            Typing typing = new Typing(1);
            byte[] last = {};
            int burst = 20 * TokenBucket.BURST_SECONDS;
            for (int i = 0; i < burst + 40; i++) {
                last = typing.type("x");
                fast.update(last);
            }
            other.awaitUpdate(last);
            fast.awaitUpdate(last);
            assertThat(gateway.meter("boardwalk_slowed_total")).isPositive();
            assertThat(fast.open()).isTrue();
        }
    }

    @Test
    void who_never_keeps_to_a_rate_is_closed_with_the_reason() {
        Map<String, String> limits = Map.of(
                "BOARDWALK_MAX_UPDATE_RATE", "5",
                "BOARDWALK_MAX_AWARENESS_RATE", "5",
                "BOARDWALK_MAX_STATELESS_RATE", "5",
                "BOARDWALK_MAX_SLOWED_TIME", "500ms");
        try (TestGateway gateway = gateway(limits);
                WirePeer witness = gateway.synced(BOARD);
                WirePeer updates = gateway.synced(BOARD);
                WirePeer cursors = gateway.synced(BOARD);
                CollabWire messages =
                        CollabWire.connect(gateway.port(), "/collab/default").open("board", "")) {
            Typing typing = new Typing(1);
            for (int i = 0; i < 200; i++) {
                updates.sendIfOpen(new YWebsocketFrame.Sync(new SyncMessage.Update(typing.type("x"))).encode());
                cursors.sendIfOpen(new YWebsocketFrame.Awareness(state(9, i + 1)).encode());
                messages.sendIfOpen(new HocuspocusFrame.Stateless("board", "hi").encode());
            }
            assertThat(updates.awaitClose()).startsWith("1013").contains("update-rate");
            assertThat(cursors.awaitClose()).startsWith("1013").contains("awareness-rate");
            assertThat(messages.awaitClose()).startsWith("1013").contains("stateless-rate");
            for (String rate : List.of("update-rate", "awareness-rate", "stateless-rate")) {
                assertThat(gateway.refused(rate)).isEqualTo(1);
            }
            assertThat(witness.open()).isTrue();
        }
    }

    @Test
    void a_peer_introduces_only_so_many_clients_and_states_of_bounded_size() {
        Map<String, String> limits =
                Map.of("BOARDWALK_MAX_AWARENESS_CLIENTS", "2", "BOARDWALK_MAX_AWARENESS_BYTES", "1KiB");
        try (TestGateway gateway = gateway(limits);
                WirePeer mallory = gateway.synced(BOARD);
                WirePeer witness = gateway.synced(BOARD)) {
            for (int client = 1; client <= 4; client++) {
                mallory.send(new YWebsocketFrame.Awareness(state(client, 1)));
            }
            mallory.sendRaw(new byte[] {0x66, 1, 9}).await(YWebsocketFrame.Marker.class::isInstance);
            assertThat(gateway.refused("awareness-clients-full")).isEqualTo(2);
            byte[] large = ("\"" + "x".repeat(1024) + "\"").getBytes(StandardCharsets.UTF_8);
            mallory.send(new YWebsocketFrame.Awareness(
                    new AwarenessUpdate(List.of(new AwarenessUpdate.Entry(1, 2, large)))));
            assertThat(mallory.awaitClose()).startsWith("1003").contains("too-long");
            assertThat(witness.open()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: localhost\r\nX-", "GET /yjs/default/slow HTTP/1.1\r\nUpgr", ""})
    void a_head_that_trickles_is_cut_in_bounded_time(String begun) throws IOException {
        try (TestGateway gateway = gateway(Map.of("BOARDWALK_MAX_HANDSHAKE_TIME", "1s"));
                WirePeer witness = gateway.synced(BOARD);
                RawSocket slow = new RawSocket(gateway.port())) {
            slow.send(begun.getBytes(StandardCharsets.US_ASCII));
            trickle(slow, () -> gateway.refused("handshake-too-slow") == 0);
            assertThat(slow.rest()).isEmpty();
            assertThat(witness.open()).isTrue();
        }
    }

    @Test
    void a_body_that_trickles_is_cut_in_bounded_time() throws IOException {
        try (TestGateway gateway = gateway(Map.of("BOARDWALK_MAX_REQUEST_TIME", "1s"));
                RawSocket slow = new RawSocket(gateway.port())) {
            slow.send("POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            trickle(slow, () -> gateway.refused("request-too-slow") == 0);
            await().until(() -> gateway.meter("boardwalk_connections") == 0);
        }
    }

    @Test
    void a_message_whose_parts_trickle_is_cut_in_bounded_time() throws IOException {
        KeepAlive.Timing brief = new KeepAlive.Timing(
                Duration.ofSeconds(15), Duration.ofSeconds(20), Duration.ofSeconds(2), Duration.ofMillis(100));
        try (TestGateway gateway = TestGateway.start(database, Map.of(), brief);
                RawSocket parts = RawSocket.upgraded(gateway.port(), BOARD);
                RawSocket bytes = RawSocket.upgraded(gateway.port(), BOARD)) {
            // The first part of a message, then further ones of one byte each.
            parts.send((byte) 0x02, (byte) 0x81, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1);
            // One message of 64 KiB, byte by byte.
            bytes.send((byte) 0x82, (byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
            await().pollInterval(Duration.ofMillis(100))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> {
                        try {
                            parts.send((byte) 0x00, (byte) 0x81, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1);
                            bytes.send((byte) 0);
                        } catch (IOException cut) {
                            // One of them is: the other follows.
                        }
                        return gateway.meter("boardwalk_half_open_total") == 2;
                    });
            await().until(() -> gateway.meter("boardwalk_sockets") == 0);
        }
    }

    private static void trickle(RawSocket socket, java.util.function.BooleanSupplier goesOn) {
        await().pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    try {
                        socket.send((byte) 'a');
                    } catch (IOException cut) {
                        return true;
                    }
                    return !goesOn.getAsBoolean();
                });
    }

    /** 2,000 and more with {@code -Dboardwalk.sockets=2000}. */
    @Test
    void many_sockets_that_open_at_once_are_all_served() throws Exception {
        int count = Integer.getInteger("boardwalk.sockets", 500);
        List<RawSocket> all = new ArrayList<>();
        try (TestGateway gateway = gateway(Map.of());
                WirePeer witness = gateway.synced(BOARD)) {
            try {
                for (int i = 0; i < count; i++) {
                    byte[] handshake =
                            RawSocket.handshake("/yjs/default/crowd-" + i % 40).getBytes(StandardCharsets.US_ASCII);
                    RawSocket socket = new RawSocket(gateway.port());
                    all.add(socket);
                    // Nobody waits for an answer before the next one knocks.
                    socket.send(handshake);
                }
                await().atMost(Duration.ofSeconds(60)).until(() -> gateway.meter("boardwalk_sockets") == count + 1);
                byte[] update = new Typing(3).type("still served");
                witness.update(update).awaitUpdate(update);
            } finally {
                for (RawSocket socket : all) {
                    socket.close();
                }
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> gateway.meter("boardwalk_sockets") == 1);
        }
    }

    private static AwarenessUpdate state(long client, long clock) {
        return new AwarenessUpdate(
                List.of(new AwarenessUpdate.Entry(client, clock, "{}".getBytes(StandardCharsets.UTF_8))));
    }
}
