package dev.boardwalk.compactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BackgroundService.Progress;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseSettings;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.testkit.FaultProxy;
import dev.boardwalk.testkit.MinioProcess;
import dev.boardwalk.testkit.Seed;
import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Compactors in processes of their own, killed wherever it hurts, with a retention of a second and their objects in a
 * real MinIO. {@code -Dboardwalk.kills=50} kills more of them, {@code -Dboardwalk.outages=10} kills MinIO more often.
 */
class CompactorKillTest {
    private static final int KILLS = Integer.getInteger("boardwalk.kills", 8);
    private static final int OUTAGES = Integer.getInteger("boardwalk.outages", 2);
    private static final int LARGE_ONES = 8;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestDatabase server = TestDatabase.create();
    private final MinioProcess minio = MinioProcess.start();
    private final Vertx vertx = Vertx.vertx();
    private BlobStore objects;
    private Database database;
    private Typist typist;
    private List<EntityId> entities;

    @BeforeEach
    void open() {
        objects = MinioObjects.at(minio.endpoint());
        database = database(objects);
        typist = new Typist(database, "typist", new Random(5));
        entities = IntStream.range(0, 6)
                .mapToObj(number -> typist.entity("entity-" + number))
                .toList();
    }

    @AfterEach
    void close() {
        typist.close();
        database.close();
        Typist.answer(vertx.close());
        objects.close();
        minio.close();
        server.close();
    }

    @Test
    void a_compactor_may_be_killed_between_any_two_steps() {
        FaultPoint[] points = FaultPoint.values();
        Seed.each(KILLS, seed -> {
            Random random = seed.random("kill");
            FaultPoint point = points[Math.floorMod(seed.value() - 1, points.length)];
            typist.edit(entities);
            // Another one from time to time: with many kills it would outgrow the heap of the compactors.
            typist.type(typist.entity("large-" + seed.value() / LARGE_ONES), 1_200_000);
            typist.edit(entities);
            awaitAge();
            String halt = point + ":" + (1 + random.nextInt(2));
            try (CompactorProcess compactor = CompactorProcess.start(server.url(), minio.endpoint(), halt, "--now")) {
                typist.edit(entities);
                assertThat(compactor.awaitEnd()).as(compactor.said()).isIn(0, FaultPoint.EXIT_CODE);
            }
            typist.assertNothingLost(database);
            complete();
        });
    }

    @Test
    void the_storage_may_be_killed_or_stand_still_under_a_run() {
        Seed.each(OUTAGES, seed -> {
            typist.edit(entities);
            awaitAge();
            try (CompactorProcess compactor = CompactorProcess.start(server.url(), minio.endpoint(), "", "--now")) {
                if (seed.value() % 2 == 0) {
                    minio.freeze();
                    typist.edit(entities);
                    typist.assertNothingLost(database);
                    minio.thaw();
                } else {
                    minio.kill();
                    typist.edit(entities);
                    typist.assertNothingLost(database);
                    minio.restart();
                }
                assertThat(compactor.awaitEnd()).as(compactor.said()).isIn(0, 1);
            }
            complete();
        });
    }

    @Test
    void nothing_is_lost_or_served_wrong_over_a_line_that_fails_cuts_and_turns_bits() {
        Seed.each(3, seed -> {
            try (FaultProxy line = FaultProxy.start(minio.endpoint(), seed.random("line"), 0);
                    BlobStore behind = MinioObjects.at(line.endpoint());
                    Database other = database(behind)) {
                line.fail(6);
                typist.edit(entities);
                awaitAge();
                run(other, behind);
                typist.assertNothingLost(database);
                typist.edit(entities);
                run(other, behind);
                typist.assertNothingLost(database);
                assertThat(line.done()).isPositive();
            }
            complete();
        });
    }

    @Test
    void a_process_of_its_own_is_replaced_within_seconds_when_it_dies_and_answers_for_its_health() {
        try (CompactorProcess first = CompactorProcess.start(server.url(), minio.endpoint(), "FOLDED:1");
                CompactorProcess second = CompactorProcess.start(server.url(), minio.endpoint(), "FOLDED:1000000")) {
            await().atMost(PATIENCE).until(() -> second.said().contains("Compactor is ready at"));
            typist.edit(entities);
            // One of them takes the run; should it be the one that halts, the other has to take over.
            await().atMost(PATIENCE).until(() -> {
                typist.edit(entities);
                return !first.isAlive();
            });
            long snapshots = server.number("select count(*) from crdt.snapshot");
            typist.edit(entities);
            long diedNanos = System.nanoTime();
            await().atMost(PATIENCE).until(() -> server.number("select count(*) from crdt.snapshot") > snapshots);
            System.out.printf("taken over %.1f s after the other died%n", (System.nanoTime() - diedNanos) / 1e9);
            awaitAge();
            await().atMost(PATIENCE).until(() -> server.number("select count(*) from crdt.operation") == 0);
            String address = address(second);
            assertThat(get(address + "/healthz")).isEqualTo("alive\n");
            assertThat(get(address + "/readyz")).isEqualTo("ready\n");
            assertThat(get(address + "/metrics"))
                    .contains("boardwalk_compact_pruned_operations ")
                    .contains("boardwalk_compact_horizon_age_seconds ");
            typist.assertNothingLost(database);
            assertThat(second.terminate()).isIn(0, 143);
        }
        complete();
    }

    /** The next runs complete what was left, and everything is in order. */
    private void complete() {
        awaitAge();
        await().atMost(PATIENCE)
                .until(() -> run(database, objects).failed() == 0
                        && server.number("select count(*) from crdt.operation") == 0);
        typist.assertNothingLost(database);
        assertThat(new Verification(database, objects, SECOND).run().wrong()).isEmpty();
        assertThat(server.number("select count(*) from pg_class where relname ~ '^operation_[0-9]' and relkind = 'r'"
                        + " and not relispartition"))
                .as("tables left behind")
                .isZero();
    }

    private static CompactionReport run(Database database, BlobStore objects) {
        BackgroundContext context = new BackgroundContext(database, objects, SECOND, SECOND, SECOND);
        return new CompactorRun(context, CompactionLimits.DEFAULTS).run(true, Progress.NONE);
    }

    private void awaitAge() {
        await().atMost(PATIENCE)
                .until(() -> server.number("select count(*) from crdt.operation o"
                                + " where crdt.partition_until(o.tableoid) > clock_timestamp() - interval '1 second'")
                        == 0);
    }

    private Database database(BlobStore stored) {
        DatabaseSettings settings = DatabaseSettings.parse(server.url());
        return Database.open(vertx, settings.withLimits(settings.limits().forRetention(SECOND)), stored);
    }

    private static String address(CompactorProcess compactor) {
        Matcher line = Pattern.compile("ready at (\\S+)").matcher(compactor.said());
        assertThat(line.find()).isTrue();
        return line.group(1);
    }

    private static String get(String address) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(address, failure);
        }
    }
}
