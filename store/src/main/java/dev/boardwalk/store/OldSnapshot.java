package dev.boardwalk.store;

import java.time.Instant;

/** A snapshot that retention does not keep. */
public record OldSnapshot(EntityId entity, String project, String name, long snapshotId, Instant createdAt) {

    /** For messages. */
    public String title() {
        return "snapshot " + snapshotId + " of " + project + "/" + name + " from " + createdAt;
    }
}
