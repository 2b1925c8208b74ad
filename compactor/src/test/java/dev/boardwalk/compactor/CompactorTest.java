package dev.boardwalk.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.BlobStores;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseSettings;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A database and a folder of objects for each test of the compactor, and a typist who remembers what was confirmed. */
abstract class CompactorTest {
    @TempDir
    Path folder;

    final TestDatabase server = TestDatabase.create();
    BlobStore objects;
    Database database;
    Typist typist;

    private final Vertx vertx = Vertx.vertx();

    @BeforeEach
    void open() {
        objects = BlobStores.folder(folder);
        database = database(objects);
        typist = new Typist(database, "typist", new Random(1));
    }

    @AfterEach
    void close() {
        typist.close();
        database.close();
        Typist.answer(vertx.close());
        server.close();
    }

    /** The same database, with other objects perhaps; the caller closes it. */
    Database database(BlobStore stored) {
        return Database.open(vertx, settings(), stored);
    }

    DatabaseSettings settings() {
        return DatabaseSettings.parse(server.url());
    }

    List<EntityId> entities(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> typist.entity("entity-" + number))
                .toList();
    }

    void edit(List<EntityId> entities, int times) {
        for (int time = 0; time < times; time++) {
            typist.edit(entities);
        }
    }

    /** Runs what may come to its end at a {@link FaultyBlobStore}. */
    static void killed(Runnable run) {
        try {
            run.run();
        } catch (FaultyBlobStore.Killed ended) {
            assertThat(ended).hasMessage("killed here");
        } catch (IllegalStateException ended) {
            assertThat(ended).hasCauseInstanceOf(FaultyBlobStore.Killed.class);
        }
    }
}
