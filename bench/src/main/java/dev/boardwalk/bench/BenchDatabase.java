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
import java.util.Map;
import java.util.stream.Stream;

/** The private Postgres of an {@code up} on a data folder of its own, whose compactor has nothing to do. */
final class BenchDatabase implements AutoCloseable {
    private static final int PORT_LINE = 3;

    private final BoardwalkProcess process;
    private final Path data;

    private BenchDatabase(BoardwalkProcess process, Path data) {
        this.process = process;
        this.data = data;
    }

    static BenchDatabase start() {
        try {
            Path data = Files.createTempDirectory("boardwalk-bench");
            return new BenchDatabase(BoardwalkProcess.up(data, Map.of("BOARDWALK_SNAPSHOT_INTERVAL", "24h")), data);
        } catch (IOException e) {
            throw new UncheckedIOException("making a data folder for the benchmark", e);
        }
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
        delete(data);
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
