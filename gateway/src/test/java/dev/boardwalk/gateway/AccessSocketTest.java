package dev.boardwalk.gateway;

import static dev.boardwalk.gateway.TestTokens.sign;
import static dev.boardwalk.gateway.TestTokens.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.crdt.sync.HocuspocusFrame;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.gateway.token.NamePattern;
import dev.boardwalk.gateway.token.Role;
import dev.boardwalk.testkit.Typing;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what on a WebSocket, on a gateway with tokens and on a real database. */
class AccessSocketTest {
    /** Inserts "hey" into the root text "t" as client 1; written by yjs 13.6. */
    private static final byte[] HEY = HexFormat.of().parseHex("01010100040101740368657900");

    /** A revocation reaches open sockets within a second: that is the promise. */
    private static final Duration NEARLY_AT_ONCE = Duration.ofSeconds(1);

    private static final int SOCKETS_PER_USER = 4;

    private static final byte[] NOTHING = {0, 0};

    private static final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private static Path data;

    private static TokenGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway =
                TokenGateway.start(data, Map.of("BOARDWALK_MAX_SOCKETS_PER_USER", Integer.toString(SOCKETS_PER_USER)));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void without_a_good_token_nobody_enters() {
        try (WirePeer none = WirePeer.connect(port(), "/yjs/plans/door");
                WirePeer wrong = WirePeer.connect(port(), "/yjs/plans/door?token=nonsense");
                WirePeer narrow = WirePeer.connect(
                        port(),
                        "/yjs/plans/door?token="
                                + sign("acme", "ada", Role.EDITOR, List.of(new NamePattern("other")), "t1"))) {
            assertThat(none.awaitClose()).startsWith("4401");
            assertThat(wrong.awaitClose()).startsWith("4401");
            assertThat(narrow.awaitClose()).startsWith("4403");
        }
        assertThat(gateway.database().number("select count(*) from public.entity where name = 'door'"))
                .isZero();
    }

    @Test
    void a_reader_sees_edits_and_makes_none() throws InterruptedException {
        try (WirePeer editor = enter("readers", "notes", "ada", Role.EDITOR);
                WirePeer reader = enter("readers", "notes", "bob", Role.READER)) {
            reader.update(HEY).send(new YWebsocketFrame.Marker(new byte[] {1}));
            // Its mark comes back all the same: that its edit is not in has to be said before.
            reader.await(new YWebsocketFrame.Auth("edits are refused: read only")::equals);
            reader.await(frame -> frame instanceof YWebsocketFrame.Marker);
            editor.expectNo(HEY, Duration.ofMillis(300));
            editor.update(HEY);
            reader.awaitUpdate(HEY);
        }
    }

    @Test
    void organisations_with_the_same_names_share_nothing() throws InterruptedException {
        try (WirePeer north = enter("north", "walls", "ada", Role.EDITOR);
                WirePeer south = enter("south", "walls", "ada", Role.EDITOR)) {
            north.update(HEY);
            north.awaitUpdate(HEY);
            south.expectNo(HEY, Duration.ofMillis(300));
            try (WirePeer later = WirePeer.connect(port(), path("walls", token("south", "eve", Role.OWNER)))) {
                later.send(new YWebsocketFrame.Sync(new SyncMessage.Step1(new byte[] {0})));
                assertThat(later.awaitSync(SyncMessage.Step2.class)).isEqualTo(NOTHING);
            }
        }
    }

    @Test
    void a_revoked_user_is_out_and_others_stay() throws Exception {
        try (WirePeer ada = enter("revoking", "notes", "ada", Role.EDITOR);
                WirePeer bob = enter("revoking", "notes", "bob", Role.EDITOR)) {
            assertThat(post("/api/v1/revocations", token("revoking", "root", Role.OWNER), "{\"user\":\"ada\"}"))
                    .isEqualTo(201);
            await().atMost(NEARLY_AT_ONCE).until(() -> !ada.open());
            assertThat(ada.awaitClose()).startsWith("4401");
            assertThat(bob.open()).isTrue();
        }
    }

    @Test
    void a_revocation_reaches_documents_of_hocuspocus_and_leaves_others_alone() throws Exception {
        String adas = token("revoking-too", "ada", Role.EDITOR);
        try (CollabWire ada = CollabWire.connect(port(), "/collab/plans")
                        .open("one", adas)
                        .open("two", adas);
                CollabWire bob = CollabWire.connect(port(), "/collab/plans")
                        .open("one", token("revoking-too", "bob", Role.EDITOR))) {
            assertThat(post("/api/v1/revocations", token("revoking-too", "root", Role.OWNER), "{\"user\":\"ada\"}"))
                    .isEqualTo(201);
            ada.await(new HocuspocusFrame.PermissionDenied("one", "the token was revoked")::equals);
            ada.await(new HocuspocusFrame.PermissionDenied("two", "the token was revoked")::equals);
            // What it still sends is nobody's business, and the same token opens nothing any more.
            ada.update("one", HEY);
            ada.send(new HocuspocusFrame.Token("one", adas, "4.7.0"));
            ada.await(new HocuspocusFrame.PermissionDenied("one", "the token was revoked")::equals);
            byte[] update = new Typing(3).type("bob goes on");
            bob.update("one", update).awaitSign("one", true);
            assertThat(ada.all()).noneMatch(frame -> carries(frame, update));
            assertThat(bob.all()).noneMatch(frame -> carries(frame, HEY));
        }
    }

    @Test
    void a_user_has_only_so_many_sockets_at_both_doors() {
        List<WirePeer> open = new ArrayList<>();
        try {
            for (int i = 0; i < SOCKETS_PER_USER; i++) {
                open.add(enter("crowd", "notes", "ada", Role.EDITOR));
            }
            String more = token("crowd", "ada", Role.EDITOR);
            try (WirePeer yjs = WirePeer.connect(port(), path("notes", more));
                    CollabWire collab = CollabWire.connect(port(), "/collab/plans");
                    WirePeer bob = enter("crowd", "notes", "bob", Role.EDITOR);
                    WirePeer namesake = enter("crowd-2", "notes", "ada", Role.EDITOR)) {
                assertThat(yjs.awaitClose()).startsWith("1013 one user may have " + SOCKETS_PER_USER);
                collab.send(new HocuspocusFrame.Token("notes", more, "4.7.0"));
                assertThat(collab.awaitClose()).startsWith("1013 one user may have " + SOCKETS_PER_USER);
                assertThat(bob.open() && namesake.open()).isTrue();
            }
        } finally {
            open.forEach(WirePeer::close);
        }
    }

    @Test
    void a_suspended_organisation_is_empty() throws Exception {
        try (WirePeer ada = enter("closing", "notes", "ada", Role.EDITOR)) {
            HttpRequest suspend = HttpRequest.newBuilder(
                            URI.create(gateway.address() + "/api/v1/organisations/closing/suspension"))
                    .header("Authorization", "Bearer " + TestTokens.operator())
                    .PUT(BodyPublishers.noBody())
                    .build();
            assertThat(http.send(suspend, BodyHandlers.ofString()).statusCode()).isEqualTo(204);
            await().atMost(NEARLY_AT_ONCE).until(() -> !ada.open());
            assertThat(ada.awaitClose()).startsWith("4205");
            try (WirePeer again = WirePeer.connect(port(), path("notes", token("closing", "ada", Role.EDITOR)))) {
                assertThat(again.awaitClose()).startsWith("4403");
            }
        }
    }

    @Test
    void a_token_that_runs_out_ends_the_stay() {
        try (WirePeer brief =
                WirePeer.synced(port(), path("brief", TestTokens.shortLived("brief", Duration.ofSeconds(2))))) {
            assertThat(brief.awaitClose()).startsWith("4401");
        }
    }

    @Test
    void a_token_that_runs_out_on_a_document_of_hocuspocus_is_asked_for_again_and_the_new_one_counts() {
        try (CollabWire brief = CollabWire.connect(port(), "/collab/plans")
                .open("brief", TestTokens.shortLived("brief-too", Duration.ofSeconds(2)))) {
            brief.await(new HocuspocusFrame.TokenRequest("brief")::equals);
            brief.send(new HocuspocusFrame.Token("brief", token("brief-too", "ada", Role.READER), "4.7.0"));
            brief.await(new HocuspocusFrame.Authenticated("brief", HocuspocusFrame.Authenticated.READ_ONLY)::equals);
            brief.update("brief", HEY).awaitSign("brief", false);
        }
    }

    private static boolean carries(HocuspocusFrame frame, byte[] update) {
        return frame instanceof HocuspocusFrame.Sync(String _, SyncMessage message)
                && Arrays.equals(message.payload(), update);
    }

    private static WirePeer enter(String organisation, String name, String user, Role role) {
        return WirePeer.synced(port(), path(name, token(organisation, user, role)));
    }

    private static String path(String name, String token) {
        return "/yjs/plans/" + name + "?token=" + token;
    }

    private static int port() {
        return URI.create(gateway.address()).getPort();
    }

    private static int post(String path, String token, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.address() + path))
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString()).statusCode();
    }
}
