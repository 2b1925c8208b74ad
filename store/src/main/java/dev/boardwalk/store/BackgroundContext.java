package dev.boardwalk.store;

import java.time.Duration;

/**
 * What the process that runs a {@link BackgroundService} lends it; all of it outlives the service.
 *
 * @param snapshotInterval how often operations are folded into snapshots
 */
public record BackgroundContext(Database database, BlobStore objects, Duration snapshotInterval) {}
