package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.crdt.sync.AwarenessUpdate;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.testkit.TestDatabase;
import dev.boardwalk.testkit.Typing;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers that read slowly, say nothing, or are gone without a word. */
class SlowPeerTest {
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
    void a_stalled_reader_costs_a_bounded_buffer_and_gets_everything_when_it_reads_again() {
        int count = 150;
        int size = 1 << 20;
        try (TestGateway gateway = TestGateway.start(
                        database, Map.of("BOARDWALK_MAX_PEER_QUEUE_BYTES", "1MiB", "BOARDWALK_FLUSH_INTERVAL", "1h"));
                WirePeer writer = gateway.synced(BOARD);
                WirePeer stalled = gateway.synced(BOARD)) {
            stalled.stopReading();
            Typing typing = new Typing(1);
            String megabyte = "x".repeat(size);
            long directBefore = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
            for (int i = 0; i < count; i++) {
                byte[] update = typing.type(megabyte);
                writer.update(update).awaitUpdate(update);
            }
            assertThat(gateway.meter("boardwalk_peers_stalled")).isEqualTo(1);
            long stalledDirect = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - directBefore;
            assertThat(stalledDirect)
                    .as("bytes of direct memory while it stalls")
                    .isLessThan(20L << 20);
            long[] peakDirect = {0};
            List<byte[]> updates = new ArrayList<>();
            stalled.resumeReading();
            long[] received = {0};
            stalled.await(frame -> {
                if (frame instanceof YWebsocketFrame.Sync(SyncMessage message)
                        && !(message instanceof SyncMessage.Step1)) {
                    updates.add(message.payload());
                    received[0] += message.payload().length;
                    long now = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - directBefore;
                    peakDirect[0] = Math.max(peakDirect[0], now);
                }
                return received[0] >= (long) count * size;
            });
            assertThat(peakDirect[0])
                    .as("bytes of direct memory while it is told")
                    .isLessThan(20L << 20);
            String json = String.valueOf(
                    Engine.fold(null, updates, Engine.Projection.JSON).json());
            assertThat(json).hasSize("{\"t\":\"\"}".length() + count * size);
        }
    }

    @Test
    void an_idle_peer_hears_something_before_its_client_gives_up() {
        KeepAlive.Timing fast = new KeepAlive.Timing(
                Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofSeconds(30), Duration.ofMillis(100));
        try (TestGateway gateway = TestGateway.start(database, Map.of(), fast);
                WirePeer idle = gateway.synced(BOARD)) {
            for (int i = 0; i < 3; i++) {
                idle.await(frame -> frame instanceof YWebsocketFrame.Awareness(AwarenessUpdate update)
                        && update.entries().isEmpty());
            }
            assertThat(idle.open()).isTrue();
        }
    }

    @Test
    void a_connection_whose_other_end_is_gone_is_cut_and_the_entity_left() throws Exception {
        KeepAlive.Timing fast = new KeepAlive.Timing(
                Duration.ofSeconds(20), Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofMillis(100));
        try (TestGateway gateway = TestGateway.start(database, Map.of(), fast);
                WirePeer answering = gateway.synced(BOARD);
                // Speaks no WebSocket after the upgrade, so it never answers a ping.
                java.net.Socket silent = HostileSocketTest.upgraded(gateway.port(), BOARD)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> gateway.meter("boardwalk_half_open_total") == 1);
            await().until(() -> gateway.meter("boardwalk_sockets") == 1);
            assertThat(silent.isConnected()).isTrue();
            assertThat(answering.open()).isTrue();
        }
    }

    @Test
    void more_than_may_wait_for_its_commit_closes_the_sender() throws Exception {
        Map<String, String> limits = Map.of(
                "BOARDWALK_MAX_PENDING_BYTES", "1MiB",
                "BOARDWALK_MAX_ENTITY_PENDING_BYTES", "512KiB",
                "BOARDWALK_MAX_REQUEST_BYTES", "256KiB",
                "BOARDWALK_MAX_FRAME_BYTES", "256KiB");
        try (TestGateway gateway = TestGateway.start(database, limits);
                WirePeer writer = gateway.synced(BOARD);
                WirePeer witness = gateway.synced(BOARD)) {
            database.execute("alter table crdt.journal rename to journal_away");
            Typing typing = new Typing(1);
            byte[] first = typing.type("y".repeat(200_000));
            byte[] second = typing.type("y".repeat(200_000));
            writer.update(first).update(second).update(typing.type("y".repeat(200_000)));
            assertThat(writer.awaitClose()).startsWith("1013");
            witness.awaitUpdate(first);
            witness.awaitUpdate(second);
            assertThat(gateway.meter("boardwalk_pending_bytes")).isBetween(400_000.0, 512.0 * 1024);
            database.execute("alter table crdt.journal_away rename to journal");
            await().until(() -> gateway.meter("boardwalk_pending_bytes") == 0);
        }
    }
}
