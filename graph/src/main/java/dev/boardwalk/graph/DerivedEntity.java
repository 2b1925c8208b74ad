package dev.boardwalk.graph;

import java.util.Arrays;

/** One entity in the course of being derived: what the database holds of it, and what its content says now. */
final class DerivedEntity {
    private final long organisationId;
    private final long entityId;
    private final long projectId;
    private final long[] storedDigests;
    private DerivedContent content = DerivedContent.EMPTY;
    private long[] digests = new long[0];
    private boolean everything;

    DerivedEntity(long organisationId, long entityId, long projectId, long[] storedDigests) {
        this.organisationId = organisationId;
        this.entityId = entityId;
        this.projectId = projectId;
        this.storedDigests = storedDigests;
    }

    void content(DerivedContent said) {
        content = said;
        digests = said.digests();
    }

    /** Takes no digest for granted. */
    void compareEverything() {
        everything = true;
    }

    long organisationId() {
        return organisationId;
    }

    long entityId() {
        return entityId;
    }

    long projectId() {
        return projectId;
    }

    DerivedContent content() {
        return content;
    }

    long[] digests() {
        return digests;
    }

    boolean differs() {
        return everything || !Arrays.equals(digests, storedDigests);
    }

    /** How finely digests are compared: by part where both sides have the same parts. */
    int parts() {
        return everything || digests.length != storedDigests.length ? 1 : digests.length;
    }

    boolean partDiffers(int part) {
        return parts() == 1 || digests[part] != storedDigests[part];
    }

    /** Whether the item lies in a part that is compared. */
    boolean covers(DerivedItem item) {
        return partDiffers(DerivedContent.part(item.hash(), parts()));
    }
}
