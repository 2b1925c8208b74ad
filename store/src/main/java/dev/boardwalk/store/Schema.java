package dev.boardwalk.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Boardwalk's tables and functions in a database: made on a server that suits, and brought up to this version. */
final class Schema {
    private static final Logger log = LoggerFactory.getLogger(Schema.class);

    private Schema() {}

    /**
     * Fails with {@link StoreException.Unavailable} (try again) or {@link StoreException.Unsuitable}. Blocks.
     *
     * @param title of the database, for messages
     */
    static void prepare(DataSource database, String title) {
        check(database, title);
        migrate(database, title);
        rebasePositions(database);
    }

    private static void check(DataSource database, String title) {
        try (Connection connection = database.getConnection()) {
            Suitability.check(connection, title);
        } catch (SQLException failure) {
            throw SqlErrors.of("examine " + title, failure);
        }
    }

    private static void migrate(DataSource database, String title) {
        try {
            Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(database)
                    .defaultSchema("public")
                    .locations("classpath:db/migration")
                    .load()
                    .migrate();
        } catch (FlywayException failure) {
            throw new StoreException.Unsuitable(
                    "cannot migrate the schema of " + title + ": " + failure.getMessage(), failure);
        }
    }

    private static void rebasePositions(DataSource database) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet raised = statement.executeQuery("select public.rebase_positions()")) {
            raised.next();
            if (raised.getLong(1) > 0) {
                log.info("restored database found, positions go on above the old ones raised={}", raised.getLong(1));
            }
        } catch (SQLException failure) {
            throw SqlErrors.of("compare positions with the server", failure);
        }
    }
}
