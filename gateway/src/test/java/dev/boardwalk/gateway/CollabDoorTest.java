package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.sync.AwarenessUpdate;
import dev.boardwalk.crdt.sync.HocuspocusFrame;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.testkit.TestDatabase;
import dev.boardwalk.testkit.Typing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Hocuspocus door, frame by frame, without hooks. */
class CollabDoorTest {
    private static final String DOOR = "/collab/default";
    private static final byte[] EMPTY = {0, 0};

    private static TestDatabase database;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        gateway = TestGateway.start(
                database,
                Map.of("BOARDWALK_MAX_FRAME_BYTES", "64KiB", "BOARDWALK_MAX_DOCUMENTS_PER_SOCKET", "5"),
                new KeepAlive.Timing(
                        Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofSeconds(45), Duration.ofMillis(200)));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        database.close();
    }

    private static CollabWire connect() {
        return CollabWire.connect(gateway.port(), DOOR);
    }

    @Test
    void the_handshake_is_that_of_the_real_server() {
        try (CollabWire ann = connect()) {
            ann.send(new HocuspocusFrame.Token("handshake", "t", "4.7.0"));
            ann.step1("handshake");
            ann.sync("handshake", new SyncMessage.Step2(EMPTY));
            ann.awaitSign("handshake", true);
            assertThat(ann.all())
                    .extracting(
                            frame -> HexFormat.of().formatHex(frame.encode()).substring(20))
                    .containsExactly("02020a726561642d7772697465", "00000100", "0001020000", "0801");
        }
    }

    @Test
    void a_client_without_a_token_begins_with_its_question() {
        try (CollabWire ann = connect()) {
            ann.step1("tokenless");
            ann.await(HocuspocusFrame.Authenticated.class::isInstance);
            ann.awaitStep("tokenless", SyncMessage.Step1.class);
            ann.awaitStep("tokenless", SyncMessage.Step2.class);
        }
    }

    @Test
    void both_protocols_serve_the_same_entity_at_once() {
        try (CollabWire ann = connect();
                WirePeer ben = gateway.synced("/yjs/default/both")) {
            ann.open("both", "");
            byte[] first = new Typing(11).type("by ann");
            ann.update("both", first);
            ben.awaitUpdate(first);
            ann.awaitSign("both", true);
            byte[] second = new Typing(12).type("by ben");
            ben.update(second);
            ann.awaitUpdate("both", second);
            ben.awaitUpdate(second);
        }
    }

    @Test
    void an_edit_is_signed_once_and_not_echoed() {
        try (CollabWire ann = connect()) {
            ann.open("signed", "");
            int before = ann.all().size();
            byte[] update = new Typing(13).type("x");
            ann.update("signed", update);
            ann.awaitSign("signed", true);
            ann.send(new HocuspocusFrame.QueryAwareness("signed"));
            ann.await(HocuspocusFrame.Awareness.class::isInstance);
            assertThat(ann.all().subList(before, ann.all().size())).hasSize(2);
        }
    }

    @Test
    void many_clients_of_one_document_get_the_same_frame_under_their_own_addresses() {
        try (CollabWire ann = connect();
                CollabWire ben = connect();
                CollabWire sessions = connect()) {
            ann.open("fan", "");
            ben.open("fan", "");
            sessions.open("fan\0s1", "");
            sessions.open("fan\0s2", "");
            byte[] update = new Typing(14).type("to all");
            ann.update("fan", update);
            ben.awaitUpdate("fan", update);
            sessions.await(frame -> isUpdate(frame, "fan\0s1", update));
            sessions.await(frame -> isUpdate(frame, "fan\0s2", update));
        }
    }

    private static boolean isUpdate(HocuspocusFrame frame, String address, byte[] update) {
        return frame instanceof HocuspocusFrame.Sync(String of, SyncMessage.Update(byte[] bytes))
                && of.equals(address)
                && Arrays.equals(bytes, update);
    }

    @Test
    void one_exception_in_one_message_does_not_detach_the_document() {
        try (CollabWire ann = connect()) {
            ann.open("broken", "").open("other", "");
            byte[] damaged = new Typing(15).type("never arrives");
            damaged[damaged.length - 1] = 77;
            ann.update("broken", damaged);
            // Asked for what it has, a client sends it again, undamaged.
            ann.awaitStep("broken", SyncMessage.Step1.class);
            byte[] whole = new Typing(15).type("never arrives");
            ann.sync("broken", new SyncMessage.Step2(whole));
            ann.awaitSign("broken", true);
            byte[] more = new Typing(16).type("after it");
            ann.update("broken", more);
            ann.awaitSign("broken", true);
            ann.update("other", new Typing(17).type("undisturbed"));
            ann.awaitSign("other", true);
            assertThat(ann.open()).isTrue();
        }
    }

    @Test
    void a_client_that_sends_nothing_readable_is_closed_in_the_end() {
        try (CollabWire mallory = connect()) {
            mallory.open("hopeless", "");
            for (int i = 0; i < 20 && mallory.open(); i++) {
                mallory.update("hopeless", new byte[] {7, 7, 7});
            }
            assertThat(mallory.awaitClose()).startsWith("1003 malformed update");
        }
    }

    @ParameterizedTest
    @CsvSource({"'', truncated", "05 64, length-bomb", "01 ff 00, bad-utf8", "01 64 00 09, unknown-sync-step"})
    void what_belongs_to_no_open_document_closes_the_socket_when_malformed(String hex, String code) {
        try (CollabWire mallory = connect()) {
            mallory.sendRaw(HexFormat.of().parseHex(hex.replace(" ", "")));
            assertThat(mallory.awaitClose()).startsWith("1003 malformed").contains(code);
        }
    }

    @Test
    void what_only_servers_say_and_what_nobody_knows_is_ignored() {
        try (CollabWire odd = connect()) {
            odd.open("odd", "");
            double before = refused("server-only") + refused("unknown-type") + refused("text-message");
            odd.send(new HocuspocusFrame.BroadcastStateless("odd", "all"));
            odd.send(new HocuspocusFrame.SyncStatus("odd", true));
            odd.send(new HocuspocusFrame.TokenRequest("odd"));
            odd.send(new HocuspocusFrame.PermissionDenied("odd", "no"));
            odd.send(new HocuspocusFrame.Authenticated("odd", "all"));
            odd.sendRaw(HexFormat.of().parseHex("036f6464" + "0b"));
            odd.sendText("hello").send(new HocuspocusFrame.Pong()).send(new HocuspocusFrame.Ping());
            odd.await(HocuspocusFrame.Pong.class::isInstance);
            odd.update("odd", new Typing(18).type("fine"));
            odd.awaitSign("odd", true);
            assertThat(refused("server-only") + refused("unknown-type") + refused("text-message"))
                    .isEqualTo(before + 7);
        }
    }

    @Test
    void a_sync_reply_is_a_sync_message() {
        try (CollabWire ann = connect()) {
            ann.open("reply", "");
            ann.send(new HocuspocusFrame.SyncReply("reply", new SyncMessage.Update(new Typing(19).type("r"))));
            ann.awaitSign("reply", true);
        }
    }

    @Test
    void idle_sockets_hear_something_whatever_is_open_on_them() {
        try (CollabWire idle = connect();
                CollabWire closed = connect()) {
            idle.open("idle", "");
            closed.open("left", "").send(new HocuspocusFrame.Close("left", null));
            HocuspocusFrame quiet = new HocuspocusFrame.Awareness("", new AwarenessUpdate(List.of()));
            idle.await(quiet::equals);
            closed.await(quiet::equals);
            closed.await(quiet::equals);
        }
    }

    @Test
    void an_awareness_removal_is_forwarded_whether_said_or_by_leaving() {
        try (CollabWire ann = connect();
                CollabWire ben = connect()) {
            ann.open("presence", "");
            ben.open("presence", "");
            ann.send(awareness("presence", 1, 1, "{}"));
            ben.await(awareness("presence", 1, 1, "{}")::equals);
            ann.send(awareness("presence", 1, 2, null));
            ben.await(awareness("presence", 1, 2, null)::equals);
            ann.send(awareness("presence", 2, 1, "{}"));
            ben.await(awareness("presence", 2, 1, "{}")::equals);
            ann.send(new HocuspocusFrame.Close("presence", null));
            ben.await(awareness("presence", 2, 2, null)::equals);
            assertThat(ann.open()).isTrue();
        }
    }

    private static HocuspocusFrame awareness(String address, long client, long clock, @Nullable String json) {
        byte[] state = json == null ? null : json.getBytes(StandardCharsets.UTF_8);
        return new HocuspocusFrame.Awareness(
                address, new AwarenessUpdate(List.of(new AwarenessUpdate.Entry(client, clock, state))));
    }

    @Test
    void a_deleted_entity_ends_its_document_and_not_the_socket() {
        try (CollabWire ann = connect();
                CollabWire old = connect()) {
            ann.open("doomed", "").open("kept", "");
            old.step1("doomed").awaitStep("doomed", SyncMessage.Step2.class);
            EntityKey key = new EntityKey(OrganisationId.LOCAL, "default", "doomed");
            TestGateway.await(gateway.entities().deleted(key));
            ann.await(new HocuspocusFrame.Close("doomed", "the entity was deleted")::equals);
            old.await(new HocuspocusFrame.PermissionDenied("doomed", "the entity was deleted")::equals);
            ann.update("kept", new Typing(20).type("k"));
            ann.awaitSign("kept", true);
        }
    }

    @Test
    void more_documents_than_allowed_are_refused_one_by_one() {
        try (CollabWire ann = connect()) {
            for (int i = 0; i < 5; i++) {
                ann.open("many-" + i, "");
            }
            ann.send(new HocuspocusFrame.Token("many-5", "", null));
            ann.await(frame -> frame instanceof HocuspocusFrame.PermissionDenied(String of, String reason)
                    && of.equals("many-5")
                    && reason.startsWith("at most 5"));
            ann.send(new HocuspocusFrame.Close("many-0", null));
            ann.open("many-5", "");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/../b", "a\nb", "\0session"})
    void names_with_tricks_are_refused(String name) {
        try (CollabWire mallory = connect()) {
            mallory.send(new HocuspocusFrame.Token(name, "", "4.7.0"));
            mallory.await(
                    frame -> frame instanceof HocuspocusFrame.PermissionDenied(String of, String _) && of.equals(name));
            mallory.open("fine", "");
        }
    }

    @Test
    void a_message_above_the_limit_closes_with_1009() {
        try (CollabWire mallory = connect()) {
            mallory.sendRaw(new byte[64 * 1024 + 1]);
            assertThat(mallory.awaitClose()).startsWith("1009");
        }
    }

    @Test
    void a_marker_of_y_sweet_comes_back_after_the_commit_of_what_came_before() {
        try (WirePeer ann = gateway.synced("/yjs/default/marker")) {
            byte[] update = new Typing(21).type("m");
            ann.update(update).sendRaw(new byte[] {0x66, 1, 9});
            ann.await(frame -> frame instanceof YWebsocketFrame.Sync(SyncMessage.Update(byte[] echoed))
                    && Arrays.equals(echoed, update));
            ann.await(YWebsocketFrame.Marker.class::isInstance);
        }
    }

    private static double refused(String reason) {
        var counter = gateway.meters
                .find("boardwalk_refused_total")
                .tag("reason", reason)
                .counter();
        return counter == null ? 0 : counter.count();
    }
}
