package dev.boardwalk.bench;

import dev.boardwalk.store.DatabaseSettings;
import dev.boardwalk.testkit.BoardwalkProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The private Postgres of an {@code up} on a data folder of its own, whose compactor has nothing to do. */
final class BenchDatabase implements AutoCloseable {
    private static final int PORT_LINE = 3;

    private final Path data;
    private final boolean kept;
    private final Map<String, String> settings;
    private BoardwalkProcess process;

    private BenchDatabase(Path data, boolean kept, Map<String, String> settings) {
        this.data = data;
        this.kept = kept;
        this.settings = settings;
        this.process = BoardwalkProcess.up(data, settings);
    }

    static BenchDatabase start() {
        return start(Map.of());
    }

    /** On a folder that stays, with whatever an earlier run left in it. */
    static BenchDatabase keptIn(Path data) {
        return new BenchDatabase(data, true, withIdleCompactor(Map.of()));
    }

    /** @param settings for the server beside the database */
    static BenchDatabase start(Map<String, String> settings) {
        try {
            return new BenchDatabase(Files.createTempDirectory("boardwalk-bench"), false, withIdleCompactor(settings));
        } catch (IOException e) {
            throw new UncheckedIOException("making a data folder for the benchmark", e);
        }
    }

    private static Map<String, String> withIdleCompactor(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("BOARDWALK_SNAPSHOT_INTERVAL", "24h");
        return all;
    }

    /** Ends the server and the database in good order and starts both again on the same data. */
    void restart() {
        process.terminate();
        process.close();
        process = BoardwalkProcess.up(data, settings);
    }

    /** The address of WebSockets under a path. */
    URI socket(String path) {
        return process.socket(path);
    }

    /** The process id of the server beside the database. */
    long pid() {
        return process.pid();
    }

    /** Where the server beside the database listens. */
    URI address() {
        return process.address();
    }

    DatabaseSettings settings() {
        return DatabaseSettings.parse("postgresql://boardwalk:" + password() + "@127.0.0.1:" + port() + "/boardwalk");
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port() + "/boardwalk", "boardwalk", password());
    }

    @Override
    public void close() {
        process.terminate();
        process.close();
        if (!kept) {
            delete(data);
        }
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("removing " + folder, e);
        }
    }

    private String password() {
        return read("postgres.password").strip();
    }

    private String port() {
        return read("postgres/postmaster.pid").lines().toList().get(PORT_LINE).strip();
    }

    private String read(String file) {
        try {
            return Files.readString(data.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file + " of the private database", e);
        }
    }
}
