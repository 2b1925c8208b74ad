package dev.boardwalk.graph.cypher;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The transactions in which queries are computed: one view of the database, without the right to write, as the role that
 * sees one organisation, and rolled back at the end whatever happened.
 *
 * <p>Role and settings are local to the transaction. Should the rollback fail, the connection is closed for good.
 */
final class ReadTransactions {
    private static final int FETCH_ROWS = 500;

    private static final String PROJECTS = """
            select coalesce(array_agg(project_id order by project_id), '{}') from public.project
            where org_id = ? and name = any (?)
            """;

    /** Read with our own rights, so before the role: how far everything is visible in this transaction's view. */
    private static final String BEGIN = """
            select public.position_horizon(),
                   set_config('boardwalk.org_id', ?, true),
                   set_config('boardwalk.projects', ?, true),
                   set_config('statement_timeout', ?, true),
                   set_config('age.enable_containment', 'off', true),
                   set_config('max_parallel_workers_per_gather', '0', true)
            """;

    private static final String VERTICES = """
            select id::text::bigint, ag_catalog.agtype_out(properties)::text
            from relations._ag_label_vertex where id = any (?::text::ag_catalog.graphid[])
            """;

    private final DataSource connections;
    private final CypherLimits limits;

    ReadTransactions(DataSource connections, CypherLimits limits) {
        this.connections = connections;
        this.limits = limits;
    }

    CypherAnswer answer(CypherReader reader, Query query, Map<String, @Nullable Object> parameters, int rows)
            throws SQLException {
        try (Connection connection = connections.getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try {
                Reach reach = new Reach(reader.organisation(), projects(connection, reader));
                AgeQuery age = QueryWriter.write(query, reach, parameters, limits);
                long asOf = begin(connection, reach);
                try {
                    return rows(connection, age, rows, asOf);
                } catch (SQLException failure) {
                    throw DatabaseFailures.of(failure, limits, age.names());
                }
            } finally {
                rollback(connection);
            }
        }
    }

    /** Up to where everything is visible now. */
    long horizon() {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select public.position_horizon()")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException failure) {
            throw DatabaseFailures.of(failure, limits);
        }
    }

    private static @Nullable List<Long> projects(Connection connection, CypherReader reader) throws SQLException {
        Set<String> names = reader.projects();
        if (names == null) {
            return null;
        }
        try (PreparedStatement query = connection.prepareStatement(PROJECTS)) {
            query.setLong(1, reader.organisation().value());
            query.setArray(2, connection.createArrayOf("text", names.toArray()));
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return List.of((Long[]) row.getArray(1).getArray());
            }
        }
    }

    /** From here on the transaction can read one organisation and nothing else. Answers the horizon. */
    private long begin(Connection connection, Reach reach) throws SQLException {
        List<Long> projects = reach.projects();
        long horizon;
        try (PreparedStatement settings = connection.prepareStatement(BEGIN)) {
            settings.setString(1, String.valueOf(reach.organisation().value()));
            settings.setString(
                    2,
                    projects == null
                            ? ""
                            : projects.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}")));
            settings.setString(3, String.valueOf(limits.timeout().toMillis()));
            try (ResultSet row = settings.executeQuery()) {
                row.next();
                horizon = row.getLong(1);
            }
        }
        try (Statement role = connection.createStatement()) {
            role.execute("set local role boardwalk_reader");
        }
        return horizon;
    }

    private CypherAnswer rows(Connection connection, AgeQuery age, int most, long asOf) throws SQLException {
        long deadline = System.nanoTime() + limits.timeout().toNanos();
        Rows rows = new Rows();
        long bytes = 0;
        int count = 0;
        boolean truncated = false;
        try (PreparedStatement query = connection.prepareStatement(sql(age, most))) {
            query.setFetchSize(FETCH_ROWS);
            query.setObject(1, age.parameters(), Types.OTHER);
            try (ResultSet row = query.executeQuery()) {
                while (!truncated && row.next()) {
                    List<@Nullable String> values = new ArrayList<>();
                    for (int column = 1; column <= age.columns().size(); column++) {
                        String value = row.getString(column);
                        values.add(value);
                        bytes += value == null ? 0 : value.length();
                    }
                    truncated = ++count > most || bytes > limits.answerBytes();
                    if (!truncated) {
                        rows.add(values);
                    }
                    if (System.nanoTime() - deadline > 0) {
                        throw DatabaseFailures.timedOut(limits, new SQLException("between two batches of rows"));
                    }
                }
            }
        }
        findEnds(connection, rows);
        return new CypherAnswer(age.columns(), rows.json(), truncated, asOf);
    }

    /** With a random word around the query: nothing in it comes from the caller, and nothing in it could end it. */
    private static String sql(AgeQuery age, int most) {
        byte[] random = new byte[16];
        ThreadLocalRandom.current().nextBytes(random);
        String quote = "$q" + HexFormat.of().formatHex(random) + "$";
        if (age.text().contains(quote)) {
            throw new IllegalStateException("the query holds a random word of this moment");
        }
        int columns = age.columns().size();
        String values = IntStream.range(0, columns)
                .mapToObj(column -> "ag_catalog.agtype_out(c" + column + ")::text")
                .collect(Collectors.joining(", "));
        String types = IntStream.range(0, columns)
                .mapToObj(column -> "c" + column + " ag_catalog.agtype")
                .collect(Collectors.joining(", "));
        return "select " + values + " from ag_catalog.cypher('relations', " + quote + age.text() + quote + ", ?) as ("
                + types + ") limit " + (most + 1L);
    }

    private static void findEnds(Connection connection, Rows rows) throws SQLException {
        List<Long> unknown = rows.unknown();
        if (unknown.isEmpty()) {
            return;
        }
        try (PreparedStatement query = connection.prepareStatement(VERTICES)) {
            query.setString(1, unknown.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}")));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    rows.know(row.getLong(1), row.getString(2));
                }
            }
        }
    }

    private static void rollback(Connection connection) throws SQLException {
        try {
            connection.rollback();
        } catch (SQLException failure) {
            // Closed for the pool too: a connection that may still have the role or the settings is never used again.
            connection.abort(Runnable::run);
            throw failure;
        }
    }
}
