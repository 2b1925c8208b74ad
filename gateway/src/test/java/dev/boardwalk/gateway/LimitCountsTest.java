package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.crdt.sync.HocuspocusFrame;
import dev.boardwalk.testkit.TestDatabase;
import dev.boardwalk.testkit.Typing;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits that are set low and hit: who crosses one is told, and {@code boardwalk_refused_total} counts it by its name. */
class LimitCountsTest {
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
    void peers_of_one_entity_and_documents_of_one_socket() {
        Map<String, String> limits =
                Map.of("BOARDWALK_MAX_PEERS_PER_ENTITY", "2", "BOARDWALK_MAX_DOCUMENTS_PER_SOCKET", "1");
        try (TestGateway gateway = TestGateway.start(database, limits);
                WirePeer ann = gateway.synced(BOARD);
                CollabWire ben =
                        CollabWire.connect(gateway.port(), "/collab/default").open("board", "");
                WirePeer third = gateway.connect(BOARD)) {
            assertThat(third.awaitClose()).startsWith("1013");
            assertThat(gateway.refused("peers-full")).isEqualTo(1);
            ben.send(new HocuspocusFrame.Token("another", "", "4.7.0"));
            ben.await(HocuspocusFrame.PermissionDenied.class::isInstance);
            assertThat(gateway.refused("documents-full")).isEqualTo(1);
            assertThat(ann.open() && ben.open()).isTrue();
        }
    }

    @Test
    void a_message_an_entity_and_sockets_in_all() throws IOException {
        Map<String, String> limits = Map.of(
                "BOARDWALK_MAX_FRAME_BYTES", "64KiB",
                "BOARDWALK_MAX_DOCUMENT_BYTES", "100KiB",
                "BOARDWALK_MAX_SOCKETS", "3");
        try (TestGateway gateway = TestGateway.start(database, limits);
                WirePeer large = gateway.synced(BOARD);
                WirePeer writer = gateway.synced(BOARD);
                WirePeer third = gateway.synced(BOARD);
                RawSocket fourth = new RawSocket(gateway.port())) {
            assertThat(fourth.upgrade(BOARD)).startsWith("HTTP/1.1 503").contains("\"code\":\"overloaded\"");
            assertThat(gateway.refused("overloaded")).isEqualTo(1);
            large.sendIfOpen(new byte[65 * 1024]);
            assertThat(large.awaitClose()).startsWith("1009");
            assertThat(gateway.refused("message-too-large")).isEqualTo(1);
            Typing typing = new Typing(1);
            for (int i = 0; i < 2; i++) {
                byte[] update = typing.type("z".repeat(60_000));
                writer.update(update).awaitUpdate(update);
            }
            await().until(() -> gateway.meter("boardwalk_entity_pinned_bytes") > 120_000);
            writer.update(typing.type("more"));
            assertThat(writer.awaitClose()).startsWith("1009");
            assertThat(gateway.refused("document-too-large")).isEqualTo(1);
            assertThat(third.open()).isTrue();
        }
    }

    @Test
    void what_all_entities_together_have_waiting_for_commits() {
        Map<String, String> limits = Map.of(
                "BOARDWALK_MAX_FRAME_BYTES", "64KiB",
                "BOARDWALK_MAX_REQUEST_BYTES", "64KiB",
                "BOARDWALK_MAX_ENTITY_PENDING_BYTES", "100KiB",
                "BOARDWALK_MAX_PENDING_BYTES", "100KiB");
        try (TestGateway gateway = TestGateway.start(database, limits);
                WirePeer ann = gateway.synced(BOARD);
                WirePeer ben = gateway.synced("/yjs/default/another");
                WirePeer late = gateway.synced("/yjs/default/third")) {
            database.execute("alter table crdt.journal rename to journal_away");
            byte[] byAnn = new Typing(1).type("a".repeat(60_000));
            byte[] byBen = new Typing(2).type("b".repeat(60_000));
            ann.update(byAnn);
            ben.update(byBen);
            await().until(() -> gateway.meter("boardwalk_pending_bytes") > 100 * 1024);
            late.update(new Typing(3).type("c"));
            assertThat(late.awaitClose()).startsWith("1013");
            assertThat(gateway.refused("pending-full")).isEqualTo(1);
            database.execute("alter table crdt.journal_away rename to journal");
            ann.awaitUpdate(byAnn);
            ben.awaitUpdate(byBen);
        }
    }

    @Test
    void the_head_of_a_request() throws IOException {
        try (TestGateway gateway = TestGateway.start(database, Map.of("BOARDWALK_MAX_HEADER_BYTES", "2KiB"))) {
            assertThat(RawHttp.exchange(gateway.port(), "GET / HTTP/1.1\r\nX: " + "x".repeat(3_000) + "\r\n\r\n"))
                    .contains("431 ");
            assertThat(RawHttp.exchange(gateway.port(), "GET /" + "x".repeat(1_500) + " HTTP/1.1\r\n\r\n"))
                    .contains("414 ");
            await().untilAsserted(() -> {
                assertThat(gateway.refused("headers-too-large")).isEqualTo(1);
                assertThat(gateway.refused("address-too-long")).isEqualTo(1);
            });
        }
    }
}
