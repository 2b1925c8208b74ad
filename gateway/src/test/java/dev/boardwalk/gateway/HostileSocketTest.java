package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.testkit.TestDatabase;
import dev.boardwalk.testkit.Typing;
import dev.boardwalk.testkit.YjsBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that do not follow the protocol: they are told so and counted; the others notice nothing. */
class HostileSocketTest {
    private static final String BOARD = "/yjs/default/board";
    private static final int FRAME_BYTES_MAX = 64 * 1024;

    private static TestDatabase database;
    private static TestGateway gateway;
    private WirePeer witness;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        gateway = TestGateway.start(
                database, Map.of("BOARDWALK_MAX_FRAME_BYTES", "64KiB", "BOARDWALK_MAX_SOCKETS", "20"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        database.close();
    }

    @BeforeEach
    void connectWitness() {
        witness = gateway.synced(BOARD);
    }

    /** The witness must have heard of nothing but what it sends itself, and still be served. */
    @AfterEach
    void witnessWasNotDisturbed() {
        int heard = witness.raw().size();
        byte[] update = new Typing(new Random().nextInt(1, Integer.MAX_VALUE)).type("still here");
        witness.update(update);
        assertThat(witness.awaitSync(SyncMessage.Update.class)).isEqualTo(update);
        assertThat(witness.raw()).hasSize(heard + 1);
        witness.close();
        await().until(() -> gateway.meter("boardwalk_sockets") == 0);
    }

    @ParameterizedTest
    @CsvSource({
        // the update that crashed an engine
        "00020d0106070004010174036865ec81, length-bomb",
        // a frame without a byte
        "'', truncated",
        // varUints that end early or never
        "80, truncated",
        "0002ff, truncated",
        "ffffffffffffffffffff, bad-integer",
        // a sync step that does not exist
        "000700, unknown-sync-step",
        // a state vector that announces a thousand million clients
        "0000058094ebdc03, length-bomb",
        // bytes after the end
        "000000ff, trailing-bytes",
        // awareness whose state is not JSON
        "01050107010178, bad-json",
        // Skip in an update
        "00020901010700" + "0a01" + "000000, skip",
    })
    void malformed_messages_close_the_socket_with_the_reason(String hex, String code) {
        double before = refused(code);
        try (WirePeer mallory = gateway.synced(BOARD)) {
            mallory.sendRaw(HexFormat.of().parseHex(hex));
            assertThat(mallory.awaitClose()).startsWith("1003 malformed").contains(code);
        }
        assertThat(refused(code)).isEqualTo(before + 1);
    }

    @Test
    void awareness_of_a_hundred_thousand_clients_is_refused() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        YjsBytes.varUint(body, 100_000);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(1);
        YjsBytes.varUint(frame, body.size() + 40_000);
        frame.writeBytes(body.toByteArray());
        frame.writeBytes(new byte[40_000]);
        try (WirePeer mallory = gateway.synced(BOARD)) {
            mallory.sendRaw(frame.toByteArray());
            assertThat(mallory.awaitClose()).startsWith("1003 malformed awareness");
        }
    }

    @Test
    void text_and_unknown_types_are_ignored_and_counted() {
        try (WirePeer odd = gateway.synced(BOARD)) {
            odd.sendText("hello").sendRaw(new byte[] {42, 1, 2, 3}).sendRaw(new byte[] {2, 0, 1, 'x'});
            odd.sendRaw(new byte[] {0x66, 1, 9}).await(YWebsocketFrame.Marker.class::isInstance);
            assertThat(refused("text-message")).isPositive();
            assertThat(refused("unknown-type")).isPositive();
            assertThat(refused("auth-from-client")).isPositive();
        }
    }

    @Test
    void a_message_above_the_limit_closes_with_1009() {
        try (WirePeer mallory = gateway.synced(BOARD)) {
            mallory.sendRaw(new byte[FRAME_BYTES_MAX + 1]);
            assertThat(mallory.awaitClose()).startsWith("1009");
        }
    }

    @Test
    void fragments_above_the_limit_together_close_with_1009() {
        try (WirePeer mallory = gateway.synced(BOARD)) {
            mallory.sendParts(new byte[FRAME_BYTES_MAX / 2], new byte[FRAME_BYTES_MAX / 2], new byte[2]);
            assertThat(mallory.awaitClose()).startsWith("1009");
        }
    }

    @Test
    void a_message_in_fragments_is_one_message() {
        try (WirePeer ann = gateway.synced("/yjs/default/fragments")) {
            byte[] update = new Typing(3).type("in three parts");
            byte[] frame = new YWebsocketFrame.Sync(new SyncMessage.Update(update)).encode();
            byte[] head = java.util.Arrays.copyOf(frame, 5);
            byte[] middle = java.util.Arrays.copyOfRange(frame, 5, 6);
            byte[] tail = java.util.Arrays.copyOfRange(frame, 6, frame.length);
            ann.sendParts(head, middle, tail).awaitUpdate(update);
        }
    }

    @Test
    void updates_that_were_cut_off_anywhere_close_the_socket() {
        byte[] update = new Typing(1_000).type("abc");
        for (int length = 0; length < update.length; length++) {
            byte[] part = java.util.Arrays.copyOf(update, length);
            try (WirePeer mallory = gateway.connect("/yjs/default/cut")) {
                mallory.update(part);
                assertThat(mallory.awaitClose()).startsWith("1003 malformed update");
            }
        }
    }

    @Test
    void bytes_that_are_no_websocket_frame_close_the_socket() throws Exception {
        try (Socket socket = upgraded(gateway.port(), BOARD)) {
            // Reserved bits and an opcode that does not exist, without a mask.
            socket.getOutputStream().write(new byte[] {(byte) 0xf7, 1, 0});
            socket.setSoTimeout(10_000);
            String rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(rest).contains("\u0003\u00ea" + "not a WebSocket frame");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/yjs/default/",
                "/yjs//board",
                "/yjs/default",
                "/yjs/default/..",
                "/yjs/default/a/../b",
                "/yjs/default/%2e%2e",
                "/yjs/default/a%00b",
                "/yjs/default/a%0Ab",
                "/yjs/default/%ff",
                "/yjs/default/%2",
                "/yjs/default/%zz",
                "/yjs/%2e%2e/board"
            })
    void names_with_tricks_are_refused_at_the_upgrade(String path) throws Exception {
        assertThat(upgrade(path)).startsWith("HTTP/1.1 400").contains("\"code\":\"invalid-name\"");
    }

    @Test
    void names_may_be_255_bytes_long_and_not_more() throws Exception {
        assertThat(upgrade("/yjs/default/" + "n".repeat(256))).startsWith("HTTP/1.1 400");
        assertThat(upgrade("/yjs/default/" + "%C3%A4".repeat(128))).startsWith("HTTP/1.1 400");
        try (WirePeer ann = gateway.synced("/yjs/default/" + "%C3%A4".repeat(127))) {
            assertThat(ann.open()).isTrue();
        }
        assertThat(database.column("select name from entity where name like 'ä%'"))
                .containsExactly("ä".repeat(127));
    }

    @Test
    void names_that_come_as_plain_utf_8_are_read_as_such() throws Exception {
        String path = new String("/yjs/default/plain-ü".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (Socket socket = upgraded(gateway.port(), path)) {
            await().until(() -> database.column("select name from entity where name like 'plain%'")
                    .contains("plain-ü"));
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void escapes_are_decoded_once() {
        gateway.synced("/yjs/default/a%2Fb%2520c").close();
        assertThat(database.column("select name from entity where name like 'a/b%'"))
                .containsExactly("a/b%20c");
    }

    @Test
    void upgrades_elsewhere_and_broken_ones_are_answered() throws Exception {
        assertThat(upgrade("/nowhere/default/board")).startsWith("HTTP/1.1 404");
        assertThat(exchange("GET " + BOARD + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(exchange("\u0016\u0003\u0001 garbage\r\n\r\n")).contains("400");
    }

    @Test
    void more_sockets_than_allowed_are_refused() throws Exception {
        WirePeer[] peers = new WirePeer[19];
        for (int i = 0; i < peers.length; i++) {
            peers[i] = gateway.connect(BOARD);
        }
        assertThat(upgrade(BOARD)).startsWith("HTTP/1.1 503").contains("\"code\":\"overloaded\"");
        for (WirePeer peer : peers) {
            peer.close();
        }
        await().until(() -> gateway.meter("boardwalk_sockets") == 1);
    }

    private static double refused(String reason) {
        var counter = gateway.meters
                .find("boardwalk_refused_total")
                .tag("reason", reason)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    private static String upgrade(String path) throws Exception {
        return exchange(new String(handshake(path), StandardCharsets.ISO_8859_1));
    }

    /** A socket after the upgrade that speaks as little WebSocket as the test wants. */
    static Socket upgraded(int port, String path) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.getOutputStream().write(handshake(path));
        byte[] answer = socket.getInputStream().readNBytes("HTTP/1.1 101".length());
        assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 101");
        return socket;
    }

    private static byte[] handshake(String path) {
        String text = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String exchange(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
