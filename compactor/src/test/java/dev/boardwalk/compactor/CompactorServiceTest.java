package dev.boardwalk.compactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BackgroundService;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseSettings;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.testkit.MinioProcess;
import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service in the hands of another process, with its objects in a real MinIO. */
class CompactorServiceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestDatabase server = TestDatabase.create();
    private final MinioProcess minio = MinioProcess.start();
    private final Vertx vertx = Vertx.vertx();
    private BlobStore objects;
    private Database database;
    private Typist typist;

    @BeforeEach
    void open() {
        objects = MinioObjects.at(minio.endpoint());
        database = Database.open(vertx, DatabaseSettings.parse(server.url()), objects);
        typist = new Typist(database, "typist", new Random(2));
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
    void it_is_found_by_its_interface_and_reports_what_it_did() {
        BackgroundService service =
                ServiceLoader.load(BackgroundService.class).findFirst().orElseThrow();
        typist.edit(entities(5));

        assertThat(service.name()).isEqualTo("compact");
        assertThat(service.runOnce(context(database), BackgroundService.Progress.NONE))
                .contains("entities     5")
                .contains("operations   5");
        assertThat(service.runOnce(context(database), BackgroundService.Progress.NONE))
                .startsWith("Nothing to compact");
        typist.assertNothingLost(database);
    }

    @Test
    void two_processes_share_the_schedule_and_edits_go_on_while_the_storage_is_killed_and_comes_back() {
        List<EntityId> entities = entities(8);
        try (Database second = Database.open(vertx, database.settings(), objects);
                BackgroundService.Running one = new CompactorService().start(context(database));
                BackgroundService.Running two = new CompactorService().start(context(second))) {
            typist.edit(entities);
            await().atMost(PATIENCE).until(() -> gauge(one, "folded_entities") + gauge(two, "folded_entities") >= 8);
            minio.kill();
            typist.edit(entities);
            await().atMost(PATIENCE).until(() -> gauge(one, "failed_runs") + gauge(two, "failed_runs") >= 1);
            typist.assertNothingLost(database);
            minio.restart();
            await().atMost(PATIENCE).until(() -> covered() == 16);
        }
        typist.assertNothingLost(database);
        assertThat(database.quarantine().list(1)).isEmpty();
    }

    private long covered() {
        return server.number("select count(*) from crdt.operation o join public.entity e using (org_id, entity_id)"
                + " join crdt.snapshot s using (org_id, entity_id, snapshot_id) where o.position < s.covered_position");
    }

    private static long gauge(BackgroundService.Running running, String name) {
        return Objects.requireNonNull(running.gauges().get(name)).getAsLong();
    }

    private BackgroundContext context(Database database) {
        return new BackgroundContext(
                database, objects, Duration.ofSeconds(1), Duration.ofHours(24), Duration.ofDays(7));
    }

    private List<EntityId> entities(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> typist.entity("entity-" + number))
                .toList();
    }
}
