package dev.boardwalk.store;

import java.time.Duration;

/**
 * What the process that runs a {@link BackgroundService} lends it; all of it outlives the service.
 *
 * @param snapshotInterval how often operations are folded into snapshots
 * @param operationRetention how long operations stay in the database before they are archived
 * @param objectGrace how long objects stay that nothing refers to any more
 * @param deletionGrace how long deleted organisations and projects can be restored
 */
public record BackgroundContext(
        Database database,
        BlobStore objects,
        Duration snapshotInterval,
        Duration operationRetention,
        Duration objectGrace,
        Duration deletionGrace) {

    /** As long as the settings say if they say nothing. */
    public static final Duration DELETION_GRACE_DEFAULT = Duration.ofDays(30);

    public BackgroundContext(
            Database database,
            BlobStore objects,
            Duration snapshotInterval,
            Duration operationRetention,
            Duration objectGrace) {
        this(database, objects, snapshotInterval, operationRetention, objectGrace, DELETION_GRACE_DEFAULT);
    }
}
