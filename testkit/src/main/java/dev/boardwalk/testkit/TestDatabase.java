package dev.boardwalk.testkit;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An empty database of its own for a test, on the server that {@value #SERVER} names; dropped when closed.
 *
 * <p>{@code ./boardwalk test} starts that server. There is no stand-in: without the variable tests fail and say so.
 */
public final class TestDatabase implements AutoCloseable {
    /** {@code postgresql://user:password@host:port/postgres} of a superuser. */
    public static final String SERVER = "BOARDWALK_TEST_DATABASE_URL";

    private final URI server;
    private final String name;

    private TestDatabase(URI server, String name) {
        this.server = server;
        this.name = name;
    }

    public static TestDatabase create() {
        @Nullable String address = System.getenv(SERVER);
        if (address == null || address.isBlank()) {
            throw new IllegalStateException(
                    SERVER + " is not set: run ./boardwalk test, which starts a PostgreSQL for the tests");
        }
        TestDatabase database = new TestDatabase(
                URI.create(address), "test_" + UUID.randomUUID().toString().replace("-", ""));
        database.onServer("create database " + database.name + " encoding 'UTF8'");
        return database;
    }

    public String name() {
        return name;
    }

    /** The address as Boardwalk's settings take it. */
    public String url() {
        return "postgresql://" + server.getRawUserInfo() + "@" + server.getHost() + ":" + server.getPort() + "/" + name;
    }

    /** A JDBC connection as the superuser. */
    public Connection connect() throws SQLException {
        return connect(name);
    }

    /** Runs one or more statements, separated by semicolons. */
    public void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException("test statement failed: " + sql, failure);
        }
    }

    /** The first column of all rows, as text. */
    public List<String> column(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException failure) {
            throw new IllegalStateException("test query failed: " + sql, failure);
        }
    }

    /** The first column of the only row, as a number. */
    public long number(String sql) {
        return Long.parseLong(column(sql).getFirst());
    }

    /** Ends all sessions of this database whose application_name is like this; answers how many. */
    public long killSessions(String application) {
        return number("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '" + name
                + "' and application_name like '" + application + "' and pid <> pg_backend_pid()");
    }

    /** Drops the database, whoever is connected. */
    @Override
    public void close() {
        onServer("drop database if exists " + name + " with (force)");
    }

    private void onServer(String sql) {
        String maintenance = server.getPath().substring(1);
        try (Connection connection = connect(maintenance);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(
                    "cannot use the test server " + server.getHost() + ":" + server.getPort() + ": " + sql, failure);
        }
    }

    private Connection connect(String database) throws SQLException {
        String[] who = server.getUserInfo().split(":", 2);
        String address = "jdbc:postgresql://" + server.getHost() + ":" + server.getPort() + "/" + database;
        return DriverManager.getConnection(address, who[0], who.length > 1 ? who[1] : "");
    }
}
