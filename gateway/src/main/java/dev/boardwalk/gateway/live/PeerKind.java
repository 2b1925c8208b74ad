package dev.boardwalk.gateway.live;

/** What a peer takes part in, which decides what it is sent and how it learns that its edits are durable. */
public enum PeerKind {
    /** A y-websocket client: gets everything; its edits are confirmed by their echo, its marks by theirs. */
    CLIENT,
    /**
     * A Hocuspocus client: gets everything but its own edits; it counts what it sent, and is sent one sign for each,
     * in order: durable, or refused. Too many signs would hide from its user what is not saved, so they are counted here
     * as exactly as there.
     */
    COUNTING_CLIENT,
    /**
     * A writer on the server, such as a REST call: gets no messages, and {@link LiveEffects#confirmed} once per update.
     * An update of its that does not fit is refused at once instead of being held, because nobody would re-send it.
     */
    WRITER,
    /** Stands for all peers of another gateway: owns their awareness states, never joins and is sent nothing. */
    GATEWAY
}
