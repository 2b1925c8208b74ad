package dev.boardwalk.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.testkit.BoardwalkProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Postgres away: people go on seeing each other, nothing is confirmed, and when it is back all of it is committed and
 * confirmed.
 */
class DatabaseOutageIT {
    /** Longer than the store waits for an answer, so that the tick in flight is given up and sent again. */
    private static final int OUTAGE_SECONDS = Integer.getInteger("boardwalk.outage.seconds", 20);

    /** An edit should be seen at once; the limit leaves room for a busy machine. */
    private static final long SEEN_MILLIS_MAX = 100;

    @TempDir
    Path data;

    @Test
    void while_postgres_is_stopped_peers_see_each_other_and_are_told_nothing() throws IOException {
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data);
                NpmPeers peers = new NpmPeers()) {
            URI project = boardwalk.socket("/yjs/default");
            peers.open("anna", 3, project, "outage");
            peers.open("ben", 1, project, "outage");
            peers.edit("anna", "before");
            await().atMost(20, SECONDS)
                    .until(() -> peers.state("anna").confirmed().contains("before"));
            await().atMost(20, SECONDS).until(() -> peers.state("ben").tags().contains("before"));

            boardwalk.freezeDatabase();
            Set<String> during = new TreeSet<>();
            long thawAt = System.nanoTime() + SECONDS.toNanos(OUTAGE_SECONDS);
            long slowest = 0;
            for (int edit = 0; System.nanoTime() < thawAt; edit++) {
                String tag = "during" + edit;
                String by = edit % 2 == 0 ? "anna" : "ben";
                String other = edit % 2 == 0 ? "ben" : "anna";
                long sentAt = peers.edit(by, tag);
                await().atMost(5, SECONDS).until(() -> peers.state(other).tags().contains(tag));
                slowest = Math.max(slowest, peers.state(other).receivedAt(tag) - sentAt);
                during.add(tag);
                assertThat(peers.state(by).confirmed())
                        .as("told before the commit")
                        .doesNotContainAnyElementsOf(during);
                await().pollDelay(200, java.util.concurrent.TimeUnit.MILLISECONDS)
                        .until(() -> true);
            }
            assertThat(slowest).as("milliseconds until the other saw an edit").isLessThanOrEqualTo(SEEN_MILLIS_MAX);
            assertThat(peers.state("anna").confirmed()).doesNotContainAnyElementsOf(during);
            assertThat(RawHttp.call(boardwalk.address().getPort(), "GET", "/readyz"))
                    .startsWith("HTTP/1.1 503");

            boardwalk.thawDatabase();
            Set<String> all = new TreeSet<>(during);
            all.add("before");
            await().atMost(60, SECONDS).untilAsserted(() -> {
                Set<String> confirmed = peers.state("anna").confirmed();
                confirmed.addAll(peers.state("ben").confirmed());
                assertThat(confirmed).containsAll(all);
            });
            assertThat(peers.state("anna").closeCodes()).isEmpty();
            boardwalk.kill();
            assertDurable(all);
        }
    }

    private void assertDurable(Set<String> all) {
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data)) {
            JsonObject properties = new JsonObject(
                            RawHttp.body(boardwalk.address(), "/api/v1/projects/default/entities/outage?fresh=true"))
                    .getJsonObject("properties");
            assertThat(properties.getJsonObject("ledger").fieldNames()).containsAll(all);
        }
    }

    @Test
    void a_restart_of_postgres_loses_nothing_and_closes_nobody() {
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data);
                NpmPeers peers = new NpmPeers()) {
            peers.open("anna", 3, boardwalk.socket("/yjs/default"), "restart");
            peers.edit("anna", "before");
            await().atMost(20, SECONDS)
                    .until(() -> peers.state("anna").confirmed().contains("before"));

            long killed = boardwalk.databasePid();
            boardwalk.killDatabase();
            peers.edit("anna", "without"); // perhaps committed by a backend that has outlived its postmaster
            await().atMost(60, SECONDS)
                    .until(() -> peers.state("anna").confirmed().contains("without"));
            await().atMost(60, SECONDS).ignoreExceptions().until(() -> boardwalk.databasePid() != killed);
            assertThat(peers.state("anna").closeCodes()).isEmpty();
            assertThat(boardwalk.terminate()).isZero();
        }
    }
}
