package dev.boardwalk.crdt.sync;

/**
 * The limits on one update: what is above them is refused before anything else looks at it.
 *
 * @param bytesMax length of the whole update in bytes
 * @param clientsMax clients with structs, and clients with deletions (each)
 * @param structsMax structs of all clients together
 * @param deleteRangesMax delete ranges of all clients together
 * @param depthMax nesting of arrays and objects inside one value; at most {@link #DEPTH_CEILING}
 */
public record UpdateLimits(int bytesMax, int clientsMax, int structsMax, int deleteRangesMax, int depthMax) {
    /** The engine's JSON reader gives up at 128 levels, so nothing deeper may pass. */
    public static final int DEPTH_CEILING = 120;

    private static final UpdateLimits DEFAULTS = new UpdateLimits(64 << 20, 100_000, 4_000_000, 2_000_000, 100);

    public UpdateLimits {
        check("bytesMax", bytesMax, Integer.MAX_VALUE);
        check("clientsMax", clientsMax, Integer.MAX_VALUE);
        check("structsMax", structsMax, Integer.MAX_VALUE);
        check("deleteRangesMax", deleteRangesMax, Integer.MAX_VALUE);
        check("depthMax", depthMax, DEPTH_CEILING);
    }

    private static void check(String name, int value, int ceiling) {
        if (value < 1 || value > ceiling) {
            throw new IllegalArgumentException(name + " must be 1 to " + ceiling + ", was " + value);
        }
    }

    /** Room for a board of several hundred thousand elements in one update. */
    public static UpdateLimits defaults() {
        return DEFAULTS;
    }

    /** These limits with another length of the whole update. */
    public UpdateLimits withBytesMax(int bytes) {
        return new UpdateLimits(bytes, clientsMax, structsMax, deleteRangesMax, depthMax);
    }
}
