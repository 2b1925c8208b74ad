package dev.boardwalk.crdt.sync;

/** The written form of Hocuspocus frames. */
final class HocuspocusEncoding {
    private HocuspocusEncoding() {}

    static byte[] encode(HocuspocusFrame.Addressed frame) {
        return switch (frame) {
            case HocuspocusFrame.Sync(String address, SyncMessage message) ->
                sync(head(address, HocuspocusFrame.SYNC), message);
            case HocuspocusFrame.SyncReply(String address, SyncMessage message) ->
                sync(head(address, HocuspocusFrame.SYNC_REPLY), message);
            case HocuspocusFrame.Awareness(String address, AwarenessUpdate update) ->
                head(address, HocuspocusFrame.AWARENESS)
                        .varBytes(update.encode())
                        .toBytes();
            case HocuspocusFrame.Token token -> token(token);
            case HocuspocusFrame.TokenRequest(String address) ->
                auth(address, HocuspocusFrame.AUTH_TOKEN).toBytes();
            case HocuspocusFrame.PermissionDenied(String address, String reason) ->
                auth(address, HocuspocusFrame.AUTH_DENIED).string(reason).toBytes();
            case HocuspocusFrame.Authenticated(String address, String scope) ->
                auth(address, HocuspocusFrame.AUTH_GRANTED).string(scope).toBytes();
            case HocuspocusFrame.QueryAwareness(String address) ->
                head(address, HocuspocusFrame.QUERY_AWARENESS).toBytes();
            case HocuspocusFrame.Stateless(String address, String payload) ->
                head(address, HocuspocusFrame.STATELESS).string(payload).toBytes();
            case HocuspocusFrame.BroadcastStateless(String address, String payload) ->
                head(address, HocuspocusFrame.BROADCAST_STATELESS)
                        .string(payload)
                        .toBytes();
            case HocuspocusFrame.Close close -> close(close);
            case HocuspocusFrame.SyncStatus(String address, boolean applied) ->
                head(address, HocuspocusFrame.SYNC_STATUS)
                        .varUint(applied ? 1 : 0)
                        .toBytes();
            case HocuspocusFrame.Unknown(String address, long type) ->
                throw new IllegalStateException("a frame of unknown type " + type + " for " + address);
        };
    }

    private static ByteWriter head(String address, int type) {
        return new ByteWriter(64).string(address).varUint(type);
    }

    private static ByteWriter auth(String address, int kind) {
        return head(address, HocuspocusFrame.AUTH).varUint(kind);
    }

    private static byte[] sync(ByteWriter out, SyncMessage message) {
        return out.varUint(message.step()).varBytes(message.payload()).toBytes();
    }

    private static byte[] token(HocuspocusFrame.Token frame) {
        ByteWriter out = auth(frame.address(), HocuspocusFrame.AUTH_TOKEN).string(frame.token());
        String version = frame.version();
        return version == null ? out.toBytes() : out.string(version).toBytes();
    }

    private static byte[] close(HocuspocusFrame.Close frame) {
        ByteWriter out = head(frame.address(), HocuspocusFrame.CLOSE);
        String reason = frame.reason();
        return reason == null ? out.toBytes() : out.string(reason).toBytes();
    }
}
