package dev.boardwalk.gateway.live;

import org.jspecify.annotations.Nullable;

/**
 * A message to peers, made once and shared by all that receive it.
 *
 * <p>The payload is what the y-protocols put behind the type of the message, without length or frame: a state vector, an
 * update, an awareness update, a mark. It must not be changed. Whoever frames it may keep the encoded frame in the
 * {@linkplain #frame() slot}, so that it is encoded once for all receivers; the slot belongs to the entity's owner, and the
 * entity empties it when the message will hardly be sent again.
 */
public final class Outgoing {
    /** Which message of the y-protocols it is. */
    public enum Kind {
        SYNC_STEP_1,
        SYNC_STEP_2,
        UPDATE,
        AWARENESS,
        /** Type 102 of Y-Sweet, sent back as it came once all that came before it is durable. */
        MARK,
        /** To a y-websocket client: an edit of its was refused, and why, in UTF-8. */
        DENIAL,
        /** To a Hocuspocus client: one byte, 1 for an update that is durable, 0 for one that was refused. */
        SYNC_STATUS,
        /** To a Hocuspocus client: words of an application in UTF-8, which are no content. */
        STATELESS
    }

    private final Kind kind;
    private final byte[] payload;
    private @Nullable Object frame;

    Outgoing(Kind kind, byte[] payload) {
        this.kind = kind;
        this.payload = payload;
    }

    /** A message of an application. It must be sent in the order of the entity's owner like all others. */
    public static Outgoing stateless(byte[] utf8) {
        return new Outgoing(Kind.STATELESS, utf8);
    }

    public Kind kind() {
        return kind;
    }

    /** The payload; shared, not to be changed. */
    public byte[] payload() {
        return payload;
    }

    /** What {@link #frame(Object)} put here, or null. Must be something the garbage collector frees. */
    public @Nullable Object frame() {
        return frame;
    }

    public void frame(@Nullable Object encoded) {
        frame = encoded;
    }

    @Override
    public String toString() {
        return kind + "[" + payload.length + " bytes]";
    }
}
