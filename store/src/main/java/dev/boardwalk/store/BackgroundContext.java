package dev.boardwalk.store;

import java.time.Duration;

/**
 * What the process that runs a {@link BackgroundService} lends it; all of it outlives the service.
 *
 * @param snapshotInterval how often operations are folded into snapshots
 * @param operationRetention how long operations stay in the database before they are archived
 * @param objectGrace how long objects stay that nothing refers to any more
 */
public record BackgroundContext(
        Database database,
        BlobStore objects,
        Duration snapshotInterval,
        Duration operationRetention,
        Duration objectGrace) {}
