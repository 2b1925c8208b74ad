package dev.boardwalk.search;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement that is put together of parts, each with its parameters. */
final class SqlText {
    private final StringBuilder sql = new StringBuilder();
    private final List<@Nullable Object> parameters = new ArrayList<>();

    /** Appends a part; its question marks stand for these values. Lists of text become arrays. */
    SqlText add(String part, @Nullable Object... values) {
        sql.append(part).append('\n');
        parameters.addAll(Arrays.asList(values));
        return this;
    }

    PreparedStatement prepare(Connection connection) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql.toString());
        for (int i = 0; i < parameters.size(); i++) {
            Object value = parameters.get(i);
            if (value instanceof List<?> texts) {
                statement.setArray(i + 1, connection.createArrayOf("text", texts.toArray()));
            } else {
                statement.setObject(i + 1, value);
            }
        }
        return statement;
    }

    /** Numbers as the text of an array; null stays null. */
    static @Nullable String array(@Nullable List<Long> numbers) {
        return numbers == null
                ? null
                : "{" + String.join(",", numbers.stream().map(String::valueOf).toList()) + "}";
    }
}
