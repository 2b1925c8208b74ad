package dev.boardwalk.graph.cypher;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** What tests share that ask two organisations, set up once for each test class. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TwoOrganisationsTest {
    TwoOrganisations graph;

    @BeforeAll
    void open() {
        graph = new TwoOrganisations();
    }

    @AfterAll
    void close() {
        graph.close();
    }
}
