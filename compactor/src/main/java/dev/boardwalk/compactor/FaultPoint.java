package dev.boardwalk.compactor;

/**
 * The steps of a run between which it may end for good: tests end it there, by the system property
 * {@value #PROPERTY}{@code =STEP:N}, which halts the virtual machine at the Nth time that the step is reached.
 */
enum FaultPoint {
    FOLDED,
    PUT,
    PUBLISHED,
    ARCHIVED,
    PROVEN,
    KEPT,
    COMPLETED,
    DETACHED,
    DROPPED,
    THINNED,
    DOOMED,
    REMOVED;

    static final String PROPERTY = "boardwalk.compactor.halt";

    /** As a kill -9 would have it. */
    static final int EXIT_CODE = 137;

    private static final String ASKED = System.getProperty(PROPERTY, "");
    private int reached;

    /** Says that this step was done. */
    void reached() {
        if (!ASKED.isEmpty() && ASKED.startsWith(name() + ":")) {
            haltAtItsTurn();
        }
    }

    private synchronized void haltAtItsTurn() {
        reached++;
        if (ASKED.equals(name() + ":" + reached)) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
