package dev.boardwalk.store;

import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;

/** Runs several statements of one JDBC connection as one transaction. */
public final class Transactions {
    /**
     * Two that write the same rows can wait for each other; the server sends one of them back after a second, and the same
     * again will do.
     */
    static final int CLASHES_MAX = 5;

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

    /**
     * The same, and again from the beginning if another transaction was in the way: the work has to bear that.
     *
     * @throws SQLException also for clashes, after {@value #CLASHES_MAX} of them
     */
    public static <T> T retried(Connection connection, Work<T> work) throws SQLException {
        for (int clashes = 1; ; clashes++) {
            try {
                return run(connection, work);
            } catch (SQLException failure) {
                if (!SqlErrors.clashed(failure) || clashes == CLASHES_MAX) {
                    throw failure;
                }
            }
        }
    }

    /** The same for statements that the reactive client sends. */
    static <T> Future<T> retried(Supplier<Future<T>> statement) {
        return retried(statement, 1);
    }

    private static <T> Future<T> retried(Supplier<Future<T>> statement, int clashes) {
        return statement
                .get()
                .recover(failure -> SqlErrors.clashed(failure) && clashes < CLASHES_MAX
                        ? retried(statement, clashes + 1)
                        : Future.failedFuture(failure));
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
