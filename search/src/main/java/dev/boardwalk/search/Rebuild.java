package dev.boardwalk.search;

import dev.boardwalk.store.Database;
import dev.boardwalk.store.SqlErrors;
import dev.boardwalk.store.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Derives every document from the entities again, while everything goes on: whoever indexes does it, and if nobody does,
 * this process. What is found meanwhile is as before.
 */
public final class Rebuild {
    /** Whoever indexes may be another process, which tells nobody how far it is but the database. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private static final Duration REPORT = Duration.ofSeconds(1);
    private static final int CONNECTIONS = 3;

    private Rebuild() {}

    /**
     * Returns when it is done; vectors of texts that are new follow by themselves.
     *
     * @param say takes a line about the progress now and then, and one at the end
     * @throws InterruptedException if the waiting is interrupted; the work goes on where something indexes
     */
    public static void run(Database database, Consumer<String> say) throws InterruptedException {
        DataSource connections = database.ownConnections("search rebuild", CONNECTIONS);
        try (Indexer indexer = Indexer.passing(connections)) {
            long rebuild = request(connections);
            indexer.start();
            long reported = System.nanoTime() - REPORT.toNanos();
            while (true) {
                IndexerState.Progress progress = progress(connections);
                if (progress.rebuilds() >= rebuild) {
                    say.accept("Derived " + progress.rebuildTotal() + " entities again.");
                    return;
                }
                if (System.nanoTime() - reported > REPORT.toNanos()) {
                    reported = System.nanoTime();
                    say.accept(
                            "Deriving: " + progress.rebuildDone() + " of " + progress.rebuildTotal() + " entities …");
                }
                // Another process may be the one that derives: its progress is seen in the database alone.
                Thread.sleep(LOOK);
            }
        } catch (SQLException failure) {
            throw SqlErrors.of("derive the search index again", failure);
        }
    }

    private static long request(DataSource connections) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            return Transactions.run(connection, () -> new IndexerState(connection).requestRebuild());
        }
    }

    private static IndexerState.Progress progress(DataSource connections) throws SQLException {
        try (Connection connection = connections.getConnection()) {
            return new IndexerState(connection).peek();
        }
    }
}
