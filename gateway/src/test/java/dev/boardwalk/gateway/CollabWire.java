package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.AwarenessLimits;
import dev.boardwalk.crdt.sync.HocuspocusFrame;
import dev.boardwalk.crdt.sync.SyncMessage;
import java.util.Arrays;
import java.util.List;

/** A Hocuspocus socket that shows every byte. */
final class CollabWire extends FrameSocket<HocuspocusFrame, CollabWire> {
    private CollabWire(int port, String path) {
        super(port, path);
    }

    static CollabWire connect(int port, String path) {
        return new CollabWire(port, path);
    }

    /** The whole handshake of a document, until its first sign. */
    CollabWire open(String address, String token) {
        send(new HocuspocusFrame.Token(address, token, "4.7.0"));
        await(frame -> frame instanceof HocuspocusFrame.Authenticated(String of, String _) && of.equals(address));
        step1(address);
        sync(address, new SyncMessage.Step2(new byte[] {0, 0}));
        awaitSign(address, true);
        return this;
    }

    CollabWire step1(String address) {
        return sync(address, new SyncMessage.Step1(new byte[] {0}));
    }

    CollabWire update(String address, byte[] update) {
        return sync(address, new SyncMessage.Update(update));
    }

    CollabWire sync(String address, SyncMessage message) {
        return send(new HocuspocusFrame.Sync(address, message));
    }

    void awaitSign(String address, boolean applied) {
        await(new HocuspocusFrame.SyncStatus(address, applied)::equals);
    }

    /** Takes frames until this very update comes, in any step of the sync protocol. */
    void awaitUpdate(String address, byte[] update) {
        await(frame -> frame instanceof HocuspocusFrame.Sync(String of, SyncMessage message)
                && of.equals(address)
                && Arrays.equals(message.payload(), update));
    }

    /** Takes frames until one of this step comes; answers what it carries. */
    byte[] awaitStep(String address, Class<? extends SyncMessage> step) {
        HocuspocusFrame found = await(frame -> frame instanceof HocuspocusFrame.Sync(String of, SyncMessage message)
                && of.equals(address)
                && step.isInstance(message));
        return ((HocuspocusFrame.Sync) found).message().payload();
    }

    /** Everything that has come so far. */
    List<HocuspocusFrame> all() {
        return raw().stream().map(this::decode).toList();
    }

    @Override
    HocuspocusFrame decode(byte[] message) {
        return HocuspocusFrame.decode(message, 0, message.length, AwarenessLimits.defaults());
    }

    @Override
    byte[] encode(HocuspocusFrame frame) {
        return frame.encode();
    }

    @Override
    CollabWire self() {
        return this;
    }
}
