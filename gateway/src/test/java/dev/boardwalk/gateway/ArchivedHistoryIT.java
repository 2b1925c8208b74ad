package dev.boardwalk.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.testkit.BoardwalkProcess;
import dev.boardwalk.testkit.MinioProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * History of which the operations are pruned and lie in the archive of a real MinIO only, on a whole Boardwalk with short
 * settings.
 */
class ArchivedHistoryIT {
    private static final Map<String, String> SHORT = Map.of(
            "BOARDWALK_FLUSH_INTERVAL", "2s",
            "BOARDWALK_SNAPSHOT_INTERVAL", "5s",
            "BOARDWALK_OPERATION_RETENTION", "24s");

    private static final Duration ARCHIVED_WITHIN = Duration.ofSeconds(150);

    private static final String ENTITY = "/api/v1/projects/default/entities/old";

    @TempDir
    Path data;

    @Test
    void every_flush_is_readable_from_the_archive_and_a_client_from_before_merges_without_loss() {
        try (MinioProcess minio = MinioProcess.start();
                BoardwalkProcess boardwalk = BoardwalkProcess.up(data, settings(minio));
                NpmPeers peers = new NpmPeers()) {
            URI project = boardwalk.socket("/yjs/default");
            peers.open("writer", 3, project, "old");
            peers.open("traveller", 3, project, "old");
            confirmed(peers, "traveller", "before");
            await().atMost(20, SECONDS).until(() -> peers.state("writer").tags().contains("before"));
            peers.disconnect("traveller");
            peers.edit("traveller", "on-the-way");

            Map<Instant, JsonObject> moments = new LinkedHashMap<>();
            for (int edit = 0; edit < 12; edit++) {
                confirmed(peers, "writer", "edit-" + edit);
                get(boardwalk, "?fresh=true");
                moments.put(Instant.now(), peers.json("writer"));
            }
            await().atMost(ARCHIVED_WITHIN)
                    .pollInterval(Duration.ofSeconds(2))
                    .until(() -> RawHttp.metric(boardwalk.address(), "boardwalk_compact_pruned_operations")
                            >= moments.size());

            moments.forEach((time, json) -> assertThat(
                            get(boardwalk, "/at?time=" + time).getJsonObject("properties"))
                    .isEqualTo(json));
            JsonArray changes =
                    get(boardwalk, "/changes?limit=500&touched=true").getJsonArray("items");
            assertThat(changes).hasSizeGreaterThanOrEqualTo(moments.size());
            assertThat(changes.stream().map(change -> ((JsonObject) change).getJsonObject("touched")))
                    .allMatch(roots -> roots != null && roots.containsKey("ledger"));
            assertThat(data.resolve("objects")).doesNotExist();
            peers.connect("traveller");
            await().atMost(30, SECONDS)
                    .until(() -> peers.state("traveller").confirmed().contains("on-the-way"));
            await().atMost(30, SECONDS).until(() -> peers.state("writer").tags().contains("on-the-way"));
            assertThat(peers.json("traveller")).isEqualTo(peers.json("writer"));
        }
    }

    private static Map<String, String> settings(MinioProcess minio) {
        Map<String, String> settings = new HashMap<>(SHORT);
        settings.putAll(ObjectStorageIT.bucketOf(minio));
        return settings;
    }

    private static void confirmed(NpmPeers peers, String peer, String tag) {
        peers.edit(peer, tag);
        await().atMost(20, SECONDS).until(() -> peers.state(peer).confirmed().contains(tag));
    }

    private static JsonObject get(BoardwalkProcess boardwalk, String rest) {
        return new JsonObject(RawHttp.body(boardwalk.address(), ENTITY + rest));
    }
}
