package dev.boardwalk.crdt.sync;

import dev.boardwalk.crdt.sync.MalformedInput.Code;
import dev.boardwalk.crdt.sync.MalformedInput.Subject;

/**
 * One binary message of the y-websocket protocol: a type and its payload.
 *
 * <pre>
 * frame = 00 syncMessage         ; see {@link SyncMessage}
 *       | 01 bytes               ; see {@link AwarenessUpdate}
 *       | 02 00 string           ; permission denied, with the reason
 *       | 03                     ; tell me all awareness states
 *       | 66 bytes               ; Y-Sweet: send this back when all before it is durable
 *       | other any*             ; ignored and counted
 * </pre>
 */
public sealed interface YWebsocketFrame {
    int SYNC = 0;
    int AWARENESS = 1;
    int AUTH = 2;
    int QUERY_AWARENESS = 3;
    int MARKER = 102;

    /** The payload of a marker is a client's counter; what is longer is refused. */
    int MARKER_BYTES_MAX = 64;

    record Sync(SyncMessage message) implements YWebsocketFrame {}

    record Awareness(AwarenessUpdate update) implements YWebsocketFrame {}

    /** "You may not", with the reason. */
    record Auth(String reason) implements YWebsocketFrame {}

    /** The question for all known awareness states. */
    record QueryAwareness() implements YWebsocketFrame {}

    /** Y-Sweet's question for durability: goes back to its sender once everything before it is durable. */
    record Marker(byte[] payload) implements YWebsocketFrame {}

    /** A type that this protocol does not know; its payload is not looked at. */
    record Unknown(long type) implements YWebsocketFrame {}

    /**
     * Reads {@code length} bytes from {@code offset} on as one frame. Updates and state vectors inside are unpacked, not
     * yet checked.
     *
     * @throws MalformedInput if they are not one
     */
    static YWebsocketFrame decode(byte[] bytes, int offset, int length, AwarenessLimits limits) {
        ByteReader in = new ByteReader(Subject.FRAME, bytes, offset, length);
        long type = in.varUint();
        if (type != SYNC && type != AWARENESS && type != AUTH && type != QUERY_AWARENESS && type != MARKER) {
            return new Unknown(type);
        }
        YWebsocketFrame frame = switch ((int) type) {
            case SYNC -> readSync(in);
            case AWARENESS -> readAwareness(in, limits);
            case AUTH -> readAuth(in);
            case QUERY_AWARENESS -> new QueryAwareness();
            default -> readMarker(in);
        };
        in.expectEnd();
        return frame;
    }

    private static Sync readSync(ByteReader in) {
        SyncMessage message = SyncMessage.decode(in.bytes, in.position, in.remaining());
        in.skip(in.remaining());
        return new Sync(message);
    }

    private static Awareness readAwareness(ByteReader in, AwarenessLimits limits) {
        int length = in.count(1);
        AwarenessUpdate update = AwarenessUpdate.decode(in.bytes, in.position, length, limits);
        in.skip(length);
        return new Awareness(update);
    }

    private static Auth readAuth(ByteReader in) {
        if (in.varUint() != 0) {
            throw in.refusal(Code.UNKNOWN_AUTH);
        }
        return new Auth(in.string());
    }

    private static Marker readMarker(ByteReader in) {
        byte[] payload = in.varBytes();
        if (payload.length > MARKER_BYTES_MAX) {
            throw in.refusal(Code.TOO_LONG, MARKER_BYTES_MAX);
        }
        return new Marker(payload);
    }

    /** The encoded frame; not for {@link Unknown}, which keeps no payload. */
    default byte[] encode() {
        return switch (this) {
            case Sync(SyncMessage message) ->
                new ByteWriter(12 + message.payload().length)
                        .varUint(SYNC)
                        .varUint(message.step())
                        .varBytes(message.payload())
                        .toBytes();
            case Awareness(AwarenessUpdate update) -> {
                byte[] payload = update.encode();
                yield new ByteWriter(8 + payload.length)
                        .varUint(AWARENESS)
                        .varBytes(payload)
                        .toBytes();
            }
            case Auth(String reason) ->
                new ByteWriter(16).varUint(AUTH).varUint(0).string(reason).toBytes();
            case QueryAwareness() -> new byte[] {QUERY_AWARENESS};
            case Marker(byte[] payload) ->
                new ByteWriter(16).varUint(MARKER).varBytes(payload).toBytes();
            case Unknown(long type) -> throw new IllegalStateException("a frame of unknown type " + type);
        };
    }

    /** What stands before an update of the given length in an Update frame, so that the update need not be copied. */
    static byte[] updatePrefix(int updateLength) {
        return prefix(SyncMessage.UPDATE, updateLength);
    }

    /** What stands before an update of the given length in a SyncStep2 frame. */
    static byte[] step2Prefix(int updateLength) {
        return prefix(SyncMessage.STEP2, updateLength);
    }

    private static byte[] prefix(int step, int length) {
        return new ByteWriter(2 + ByteWriter.varUintLength(length))
                .varUint(SYNC)
                .varUint(step)
                .varUint(length)
                .toBytes();
    }

    /** An awareness frame without entries: changes nothing, but keeps a client from thinking that we are gone. */
    static byte[] keepAlive() {
        return new byte[] {AWARENESS, 1, 0};
    }

    /** A SyncStep2 that brings nothing. */
    static byte[] emptyStep2() {
        return new byte[] {SYNC, SyncMessage.STEP2, 2, 0, 0};
    }
}
