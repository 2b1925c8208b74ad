package dev.boardwalk.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A question to the database on a connection of its own, failing in the store's words. */
interface Ask<T extends @Nullable Object> {
    T of(Connection connection) throws SQLException;

    /** {@code attempted} says what was tried and on which key. */
    static <T extends @Nullable Object> T ask(DataSource connections, String attempted, Ask<T> question) {
        try (Connection connection = connections.getConnection()) {
            return question.of(connection);
        } catch (SQLException failure) {
            throw SqlErrors.of(attempted, failure);
        }
    }
}
