package dev.boardwalk.compactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.store.BackgroundService.Findings;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseSettings;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.testkit.MinioProcess;
import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Entities under edits while a compactor of its own process runs every second, with a retention of a second, on a real
 * MinIO. {@code -Dboardwalk.show.entities=2000 -Dboardwalk.show.rounds=100} makes it minutes.
 */
class CompactorShowTest {
    private static final int ENTITIES = Integer.getInteger("boardwalk.show.entities", 100);
    private static final int ROUNDS = Integer.getInteger("boardwalk.show.rounds", 12);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void edits_become_snapshots_and_an_archive_and_a_single_turned_bit_is_named() {
        Vertx vertx = Vertx.vertx();
        try (TestDatabase server = TestDatabase.create();
                MinioProcess minio = MinioProcess.start();
                BlobStore objects = MinioObjects.at(minio.endpoint());
                Database database = Database.open(vertx, settings(server), objects);
                Typist typist = new Typist(database, "typist", new Random(6));
                CompactorProcess compactor = CompactorProcess.start(server.url(), minio.endpoint(), "")) {
            // Nobody indexes here: the feed is kept for those who said that they read it.
            server.execute("delete from public.feed_consumer");
            List<EntityId> entities = IntStream.range(0, ENTITIES)
                    .mapToObj(number -> typist.entity("entity-" + number))
                    .toList();
            for (int round = 0; round < ROUNDS; round++) {
                typist.edit(entities);
                awaitNextSecond(server);
            }
            await().atMost(PATIENCE).until(() -> server.number("select count(*) from crdt.operation") == 0);
            typist.assertNothingLost(database);
            assertThat(server.number("select sum(operations) from crdt.archive"))
                    .isEqualTo((long) ENTITIES * ROUNDS);
            // Partitions of the feed end later than those of the operations, and go in a later run.
            await().atMost(PATIENCE)
                    .until(() -> server.number("select count(*) from public.change") < (long) ENTITIES * ROUNDS);
            assertThat(compactor.terminate()).as(compactor.said()).isIn(0, 143);

            Findings clean = new Verification(database, objects, SECOND).run();
            assertThat(clean.wrong()).isEmpty();
            turnOneBit(objects, "archive/");
            turnOneBit(objects, "pack/");
            List<String> wrong =
                    new Verification(database, objects, SECOND).run().wrong();
            assertThat(wrong).anyMatch(line -> line.contains("archived operations") && line.contains("archive/"));
            typist.assertNothingLost(database);
        } finally {
            Typist.answer(vertx.close());
        }
    }

    private static DatabaseSettings settings(TestDatabase server) {
        DatabaseSettings settings = DatabaseSettings.parse(server.url());
        return settings.withLimits(settings.limits().forRetention(SECOND));
    }

    private static void awaitNextSecond(TestDatabase server) {
        String before =
                server.column("select date_trunc('second', clock_timestamp())").getFirst();
        await().until(() -> !server.column("select date_trunc('second', clock_timestamp())")
                .getFirst()
                .equals(before));
    }

    /** In the middle of one object, as a disk would. */
    private static void turnOneBit(BlobStore objects, String prefix) {
        List<String> keys = new ArrayList<>();
        objects.list(prefix, entry -> keys.add(entry.key()));
        assertThat(keys).as("objects %s", prefix).isNotEmpty();
        String key = keys.getFirst();
        byte[] bytes = objects.get(key);
        bytes[bytes.length / 2] ^= 1;
        objects.remove(key);
        objects.put(key, bytes);
    }
}
