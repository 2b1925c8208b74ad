package dev.boardwalk.graph;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads all relationships of one organisation, in binary form by COPY, as of one view of the database. Blocks.
 *
 * <p>What takes the time is what the server does for each value that it sends, so projects are left out where there is only
 * one; what is left stands in an index, in which the server then finds everything.
 */
final class GraphLoader {
    /** Projects that have entities (those that are deleted have no relationships): two are as many as any more. */
    private static final String PROJECTS = """
            select p.project_id from public.project p
            where p.org_id = %d
              and exists (select from public.entity e
                      where e.org_id = p.org_id and e.project_id = p.project_id and e.deleted_at is null)
            limit 2
            """;

    private GraphLoader() {}

    static GraphView load(Connection connection, long organisation) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set transaction isolation level repeatable read, read only");
            statement.execute("set local statement_timeout = '5min'");
            long horizon;
            try (ResultSet row = statement.executeQuery("select public.position_horizon()")) {
                row.next();
                horizon = row.getLong(1);
            }
            EdgeRows rows = new EdgeRows(onlyProject(statement, organisation));
            copy(connection, organisation, rows);
            return GraphView.of(Adjacency.of(rows.edges()), rows.types(), rows.projects(), horizon - 1);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Null if there are several, or none yet. */
    private static @Nullable Long onlyProject(Statement statement, long organisation) throws SQLException {
        try (ResultSet row = statement.executeQuery(PROJECTS.formatted(organisation))) {
            Long first = row.next() ? row.getLong(1) : null;
            return row.next() ? null : first;
        }
    }

    private static void copy(Connection connection, long organisation, EdgeRows rows) throws SQLException {
        CopyOut copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("copy (select " + rows.columns() + " from graph.edge where org_id = " + organisation
                        + ") to stdout (format binary)");
        byte[] chunk;
        while ((chunk = copy.readFromCopy()) != null) {
            rows.read(chunk);
        }
    }
}
