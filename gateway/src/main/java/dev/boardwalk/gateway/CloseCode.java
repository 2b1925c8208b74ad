package dev.boardwalk.gateway;

/** Why this gateway closes a WebSocket: the codes of docs/protocol.md. */
enum CloseCode {
    /** The bytes on the wire do not follow the WebSocket protocol. */
    PROTOCOL_ERROR(1002),
    /** What came does not follow the protocol; the reason carries the code of the refusal. */
    REFUSED(1003),
    /** A message above {@code BOARDWALK_MAX_FRAME_BYTES}. */
    TOO_BIG(1009),
    /** A bug here; the entity is loaded anew for whoever comes next. */
    INTERNAL(1011),
    /** A limit is reached, the peer reads too slowly, or the entity cannot be loaded or saved now: come back later. */
    OVERLOADED(1013),
    /** The gateway goes down in order: connect again. */
    RECONNECT(4205),
    /** Who this is, is not known. */
    UNAUTHENTICATED(4401),
    /** Who this is may not enter here. */
    FORBIDDEN(4403),
    /** The entity was deleted. */
    NO_SUCH_ENTITY(4404),
    /** Nobody was let in in time, or too much was sent before. */
    NOT_AUTHENTICATED_IN_TIME(4408),
    /** Another connection, which is alive, is the same Yjs client. */
    CLIENT_ID_TAKEN(4409);

    private final int number;

    CloseCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
