package dev.boardwalk.graph;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Reads all relationships of one organisation, in binary form by COPY, as of one view of the database. Blocks. */
final class GraphLoader {
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
            Names<String> types = new Names<>();
            Names<Long> projects = new Names<>();
            EdgeList edges = copy(connection, organisation, types, projects);
            return GraphView.of(Adjacency.of(edges), types, projects, horizon - 1);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static EdgeList copy(Connection connection, long organisation, Names<String> types, Names<Long> projects)
            throws SQLException {
        EdgeRows rows = new EdgeRows(types, projects);
        CopyOut copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("copy (select source_id, target_id, source_project_id, target_project_id, type from graph.edge"
                        + " where org_id = " + organisation + ") to stdout (format binary)");
        byte[] chunk;
        while ((chunk = copy.readFromCopy()) != null) {
            rows.read(chunk);
        }
        return rows.edges();
    }
}
