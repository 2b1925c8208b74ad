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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that compacts once, beside a running {@code up} or without one, and prints what it did. */
@Command(
        name = "compact",
        description = "Folds operations into snapshots now and reports.",
        mixinStandardHelpOptions = true)
final class CompactCommand implements Callable<Integer> {
    @SuppressWarnings("UnusedVariable") // said for clarity: this command never waits
    @Option(names = "--now", description = "Without waiting for the interval, which is how this command always runs")
    private boolean now;

    @Option(names = "--data", paramLabel = "DIR", description = "Data folder (BOARDWALK_DATA)")
    private @Nullable String data;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @Override
    public Integer call() throws Exception {
        Map<String, String> environment = new HashMap<>(System.getenv());
        if (data != null) {
            environment.put("BOARDWALK_DATA", data);
        }
        GatewaySettings settings = GatewaySettings.from(environment);
        try {
            System.out.println(run(settings));
        } finally {
            while (!opened.isEmpty()) {
                opened.pop().close();
            }
        }
        return 0;
    }

    private String run(GatewaySettings settings) {
        BackgroundService compactor = ServiceLoader.load(BackgroundService.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(service -> service.name().equals("compact"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no compactor on the class path"));
        Vertx vertx = Vertx.vertx();
        opened.push(
                () -> vertx.close().toCompletionStage().toCompletableFuture().get());
        DatabaseSettings databaseSettings = databaseSettings(settings);
        BlobStore objects = StoredObjects.open(settings);
        opened.push(objects);
        Database database = Database.open(vertx, databaseSettings, objects);
        opened.push(database);
        return compactor.runOnce(new BackgroundContext(database, objects, settings.snapshotInterval()));
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
