package dev.boardwalk.gateway;

import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BackgroundService;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseSettings;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a command on the stored data works with: opened beside a running {@code up} or without one, closed after it. */
final class StoredWork implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StoredWork.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private StoredWork() {}

    /**
     * Does something by the service of this name.
     *
     * @param data the folder that was said on the command line, null if none was
     */
    static <T> T run(String service, @Nullable String data, BiFunction<BackgroundService, BackgroundContext, T> work) {
        BackgroundService worker = ServiceLoader.load(BackgroundService.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(found -> found.name().equals(service))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no service " + service + " on the class path"));
        return run(data, context -> work.apply(worker, context));
    }

    /** Does something with the stored data. */
    static <T> T run(@Nullable String data, Function<BackgroundContext, T> work) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        if (data != null) {
            environment.put("BOARDWALK_DATA", data);
        }
        GatewaySettings settings = GatewaySettings.from(environment);
        try (StoredWork stored = new StoredWork()) {
            return work.apply(stored.open(settings));
        }
    }

    private BackgroundContext open(GatewaySettings settings) {
        Vertx vertx = Vertx.vertx();
        opened.push(
                () -> vertx.close().toCompletionStage().toCompletableFuture().get());
        DatabaseSettings databaseSettings = databaseSettings(settings);
        BlobStore objects = StoredObjects.open(settings);
        opened.push(objects);
        Database database = Database.open(vertx, settings.sized(databaseSettings), objects);
        opened.push(database);
        return settings.background(database, objects);
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception failure) {
                log.error("a step of closing failed, going on with the next", failure);
            }
        }
    }

    /** The private database of a running {@code up} is used, and one that does not run is started for the while. */
    private DatabaseSettings databaseSettings(GatewaySettings settings) {
        if (settings.database() != null) {
            return settings.database();
        }
        String script = System.getProperty("boardwalk.postgres.script");
        if (script == null) {
            throw new InvalidSettings(
                    List.of("DATABASE_URL is not set, and only ./boardwalk can start a private database"));
        }
        try {
            opened.push(DataLock.acquire(settings.data()));
        } catch (DataFolderInUse running) {
            return PostgresLogin.ofRunning(settings.data());
        }
        PrivatePostgres postgres = PrivatePostgres.start(Path.of(script), settings.data());
        opened.push(postgres);
        return postgres.settings();
    }
}
