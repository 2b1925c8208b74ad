package dev.boardwalk.gateway;

import static dev.boardwalk.gateway.TestTokens.sign;
import static dev.boardwalk.gateway.TestTokens.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.sync.HocuspocusFrame;
import dev.boardwalk.gateway.token.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is revoked at one gateway ends what is open at another, with nothing but the database between them. */
class RevocationOnEveryGatewayTest {
    /** The promise: within a second of the answer, on every gateway. */
    private static final Duration AT_MOST = Duration.ofSeconds(1);

    @TempDir
    private static Path eastern;

    @TempDir
    private static Path western;

    private static TokenGateway east;
    private static TokenGateway west;

    @BeforeAll
    static void start() throws Exception {
        east = TokenGateway.start(eastern, Map.of());
        west = east.further(western);
    }

    @AfterAll
    static void stop() {
        west.close();
        east.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "token", "project"})
    void sockets_of_both_protocols_end_within_a_second_at_the_other_gateway(String kind) {
        String organisation = "revoking-" + kind;
        String adas = sign(organisation, "ada", Role.EDITOR, List.of(), "t-ada-" + kind);
        String owner = token(organisation, "root", Role.OWNER);
        try (WirePeer yjs = WirePeer.synced(west.port(), "/yjs/plans/notes?token=" + adas);
                CollabWire collab =
                        CollabWire.connect(west.port(), "/collab/plans").open("notes", adas);
                WirePeer bob = WirePeer.synced(
                        west.port(), "/yjs/other/notes?token=" + token(organisation, "bob", Role.EDITOR))) {
            String what = switch (kind) {
                case "user" -> "ada";
                case "token" -> "t-ada-" + kind;
                default -> "plans";
            };
            assertThat(east.call("POST", "/api/v1/revocations", owner, "{\"" + kind + "\":\"" + what + "\"}")
                            .statusCode())
                    .isEqualTo(201);
            long revoked = System.nanoTime();
            assertThat(yjs.awaitClose()).startsWith("4401");
            collab.await(denial());
            assertThat(Duration.ofNanos(System.nanoTime() - revoked)).isLessThan(AT_MOST);
            // The revoked token opens nothing there either, by any door.
            collab.send(new HocuspocusFrame.Token("notes", adas, "4.7.0"));
            collab.await(denial());
            try (WirePeer again = WirePeer.connect(west.port(), "/yjs/plans/notes?token=" + adas)) {
                assertThat(again.awaitClose()).startsWith("4401");
            }
            assertThat(bob.open()).isTrue();
        }
    }

    private static Predicate<HocuspocusFrame> denial() {
        return new HocuspocusFrame.PermissionDenied("notes", "the token was revoked")::equals;
    }

    @Test
    void a_role_that_is_taken_away_at_one_gateway_counts_at_the_other() {
        String owner = token("demoting", "root", Role.OWNER);
        String carol = sign("demoting", "carol", null, List.of(), "t-carol");
        assertThat(east.call("PUT", "/api/v1/members/carol", owner, "{\"role\":\"editor\"}")
                        .statusCode())
                .isEqualTo(204);
        awaitThatWestHeard("demoting", owner);
        try (WirePeer peer = WirePeer.synced(west.port(), "/yjs/plans/notes?token=" + carol)) {
            assertThat(east.call("DELETE", "/api/v1/members/carol", owner, "").statusCode())
                    .isEqualTo(204);
            long removed = System.nanoTime();
            assertThat(peer.awaitClose()).startsWith("4205");
            assertThat(Duration.ofNanos(System.nanoTime() - removed)).isLessThan(AT_MOST);
            try (WirePeer again = WirePeer.connect(west.port(), "/yjs/plans/notes?token=" + carol)) {
                assertThat(again.awaitClose()).startsWith("4403");
            }
        }
    }

    /** Changes are told in order: when the witness is sent away, all that was changed before is known at west. */
    private static void awaitThatWestHeard(String organisation, String owner) {
        String witness = token(organisation, "witness", Role.EDITOR);
        try (WirePeer peer = WirePeer.synced(west.port(), "/yjs/plans/notes?token=" + witness)) {
            assertThat(east.call("POST", "/api/v1/revocations", owner, "{\"user\":\"witness\"}")
                            .statusCode())
                    .isEqualTo(201);
            assertThat(peer.awaitClose()).startsWith("4401");
        }
    }
}
