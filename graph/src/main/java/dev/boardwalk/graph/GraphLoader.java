package dev.boardwalk.graph;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Reads all relationships of one organisation, in binary form by COPY, as of one view of the database. Blocks. */
final class GraphLoader {
    /** Signature, flags and length of the extension: what a binary COPY begins with. */
    private static final int HEADER_BYTES = 19;

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
        EdgeList edges = new EdgeList();
        CopyOut copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("copy (select source_id, target_id, source_project_id, target_project_id, type from graph.edge"
                        + " where org_id = " + organisation + ") to stdout (format binary)");
        byte[] chunk;
        boolean first = true;
        while ((chunk = copy.readFromCopy()) != null) {
            ByteBuffer row = ByteBuffer.wrap(chunk);
            if (first) {
                row.position(Math.min(HEADER_BYTES, row.limit()));
                first = false;
            }
            while (row.remaining() >= Short.BYTES) {
                if (row.getShort() < 0) {
                    break;
                }
                add(edges, row, types, projects);
            }
        }
        return edges;
    }

    private static void add(EdgeList edges, ByteBuffer row, Names<String> types, Names<Long> projects) {
        long source = number(row);
        long target = number(row);
        int sourceProject = projects.number(number(row));
        int targetProject = projects.number(number(row));
        byte[] type = new byte[row.getInt()];
        row.get(type);
        int number = RelationshipType.number(types, new String(type, StandardCharsets.US_ASCII));
        edges.add(source, target, (short) number, sourceProject, targetProject);
    }

    private static long number(ByteBuffer row) {
        int length = row.getInt();
        if (length != Long.BYTES) {
            throw new IllegalStateException("a number of " + length + " bytes in a COPY of edges");
        }
        return row.getLong();
    }
}
