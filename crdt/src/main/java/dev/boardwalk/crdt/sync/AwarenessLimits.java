package dev.boardwalk.crdt.sync;

/**
 * The limits on one awareness update.
 *
 * @param clientsMax entries
 * @param stateBytesMax length of one state's JSON in bytes
 * @param depthMax nesting of arrays and objects in a state
 */
public record AwarenessLimits(int clientsMax, int stateBytesMax, int depthMax) {
    private static final AwarenessLimits DEFAULTS = new AwarenessLimits(10_000, 64 << 10, 100);

    public AwarenessLimits {
        if (clientsMax < 1 || stateBytesMax < 4 || depthMax < 1 || depthMax > UpdateLimits.DEPTH_CEILING) {
            throw new IllegalArgumentException("awareness limits out of range: clientsMax " + clientsMax
                    + ", stateBytesMax " + stateBytesMax + ", depthMax " + depthMax);
        }
    }

    /** Room for the cursors of 10,000 people in one message. */
    public static AwarenessLimits defaults() {
        return DEFAULTS;
    }
}
