package dev.boardwalk.store;

import io.vertx.sqlclient.DatabaseException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Turns what the two drivers throw into the store's own family, by SQLSTATE (Postgres, appendix A). */
public final class SqlErrors {

    private static final String NO_PARTITION = "23514";

    private SqlErrors() {}

    /** {@code attempted} says what was tried and on which key, as in "load entity 1/default/demo". */
    public static StoreException of(String attempted, Throwable failure) {
        if (failure instanceof StoreException known) {
            return known;
        }
        String state = sqlState(failure);
        String message = "cannot " + attempted + ": " + text(failure);
        if (state == null) {
            return new StoreException.Unavailable(message, failure);
        }
        if (state.equals(NO_PARTITION) && noPartition(failure)) {
            return new StoreException.Unavailable(message + " (partitions have run out)", failure);
        }
        return switch (state) {
            case "53100" -> new StoreException.DiskFull(message, failure);
            case "25006" -> new StoreException.ReadOnly(message, failure);
            case "23505" -> new StoreException.Conflict(message, failure);
            case "42501" -> new StoreException.Unsuitable(message, failure);
            default -> byClass(state, message, failure);
        };
    }

    /** Whether the statement was refused for a missing partition: making it is the cure. */
    static boolean noPartition(Throwable failure) {
        return NO_PARTITION.equals(sqlState(failure)) && text(failure).contains("no partition of relation");
    }

    /** Two transactions waited for each other, or saw each other's rows: the same again will do. */
    static boolean clashed(Throwable failure) {
        String state = sqlState(failure);
        return "40P01".equals(state) || "40001".equals(state);
    }

    private static StoreException byClass(String state, String message, Throwable failure) {
        String kind = state.length() < 2 ? state : state.substring(0, 2);
        return switch (kind) {
            // Data, integrity, syntax, limits of the program, raised by functions: the statement's own fault.
            case "21", "22", "23", "2F", "42", "44", "54", "P0", "0A" -> new StoreException.Rejected(message, failure);
            case "28", "3D" -> new StoreException.Unsuitable(message, failure);
            default -> new StoreException.Unavailable(message, failure);
        };
    }

    private static @Nullable String sqlState(Throwable failure) {
        return switch (failure) {
            case DatabaseException fromVertx -> fromVertx.getSqlState();
            case SQLException fromJdbc -> fromJdbc.getSQLState();
            default -> null;
        };
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message.replace('\n', ' ');
    }
}
