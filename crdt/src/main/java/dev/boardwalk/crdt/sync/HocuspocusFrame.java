package dev.boardwalk.crdt.sync;

import dev.boardwalk.crdt.sync.MalformedInput.Code;
import dev.boardwalk.crdt.sync.MalformedInput.Subject;
import org.jspecify.annotations.Nullable;

/**
 * One binary message of the Hocuspocus protocol, versions 2 to 4: an address, a type and its payload, or a single byte
 * without an address.
 *
 * <pre>
 * frame   = address 00 syncMessage      ; see {@link SyncMessage}
 *         | address 01 bytes            ; see {@link AwarenessUpdate}
 *         | address 02 00 string string?; a token, and the version of the client
 *         | address 02 00               ; "send me a token"
 *         | address 02 01 string        ; permission denied, with the reason
 *         | address 02 02 string        ; authenticated: "read-write" or "readonly"
 *         | address 03                  ; tell me all awareness states
 *         | address 04 syncMessage      ; the same as 00, but not to be answered with a question
 *         | address 05 string           ; a message of the application
 *         | address 06 string           ; one for everybody, between servers
 *         | address 07 string?          ; closes the document, not the socket
 *         | address 08 (00 | 01)        ; the oldest update that has no sign yet was refused, or is durable
 *         | 09 | 0a                     ; ping, pong: nothing before, nothing after
 *         | address other any*          ; ignored and counted
 * address = string                      ; the document's name, or the name, a NUL and a session
 * </pre>
 */
public sealed interface HocuspocusFrame {
    int SYNC = 0;
    int AWARENESS = 1;
    int AUTH = 2;
    int QUERY_AWARENESS = 3;
    int SYNC_REPLY = 4;
    int STATELESS = 5;
    int BROADCAST_STATELESS = 6;
    int CLOSE = 7;
    int SYNC_STATUS = 8;
    int PING = 9;
    int PONG = 10;

    /** Subtypes of {@link #AUTH}. The y-protocols number them otherwise: there 0 is a refusal. */
    int AUTH_TOKEN = 0;

    int AUTH_DENIED = 1;
    int AUTH_GRANTED = 2;

    /** A name of 255 bytes, a NUL and a session of as many. */
    int ADDRESS_BYTES_MAX = 511;

    /** Tokens are credentials, not documents. */
    int TOKEN_BYTES_MAX = 64 * 1024;

    /** A frame about one document. */
    sealed interface Addressed extends HocuspocusFrame {
        String address();
    }

    record Sync(String address, SyncMessage message) implements Addressed {}

    record SyncReply(String address, SyncMessage message) implements Addressed {}

    record Awareness(String address, AwarenessUpdate update) implements Addressed {}

    /** Who the client is, with the version of its provider from version 4 on. */
    record Token(String address, String token, @Nullable String version) implements Addressed {
        /** A token is nothing to be logged. */
        @Override
        public String toString() {
            return "Token[" + address + ", version=" + version + "]";
        }
    }

    record TokenRequest(String address) implements Addressed {}

    record PermissionDenied(String address, String reason) implements Addressed {}

    record Authenticated(String address, String scope) implements Addressed {
        /** The scopes that clients know. */
        public static final String READ_WRITE = "read-write";

        public static final String READ_ONLY = "readonly";
    }

    record QueryAwareness(String address) implements Addressed {}

    record Stateless(String address, String payload) implements Addressed {}

    record BroadcastStateless(String address, String payload) implements Addressed {}

    /** The end of a document on this socket; clients give no reason. */
    record Close(String address, @Nullable String reason) implements Addressed {}

    record SyncStatus(String address, boolean applied) implements Addressed {}

    /** A type that this protocol does not know; its payload is not looked at. */
    record Unknown(String address, long type) implements Addressed {}

    record Ping() implements HocuspocusFrame {}

    record Pong() implements HocuspocusFrame {}

    /**
     * What a frame says before its payload, to be had of malformed ones as well.
     *
     * @param syncStep step of the sync message that it carries; -1 if it carries none or does not get that far
     */
    record Head(String address, long type, long syncStep) {
        public boolean isStep2() {
            return syncStep == SyncMessage.STEP2;
        }

        /** Whether it was to bring content. */
        public boolean bringsUpdate() {
            return isStep2() || syncStep == SyncMessage.UPDATE;
        }
    }

    /**
     * Reads {@code length} bytes from {@code offset} on as one frame. Updates and state vectors inside are unpacked, not
     * yet checked.
     *
     * @throws MalformedInput if they are not one
     */
    static HocuspocusFrame decode(byte[] bytes, int offset, int length, AwarenessLimits limits) {
        ByteReader in = new ByteReader(Subject.FRAME, bytes, offset, length);
        if (length == 1 && bytes[offset] == PING) {
            return new Ping();
        }
        if (length == 1 && bytes[offset] == PONG) {
            return new Pong();
        }
        String address = readAddress(in);
        long type = in.varUint();
        if (type > SYNC_STATUS) {
            return new Unknown(address, type);
        }
        Addressed frame = switch ((int) type) {
            case SYNC -> new Sync(address, readSync(in));
            case AWARENESS -> new Awareness(address, readAwareness(in, limits));
            case AUTH -> readAuth(address, in);
            case QUERY_AWARENESS -> new QueryAwareness(address);
            case SYNC_REPLY -> new SyncReply(address, readSync(in));
            case STATELESS -> new Stateless(address, in.string());
            case BROADCAST_STATELESS -> new BroadcastStateless(address, in.string());
            case CLOSE -> new Close(address, in.remaining() == 0 ? null : in.string());
            default -> new SyncStatus(address, readBoolean(in));
        };
        in.expectEnd();
        return frame;
    }

    /**
     * Reads only how a frame begins.
     *
     * @throws MalformedInput if not even that can be read
     */
    static Head head(byte[] bytes, int offset, int length) {
        ByteReader in = new ByteReader(Subject.FRAME, bytes, offset, length);
        String address = readAddress(in);
        long type = in.varUint();
        boolean readable = (type == SYNC || type == SYNC_REPLY) && in.remaining() > 0;
        return new Head(address, type, readable ? bytes[in.position] : -1);
    }

    private static String readAddress(ByteReader in) {
        int from = in.position;
        int length = in.count(1);
        if (length > ADDRESS_BYTES_MAX) {
            throw in.refusal(Code.TOO_LONG, ADDRESS_BYTES_MAX);
        }
        in.position = from;
        return in.string();
    }

    private static SyncMessage readSync(ByteReader in) {
        SyncMessage message = SyncMessage.decode(in.bytes, in.position, in.remaining());
        in.skip(in.remaining());
        return message;
    }

    private static AwarenessUpdate readAwareness(ByteReader in, AwarenessLimits limits) {
        int length = in.count(1);
        AwarenessUpdate update = AwarenessUpdate.decode(in.bytes, in.position, length, limits);
        in.skip(length);
        return update;
    }

    private static Addressed readAuth(String address, ByteReader in) {
        long kind = in.varUint();
        if (kind > AUTH_GRANTED) {
            throw in.refusal(Code.UNKNOWN_AUTH, AUTH_GRANTED);
        }
        return switch ((int) kind) {
            case AUTH_TOKEN -> readToken(address, in);
            case AUTH_DENIED -> new PermissionDenied(address, in.string());
            default -> new Authenticated(address, in.string());
        };
    }

    private static Addressed readToken(String address, ByteReader in) {
        if (in.remaining() == 0) {
            return new TokenRequest(address);
        }
        if (in.remaining() > TOKEN_BYTES_MAX) {
            throw in.refusal(Code.TOO_LONG, TOKEN_BYTES_MAX);
        }
        String token = in.string();
        return new Token(address, token, in.remaining() == 0 ? null : in.string());
    }

    private static boolean readBoolean(ByteReader in) {
        long value = in.varUint();
        if (value > 1) {
            throw in.refusal(Code.BAD_INTEGER, 1);
        }
        return value == 1;
    }

    /** The encoded frame; not for {@link Unknown}, which keeps no payload. */
    default byte[] encode() {
        return switch (this) {
            case Ping() -> new byte[] {PING};
            case Pong() -> new byte[] {PONG};
            case Addressed addressed -> HocuspocusEncoding.encode(addressed);
        };
    }

    /** A frame about no document, which changes nothing, but keeps a client from thinking that we are gone. */
    static byte[] keepAlive() {
        return new byte[] {0, AWARENESS, 1, 0};
    }
}
