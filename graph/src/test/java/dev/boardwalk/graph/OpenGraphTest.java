package dev.boardwalk.graph;

import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What tests share that ask a graph which is open while its database changes. */
abstract class OpenGraphTest extends GraphTest {
    final GraphLimits limits;
    Graph graph;

    OpenGraphTest(GraphLimits limits) {
        this.limits = limits;
    }

    @BeforeAll
    void openGraph() {
        graph = Graph.open(database, limits);
        writer = database.flushWriter();
    }

    @AfterAll
    void closeGraph() {
        graph.close();
    }

    static EntityKey key(OrganisationId org, String name) {
        return new EntityKey(org, "default", name);
    }
}
