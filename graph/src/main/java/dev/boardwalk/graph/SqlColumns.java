package dev.boardwalk.graph;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows on their way into {@code unnest}: gathered one by one, bound as one array for each column. */
final class SqlColumns {
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    void row(@Nullable Object... values) {
        rows.add(values);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    int size() {
        return rows.size();
    }

    /** Binds the columns as parameters 1, 2, …, as arrays of these types of the database. */
    void bind(PreparedStatement statement, String... types) throws SQLException {
        for (int column = 0; column < types.length; column++) {
            @Nullable Object[] values = new @Nullable Object[rows.size()];
            for (int at = 0; at < values.length; at++) {
                values[at] = rows.get(at)[column];
            }
            statement.setArray(column + 1, statement.getConnection().createArrayOf(types[column], values));
        }
    }
}
