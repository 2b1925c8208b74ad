package dev.boardwalk.gateway;

import dev.boardwalk.store.DatabaseLimits;
import dev.boardwalk.store.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first contact with a private Postgres that is starting: waits for it, and makes our database in a new one. */
final class PostgresLogin {
    private static final Logger log = LoggerFactory.getLogger(PostgresLogin.class);

    private static final String USER = "boardwalk";
    private static final String DATABASE = "boardwalk";
    private static final Duration RETRY = Duration.ofMillis(25);
    private static final Duration SAY_SO = Duration.ofSeconds(10);

    /** Lines of postmaster.pid, from 0, as its server has written them since version 9. */
    private static final int PID_LINE = 0;

    private static final int PORT_LINE = 3;

    private static final String NO_SUCH_DATABASE = "3D000";
    private static final String CANNOT_CONNECT_NOW = "57P03";
    private static final String CONNECTION_CLASS = "08";

    private PostgresLogin() {}

    /**
     * Tries to log in until it works. There is no limit of time: after a crash a server may replay its log for long,
     * and giving up would not make it faster.
     *
     * @throws PrivatePostgresFailure if the process ends, or refuses us
     */
    static DatabaseSettings awaitReady(ProcessHandle process, Path data, int port) {
        long sayNext = System.nanoTime() + SAY_SO.toNanos();
        while (process.isAlive()) {
            try {
                String password = password(data);
                if (!password.isEmpty() && answers(port, password)) {
                    return new DatabaseSettings(
                            "127.0.0.1",
                            port,
                            DATABASE,
                            USER,
                            password,
                            DatabaseSettings.Tls.DISABLE,
                            DatabaseLimits.DEFAULTS);
                }
                Thread.sleep(RETRY);
            } catch (SQLException | IOException refused) {
                throw new PrivatePostgresFailure("cannot log in to the private database on port " + port, refused);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new PrivatePostgresFailure("interrupted while the private database started", interrupted);
            }
            if (System.nanoTime() > sayNext) {
                log.warn(
                        "still waiting for the private database pid={} log={}",
                        process.pid(),
                        data.resolve("log/postgres.log"));
                sayNext += SAY_SO.toNanos();
            }
        }
        throw new PrivatePostgresFailure.Ended(
                "the private database ended while it started; see " + data.resolve("log/postgres.log"));
    }

    /**
     * The server that another process runs in this folder.
     *
     * @throws PrivatePostgresFailure if none does
     */
    static DatabaseSettings ofRunning(Path data) {
        Path file = data.resolve("postgres/postmaster.pid");
        try {
            List<String> lines = Files.readAllLines(file);
            ProcessHandle process = ProcessHandle.of(
                            Long.parseLong(lines.get(PID_LINE).strip()))
                    .orElseThrow(
                            () -> new PrivatePostgresFailure("the database that " + file + " names has ended", null));
            return awaitReady(
                    process, data, Integer.parseInt(lines.get(PORT_LINE).strip()));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException unreadable) {
            throw new PrivatePostgresFailure("no private database runs in " + data + " (" + file + ")", unreadable);
        }
    }

    /** The script writes the file before the server of a new cluster can answer. */
    private static String password(Path data) throws IOException {
        Path file = data.resolve("postgres.password");
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    private static boolean answers(int port, String password) throws SQLException {
        try (Connection connection = connect(port, DATABASE, password)) {
            return connection.isValid(5);
        } catch (SQLException notYet) {
            if (NO_SUCH_DATABASE.equals(notYet.getSQLState())) {
                createDatabase(port, password);
                return false;
            }
            return isPassing(notYet);
        }
    }

    private static boolean isPassing(SQLException failure) throws SQLException {
        String state = String.valueOf(failure.getSQLState());
        if (state.equals(CANNOT_CONNECT_NOW) || state.startsWith(CONNECTION_CLASS)) {
            return false;
        }
        throw failure;
    }

    private static void createDatabase(int port, String password) throws SQLException {
        try (Connection connection = connect(port, "postgres", password);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + DATABASE);
        }
    }

    private static Connection connect(int port, String database, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "10");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
    }
}
