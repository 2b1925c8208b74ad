package dev.boardwalk.gateway.live;

/** Why something that a peer sent, or the peer itself, was not taken; {@link #code()} is the label of the metric. */
public enum Refusal {
    /** An update above a gap was dropped, because too much is held already. It is asked for again. */
    HELD_FULL("held-full"),
    /** An update of a {@link PeerKind#WRITER} refers to what the entity does not have. */
    GAP("gap"),
    /** Too many bytes wait for their commit. */
    UNCOMMITTED_FULL("uncommitted-full"),
    /** Too many confirmations wait for one peer. */
    RECEIPTS_FULL("receipts-full"),
    /** Too many peers. */
    PEERS_FULL("peers-full"),
    /** Too many events wait for the entity to load. */
    LOADING_FULL("loading-full"),
    /** The peer did not read for too long. */
    STALLED("stalled"),
    /** The diff for the peer could not be computed. */
    DIFF_FAILED("diff-failed"),
    /** A peer introduced too many awareness clients, or the entity has too many. */
    AWARENESS_CLIENTS_FULL("awareness-clients-full"),
    /** The awareness state of one client is too large. */
    AWARENESS_STATE_TOO_LARGE("awareness-state-too-large"),
    /** A peer set or removed the awareness state of a client that another peer is. */
    AWARENESS_NOT_OWN("awareness-not-own"),
    /** The peer is a client that another one, which is alive, is as well. */
    CLIENT_ID_TAKEN("client-id-taken");

    private final String code;

    Refusal(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }
}
