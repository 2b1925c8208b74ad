package dev.boardwalk.graph;

import dev.boardwalk.store.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The relationships of one process: what derives them at flushes, what holds them in memory, what answers and sets them. */
public final class Graph implements AutoCloseable {
    /** Connections for questions and the feed; questions beyond wait their turn. */
    private static final int CONNECTIONS = 6;

    private final RelationshipIndex index;
    private final Derivation derivation;
    private final GraphQuestions questions;
    private final Relationships relationships;
    private final GraphRebuild rebuild;

    private Graph(DataSource connections, GraphLimits limits) {
        this.index = new RelationshipIndex(connections, limits);
        this.derivation = new Derivation(limits, index::wrote);
        this.questions = new GraphQuestions(connections, index, limits);
        this.relationships = new Relationships(connections, index);
        this.rebuild = new GraphRebuild(connections, derivation);
    }

    /**
     * On a database that is open and migrated, which stays the caller's to close, after this one. Flush writers that the
     * database makes from now on derive relationships. Blocks.
     */
    public static Graph open(Database database, GraphLimits limits) {
        DataSource connections = database.ownConnections("graph", CONNECTIONS);
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("select graph.cure()");
            Graph graph = new Graph(connections, limits);
            database.onFlush(graph.derivation);
            return graph;
        } catch (SQLException failure) {
            throw GraphSql.failed("look at the graph", failure);
        }
    }

    /** The part of flushes that derives relationships, which takes part already. */
    public Derivation derivation() {
        return derivation;
    }

    public RelationshipIndex index() {
        return index;
    }

    public GraphQuestions questions() {
        return questions;
    }

    /** Those set by hand, and lists of all. */
    public Relationships relationships() {
        return relationships;
    }

    /** Derives everything again, while running. */
    public GraphRebuild rebuild() {
        return rebuild;
    }

    @Override
    public void close() {
        index.close();
    }
}
