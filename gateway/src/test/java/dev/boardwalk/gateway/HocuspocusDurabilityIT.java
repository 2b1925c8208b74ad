package dev.boardwalk.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.testkit.BoardwalkProcess;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Providers of Hocuspocus from npm against one whole Boardwalk, beside y-websocket: {@code hasUnsyncedChanges} is false
 * only when everything is durable.
 */
class HocuspocusDurabilityIT {
    private static final List<String> PEERS = List.of("h2", "h3", "h4", "y3");

    @TempDir
    Path data;

    private static void open(NpmPeers peers, BoardwalkProcess boardwalk, String entity) {
        for (int version = 2; version <= 4; version++) {
            peers.openCollab("h" + version, version, boardwalk.socket("/collab/default"), entity);
        }
        peers.open("y3", 3, boardwalk.socket("/yjs/default"), entity);
        for (String peer : PEERS) {
            await().atMost(30, SECONDS).until(() -> peers.state(peer).synced());
        }
    }

    /** Hocuspocus 4.7 acknowledged 80 of 80 edits, and 0 survived. */
    @Test
    void acknowledged_edits_survive_kill_9() {
        Set<String> edits = new TreeSet<>();
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data);
                NpmPeers peers = new NpmPeers()) {
            open(peers, boardwalk, "acknowledged");
            for (int edit = 0; edit < 80; edit++) {
                String tag = "e" + edit;
                peers.edit(PEERS.get(edit % 3), tag);
                edits.add(tag);
            }
            for (String peer : List.of("h2", "h3", "h4")) {
                await().atMost(30, SECONDS).until(() -> peers.state(peer).json().getInteger("unsynced") == 0);
            }
            boardwalk.kill();
        }
        assertDurable("acknowledged", edits);
    }

    @Test
    void while_postgres_is_stopped_changes_stay_unsynced_and_everybody_sees_them() {
        Set<String> edits = new TreeSet<>();
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data);
                NpmPeers peers = new NpmPeers()) {
            open(peers, boardwalk, "stopped");
            await().atMost(30, SECONDS).until(() -> allSynced(peers));
            boardwalk.freezeDatabase();
            for (String peer : PEERS) {
                peers.edit(peer, "by-" + peer);
                edits.add("by-" + peer);
            }
            for (String peer : PEERS) {
                await().atMost(10, SECONDS).until(() -> peers.state(peer).tags().containsAll(edits));
            }
            await().pollDelay(3, SECONDS).until(() -> true);
            for (String peer : List.of("h2", "h3", "h4")) {
                assertThat(peers.state(peer).json().getInteger("unsynced"))
                        .as("unsynced changes of " + peer)
                        .isEqualTo(1);
            }
            assertThat(peers.state("y3").confirmed()).isEmpty();
            boardwalk.thawDatabase();
            await().atMost(60, SECONDS).until(() -> allSynced(peers));
            boardwalk.kill();
        }
        assertDurable("stopped", edits);
    }

    private static boolean allSynced(NpmPeers peers) {
        return List.of("h2", "h3", "h4").stream()
                .allMatch(peer -> peers.state(peer).json().getInteger("unsynced") == 0);
    }

    /** They hang up when they hear nothing for 30 s. */
    @Test
    void idle_providers_stay_connected_beyond_their_own_patience() {
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data);
                NpmPeers peers = new NpmPeers()) {
            for (int version = 2; version <= 4; version++) {
                peers.openCollab("h" + version, version, boardwalk.socket("/collab/default"), "idle-" + version);
                peers.presence("h" + version, null);
            }
            await().pollDelay(36, SECONDS).atMost(40, SECONDS).until(() -> true);
            for (int version = 2; version <= 4; version++) {
                NpmPeers.State state = peers.state("h" + version);
                assertThat(state.closeCodes())
                        .as("closes of version " + version)
                        .isEmpty();
                assertThat(state.synced()).isTrue();
            }
        }
    }

    private void assertDurable(String entity, Set<String> edits) {
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data)) {
            JsonObject properties = new JsonObject(RawHttp.body(
                            boardwalk.address(), "/api/v1/projects/default/entities/" + entity + "?fresh=true"))
                    .getJsonObject("properties");
            assertThat(properties.getJsonObject("ledger").fieldNames()).containsAll(edits);
        }
    }
}
