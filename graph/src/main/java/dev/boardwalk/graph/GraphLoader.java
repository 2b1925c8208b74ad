package dev.boardwalk.graph;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads all relationships of one organisation, in binary form by COPY, as of one view of the database: over a second
 * connection as well if they are many. Blocks.
 */
final class GraphLoader {
    /** From so many relationships on a second reader is worth its connection; they are read in 20 ms. */
    private static final int MANY = 50_000;

    private static final String ARE_MANY =
            "select exists (select from graph.edge where org_id = %d order by source_id offset %d)";

    private final DataSource connections;
    private final int many;

    /** One load at a time reads twice, so that those who load cannot all wait for the last connections. */
    private final Semaphore second = new Semaphore(1);

    GraphLoader(DataSource connections) {
        this(connections, MANY);
    }

    /** @param many relationships that one reader reads alone */
    GraphLoader(DataSource connections, int many) {
        this.connections = connections;
        this.many = many;
    }

    GraphView load(long organisation) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                begin(statement);
                long horizon = number(statement, "select public.position_horizon()");
                EdgeRows rows = new EdgeRows();
                if (areMany(statement, organisation) && second.tryAcquire()) {
                    try {
                        byTwo(connection, statement, organisation, rows);
                    } finally {
                        second.release();
                    }
                } else {
                    read(connection, organisation, null, rows);
                }
                return GraphView.of(Adjacency.of(rows.edges()), rows.types(), rows.projects(), horizon - 1);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private static void begin(Statement statement) throws SQLException {
        statement.execute("set transaction isolation level repeatable read, read only");
        statement.execute("set local statement_timeout = '5min'");
    }

    private boolean areMany(Statement statement, long organisation) throws SQLException {
        try (ResultSet row = statement.executeQuery(ARE_MANY.formatted(organisation, many))) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The other reader sees what this one sees, and has ended when this returns. */
    private void byTwo(Connection connection, Statement statement, long organisation, EdgeRows rows)
            throws SQLException {
        SourceRanges ranges = SourceRanges.of(connection, organisation);
        String snapshot;
        try (ResultSet row = statement.executeQuery("select pg_export_snapshot()")) {
            row.next();
            snapshot = row.getString(1);
        }
        FutureTask<EdgeRows> other = new FutureTask<>(() -> besides(snapshot, organisation, ranges));
        Thread.ofVirtual().name("relationship loader").start(other);
        try {
            read(connection, organisation, ranges, rows);
        } finally {
            ranges.stop();
            rows.add(ended(other));
        }
    }

    private EdgeRows besides(String snapshot, long organisation, SourceRanges ranges) throws SQLException {
        EdgeRows rows = new EdgeRows();
        try (Connection connection = connections.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                begin(statement);
                statement.execute("set transaction snapshot '" + snapshot + "'");
                read(connection, organisation, ranges, rows);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
        return rows;
    }

    private static EdgeRows ended(FutureTask<EdgeRows> other) throws SQLException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return other.get();
                } catch (InterruptedException later) {
                    interrupted = true;
                } catch (ExecutionException failure) {
                    if (failure.getCause() instanceof SQLException cause) {
                        throw cause;
                    }
                    throw new IllegalStateException("the second reader of relationships failed", failure.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Range by range while there are any; everything if there are none given. */
    private static void read(Connection connection, long organisation, @Nullable SourceRanges ranges, EdgeRows rows)
            throws SQLException {
        String all = "select source_id, target_id, source_project_id, target_project_id, type from graph.edge"
                + " where org_id = " + organisation;
        if (ranges == null) {
            copy(connection, all, rows);
            return;
        }
        SourceRanges.Range range;
        while ((range = ranges.next()) != null) {
            copy(connection, all + " and source_id between " + range.from() + " and " + range.through(), rows);
        }
    }

    private static void copy(Connection connection, String query, EdgeRows rows) throws SQLException {
        CopyOut copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("copy (" + query + ") to stdout (format binary)");
        rows.begin();
        byte[] chunk;
        while ((chunk = copy.readFromCopy()) != null) {
            rows.read(chunk);
        }
    }
}
