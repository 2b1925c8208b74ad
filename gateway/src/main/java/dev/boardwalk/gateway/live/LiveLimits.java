package dev.boardwalk.gateway.live;

/**
 * The limits of one live entity.
 *
 * @param peersMax peers in the entity; one more is closed with 1013
 * @param heldUpdatesMax updates that wait for a gap to be filled; beyond, the oldest is dropped and asked for again
 * @param heldBytesMax bytes of those updates
 * @param uncommittedBytesMax bytes of updates that wait for their commit; beyond, whoever sends one more is closed with
 *     1013
 * @param receiptsPerPeerMax confirmations that wait for one peer; beyond, it is closed with 1013
 * @param receiptBytesPerPeerMax bytes of the updates that those confirmations echo
 * @param loadingEventsMax events that wait for the entity to load; beyond, the sender is closed with 1013
 * @param loadingBytesMax bytes of the updates among them
 * @param awarenessClientsPerPeerMax awareness clients that one peer may introduce
 * @param awarenessClientsMax awareness clients of all peers; also how many removed ones are remembered
 * @param awarenessStateBytesMax bytes of one client's awareness state
 * @param logUpdatesMax updates since the last flush; beyond, a flush is asked for
 * @param logBytesMax bytes of those updates
 * @param wholeBytesMax a base or a backlog up to this size is sent as it is instead of computing a diff
 * @param wholeUpdatesMax a log up to this many updates is sent to a fresh peer as it is instead of computing a diff
 * @param backlogUpdatesMax a backlog of more updates than these is collapsed to a diff
 * @param dueBytesMax of an answer that is larger the rest waits until the peer's connection has written that much
 * @param stalledMillisMax how long a peer may not be writable before it is closed with 1013
 */
public record LiveLimits(
        int peersMax,
        int heldUpdatesMax,
        long heldBytesMax,
        long uncommittedBytesMax,
        int receiptsPerPeerMax,
        long receiptBytesPerPeerMax,
        int loadingEventsMax,
        long loadingBytesMax,
        int awarenessClientsPerPeerMax,
        int awarenessClientsMax,
        int awarenessStateBytesMax,
        int logUpdatesMax,
        long logBytesMax,
        int wholeBytesMax,
        int wholeUpdatesMax,
        int backlogUpdatesMax,
        int dueBytesMax,
        long stalledMillisMax) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    public LiveLimits {
        check("peersMax", peersMax);
        check("heldUpdatesMax", heldUpdatesMax);
        check("heldBytesMax", heldBytesMax);
        check("uncommittedBytesMax", uncommittedBytesMax);
        check("receiptsPerPeerMax", receiptsPerPeerMax);
        check("receiptBytesPerPeerMax", receiptBytesPerPeerMax);
        check("loadingEventsMax", loadingEventsMax);
        check("loadingBytesMax", loadingBytesMax);
        check("awarenessClientsPerPeerMax", awarenessClientsPerPeerMax);
        check("awarenessClientsMax", awarenessClientsMax);
        check("awarenessStateBytesMax", awarenessStateBytesMax);
        check("logUpdatesMax", logUpdatesMax);
        check("logBytesMax", logBytesMax);
        check("wholeBytesMax", wholeBytesMax);
        check("wholeUpdatesMax", wholeUpdatesMax);
        check("backlogUpdatesMax", backlogUpdatesMax);
        check("dueBytesMax", dueBytesMax);
        check("stalledMillisMax", stalledMillisMax);
    }

    /**
     * What the server uses where nothing else is configured.
     *
     * <p>20 s without a database at 1,000 updates of 200 bytes a second are 4 MB, so 32 MiB of uncommitted updates leave
     * room for a large paste; a peer may have sent all of them. Clients of y-websocket send awareness for themselves
     * and repeat that of others, of whom a crowded board has hundreds.
     */
    public static LiveLimits standard() {
        return new LiveLimits(
                /* peersMax */ 10_000,
                /* heldUpdatesMax */ 1_024,
                /* heldBytesMax */ 16L * MIB,
                /* uncommittedBytesMax */ 32L * MIB,
                /* receiptsPerPeerMax */ 65_536,
                /* receiptBytesPerPeerMax */ 64L * MIB,
                /* loadingEventsMax */ 65_536,
                /* loadingBytesMax */ 32L * MIB,
                /* awarenessClientsPerPeerMax */ 64,
                /* awarenessClientsMax */ 10_000,
                /* awarenessStateBytesMax */ 64 * KIB,
                /* logUpdatesMax */ 10_000,
                /* logBytesMax */ 8L * MIB,
                /* wholeBytesMax */ 16 * KIB,
                /* wholeUpdatesMax */ 1_024,
                /* backlogUpdatesMax */ 64,
                /* dueBytesMax */ MIB,
                /* stalledMillisMax */ 30_000);
    }

    private static void check(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, was " + value);
        }
    }
}
