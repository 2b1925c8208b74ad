package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.testkit.BoardwalkProcess;
import dev.boardwalk.testkit.Seed;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of the gateway, and of Postgres, at random moments while npm clients edit: what was confirmed is there
 * afterwards, once. The ledger is what the clients saw confirmed; it never touches the server.
 *
 * <p>{@code -Dboardwalk.crashes=20} kills more often than a build does.
 */
class CrashIT {
    private static final int CRASHES = Integer.getInteger("boardwalk.crashes", 4);

    /** The longest time of editing before the kill. */
    private static final int EDITING_MILLIS_MAX = 1_500;

    /** Kept when the test fails: what the database holds then is the evidence. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path data;

    @Test
    void what_was_confirmed_survives_a_kill_of_the_gateway_and_of_postgres_at_any_moment() {
        Set<String> ledger = new TreeSet<>();
        Seed.each(1, seed -> {
            Random random = seed.random();
            for (int crash = 0; crash < CRASHES; crash++) {
                editUntilKilled(random, crash, ledger);
                assertAllThere(ledger);
            }
        });
        assertThat(ledger).as("the test must have seen confirmations").hasSizeGreaterThan(CRASHES);
    }

    private void editUntilKilled(Random random, int crash, Set<String> ledger) {
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data, settings(random));
                NpmPeers peers = new NpmPeers()) {
            URI project = boardwalk.socket("/yjs/default");
            peers.open("new", 3, project, "crash");
            peers.open("old", 1, project, "crash");
            for (String peer : List.of("new", "old")) {
                await().atMost(30, TimeUnit.SECONDS)
                        .until(() -> peers.state(peer).synced());
            }
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50 + random.nextInt(EDITING_MILLIS_MAX));
            for (int edit = 0; System.nanoTime() < until; edit++) {
                peers.edit(edit % 2 == 0 ? "new" : "old", "c" + crash + "e" + edit);
                // People type with pauses; without them all edits would share a few ticks.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(30)));
            }
            boardwalk.kill();
            if (random.nextBoolean()) {
                boardwalk.killDatabase();
            }
            ledger.addAll(peers.state("new").confirmed());
            ledger.addAll(peers.state("old").confirmed());
        }
    }

    /** Flushing at different paces puts the kill before, into and behind flushes. */
    private static Map<String, String> settings(Random random) {
        return Map.of("BOARDWALK_FLUSH_INTERVAL", random.nextBoolean() ? "1s" : "30s");
    }

    private void assertAllThere(Set<String> ledger) {
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data)) {
            JsonObject properties = new JsonObject(
                            RawHttp.body(boardwalk.address(), "/api/v1/projects/default/entities/crash?fresh=true"))
                    .getJsonObject("properties");
            String text = properties.getString("text", "");
            assertThat(properties.getJsonObject("ledger", new JsonObject()).fieldNames())
                    .containsAll(ledger);
            assertThat(ledger).allSatisfy(tag -> assertThat(text).containsOnlyOnce("[" + tag + "]"));
            assertThat(boardwalk.terminate()).isZero();
        }
    }
}
