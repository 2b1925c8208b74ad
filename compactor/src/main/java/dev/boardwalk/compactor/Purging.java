package dev.boardwalk.compactor;

import dev.boardwalk.store.Database;
import dev.boardwalk.store.Purge;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes for good what was deleted longer ago than its grace, some entities at a time. */
final class Purging {
    private static final Logger log = LoggerFactory.getLogger(Purging.class);

    /** Each batch is one transaction, so that flushes never wait for long. */
    private static final int ENTITIES_PER_BATCH = 100;

    private final Purge purge;
    private final Duration grace;

    Purging(Database database, Duration grace) {
        this.purge = database.purge();
        this.grace = grace;
    }

    /** Fails with {@link dev.boardwalk.store.StoreException} if the database is away. */
    void run() {
        long entities = 0;
        int batch;
        do {
            batch = purge.entities(grace, ENTITIES_PER_BATCH);
            entities += batch;
        } while (batch > 0);
        int emptied = purge.emptied(grace);
        if (entities > 0 || emptied > 0) {
            log.info("deleted content purged entities={} projects_and_organisations={}", entities, emptied);
        }
    }
}
