package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.sync.AwarenessLimits;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** A y-websocket peer that shows every byte. */
final class WirePeer extends FrameSocket<YWebsocketFrame, WirePeer> {
    private WirePeer(int port, String path) {
        super(port, path);
    }

    static WirePeer connect(int port, String path) {
        return new WirePeer(port, path);
    }

    /** Connects and goes through the handshake with nothing known, until the first SyncStep2. */
    static WirePeer synced(int port, String path) {
        WirePeer peer = connect(port, path);
        peer.send(new YWebsocketFrame.Sync(new SyncMessage.Step1(new byte[] {0})));
        peer.awaitSync(SyncMessage.Step2.class);
        return peer;
    }

    WirePeer update(byte[] update) {
        return send(new YWebsocketFrame.Sync(new SyncMessage.Update(update)));
    }

    /** Takes frames until one of this step of the sync protocol comes; answers what it carries. */
    byte[] awaitSync(Class<? extends SyncMessage> step) {
        YWebsocketFrame found =
                await(frame -> frame instanceof YWebsocketFrame.Sync(SyncMessage message) && step.isInstance(message));
        return ((YWebsocketFrame.Sync) found).message().payload();
    }

    /** Takes frames until this very update comes. */
    void awaitUpdate(byte[] update) {
        await(frame -> isUpdate(frame, update));
    }

    /** Whether nothing that carries this update comes for a while. */
    void expectNo(byte[] update, Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        for (Optional<YWebsocketFrame> next = poll(deadline); next != null && next.isPresent(); next = poll(deadline)) {
            YWebsocketFrame frame = next.get();
            assertThat(isUpdate(frame, update))
                    .as("came although it must not: %s", frame)
                    .isFalse();
        }
    }

    private static boolean isUpdate(YWebsocketFrame frame, byte[] update) {
        return frame instanceof YWebsocketFrame.Sync(SyncMessage.Update(byte[] bytes)) && Arrays.equals(bytes, update);
    }

    @Override
    YWebsocketFrame decode(byte[] message) {
        return YWebsocketFrame.decode(message, 0, message.length, AwarenessLimits.defaults());
    }

    @Override
    byte[] encode(YWebsocketFrame frame) {
        return frame.encode();
    }

    @Override
    WirePeer self() {
        return this;
    }
}
