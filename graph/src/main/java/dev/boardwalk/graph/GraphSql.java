package dev.boardwalk.graph;

import dev.boardwalk.store.StoreException;
import java.sql.SQLException;

/** What the database's failures become. */
final class GraphSql {

    private GraphSql() {}

    static StoreException failed(String attempted, SQLException failure) {
        return new StoreException.Unavailable("cannot " + attempted + ": " + failure.getMessage(), failure);
    }
}
