package dev.boardwalk.store;

import java.sql.Connection;
import java.sql.SQLException;

/** Runs several statements of one JDBC connection as one transaction. */
public final class Transactions {

    private Transactions() {}

    /** What is done inside; it throws to undo everything. */
    public interface Work<T> {
        T run() throws SQLException;
    }

    /** Commits what the work did, or undoes it if it throws. */
    public static <T> T run(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        boolean committed = false;
        try {
            T result = work.run();
            connection.commit();
            committed = true;
            return result;
        } finally {
            if (!committed) {
                rollback(connection);
            }
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    /** A connection that cannot roll back is dead, and the server has rolled back; the first failure is the news. */
    private static void rollback(Connection connection) throws SQLException {
        if (connection.isValid(1)) {
            connection.rollback();
        } else {
            connection.abort(Runnable::run);
        }
    }
}
