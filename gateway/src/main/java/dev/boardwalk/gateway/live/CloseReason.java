package dev.boardwalk.gateway.live;

/** Why a peer is sent away: a WebSocket close code (listed in docs/protocol.md) and words for people. */
public record CloseReason(int code, String text) {
    private static final int OVERLOADED = 1013;
    private static final int INTERNAL_ERROR = 1011;
    private static final int CLIENT_ID_COLLISION = 4409;

    static final CloseReason NOT_BEING_SAVED =
            new CloseReason(OVERLOADED, "edits are not being saved at present; try again later");
    public static final CloseReason TOO_MANY_PEERS = new CloseReason(OVERLOADED, "too many peers in this entity");
    static final CloseReason TOO_SLOW = new CloseReason(OVERLOADED, "too slow to follow");
    static final CloseReason TOO_MUCH_UNCONFIRMED = new CloseReason(OVERLOADED, "too much sent and not yet confirmed");
    static final CloseReason TOO_MUCH_WHILE_LOADING =
            new CloseReason(OVERLOADED, "too much sent while the entity was loading");
    static final CloseReason CLIENT_ID_TAKEN =
            new CloseReason(CLIENT_ID_COLLISION, "another connection that is alive has the same client id");
    static final CloseReason DIFF_FAILED = new CloseReason(INTERNAL_ERROR, "the diff could not be computed");
}
