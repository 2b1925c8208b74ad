package dev.boardwalk.store;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A gateway that flushes: its lease and its journal. */
abstract class FlushRig extends DatabaseTest {
    GatewayLease lease;
    Journal journal;

    @BeforeEach
    void register() {
        lease = database.leases().register("flusher");
        journal = database.journal(lease);
    }

    @AfterEach
    void close() {
        answer(journal.close());
    }
}
