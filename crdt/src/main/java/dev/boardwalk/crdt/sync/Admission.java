package dev.boardwalk.crdt.sync;

/** Whether an update fits onto what an entity has: new, nothing new, or over a gap. */
public enum Admission {
    /** The update joins onto what is known and brings something that was not there. */
    NEW,
    /** All structs and deletions of the update are known already. */
    NOTHING_NEW,
    /** The update starts above, refers to or deletes something that is not known; it must not be applied yet. */
    GAP;

    /**
     * Decides about one update and, only when it is {@link #NEW}, notes its clocks in {@code known} and its deletions in
     * {@code deleted}.
     */
    public static Admission admit(ClockVector known, IdSet deleted, UpdateOutline outline) {
        if (!IntegrationOrder.exists(known, outline)) {
            return GAP;
        }
        boolean covered = known.covers(outline);
        known.advance(outline);
        boolean deletes = deleted.addAll(outline);
        return covered && !deletes ? NOTHING_NEW : NEW;
    }
}
