package dev.boardwalk.store;

import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** What tests on the real Postgres share: one migrated database for each test class. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DatabaseTest {
    private static final long ANSWER_SECONDS_MAX = 30;

    final TestDatabase server = TestDatabase.create();
    final Vertx vertx = Vertx.vertx();
    Database database;

    DatabaseLimits limits() {
        return DatabaseLimits.DEFAULTS;
    }

    @BeforeAll
    void openDatabase() {
        database = open();
    }

    @AfterAll
    void closeDatabase() {
        database.close();
        answer(vertx.close());
        server.close();
    }

    /** A process of its own, as far as the database can see. */
    final Database open() {
        return Database.open(vertx, DatabaseSettings.parse(server.url()).withLimits(limits()));
    }

    final StoredEntity entity(String name) {
        return answer(database.entities().loadOrCreate(key(name)));
    }

    final EntityKey key(String name) {
        return new EntityKey(OrganisationId.LOCAL, "default", name);
    }

    static JournalEntry entry(EntityId entity, String... updates) {
        return new JournalEntry(
                entity, List.of(updates).stream().map(DatabaseTest::bytes).toList());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The updates of all pieces, in order. */
    static List<String> texts(StoredEntity entity) {
        return entity.pieces().stream()
                .flatMap(piece -> piece.updates().stream())
                .map(update -> new String(update, StandardCharsets.UTF_8))
                .toList();
    }

    static Projection projection(String properties) {
        return new Projection(properties, "document", null, new byte[] {0}, 2);
    }

    static FlushedEntity flushed(EntityId entity, String update, long firstTick, long lastTick) {
        return FlushedEntity.projected(
                entity, OperationFormat.MERGED, bytes(update), null, firstTick, lastTick, projection("{}"));
    }

    static <T> T answer(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError("future failed", failure.getCause());
        } catch (TimeoutException | InterruptedException failure) {
            throw new AssertionError("no answer", failure);
        }
    }
}
