package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.sync.AwarenessLimits;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A y-websocket peer that shows every byte: sends frames as given and keeps those that come, in order. */
final class WirePeer implements WebSocket.Listener, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final LinkedBlockingQueue<YWebsocketFrame> inbox = new LinkedBlockingQueue<>();
    private final List<byte[]> raw = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private volatile boolean reading = true;
    private final WebSocket socket;

    private WirePeer(URI address) {
        socket = CLIENT.newWebSocketBuilder().buildAsync(address, this).join();
    }

    static WirePeer connect(int port, String path) {
        return new WirePeer(URI.create("ws://127.0.0.1:" + port + path));
    }

    /** Connects and goes through the handshake with nothing known, until the first SyncStep2. */
    static WirePeer synced(int port, String path) {
        WirePeer peer = connect(port, path);
        peer.send(new YWebsocketFrame.Sync(new SyncMessage.Step1(new byte[] {0})));
        peer.awaitSync(SyncMessage.Step2.class);
        return peer;
    }

    WirePeer send(YWebsocketFrame frame) {
        return sendRaw(frame.encode());
    }

    WirePeer sendRaw(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
        return this;
    }

    /** One message in several fragments. */
    WirePeer sendParts(byte[]... parts) {
        for (int i = 0; i < parts.length; i++) {
            socket.sendBinary(ByteBuffer.wrap(parts[i]), i == parts.length - 1).join();
        }
        return this;
    }

    /** The same while the server may be closing. */
    void sendIfOpen(byte[] bytes) {
        try {
            sendRaw(bytes);
        } catch (CompletionException closing) {
            // What the server said is in awaitClose.
        }
    }

    WirePeer sendText(String text) {
        socket.sendText(text, true).join();
        return this;
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
    void expectNo(byte[] update, Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        YWebsocketFrame frame;
        while ((frame = inbox.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) != null) {
            assertThat(isUpdate(frame, update))
                    .as("came although it must not: %s", frame)
                    .isFalse();
        }
    }

    YWebsocketFrame await(Predicate<YWebsocketFrame> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                YWebsocketFrame frame = inbox.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (frame == null) {
                    throw new AssertionError("the awaited frame did not come; closed: " + closed.getNow("no"));
                }
                if (wanted.test(frame)) {
                    return frame;
                }
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError("interrupted", interrupted);
        }
    }

    /** Code and reason with which the server closed. */
    String awaitClose() {
        return closed.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    boolean open() {
        return !closed.isDone();
    }

    List<byte[]> raw() {
        return raw;
    }

    /** Reads nothing more from the socket, so that what the server sends piles up there. */
    void stopReading() {
        reading = false;
    }

    void resumeReading() {
        reading = true;
        socket.request(1);
    }

    private static boolean isUpdate(YWebsocketFrame frame, byte[] update) {
        return frame instanceof YWebsocketFrame.Sync(SyncMessage.Update(byte[] bytes)) && Arrays.equals(bytes, update);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        byte[] part = new byte[data.remaining()];
        data.get(part);
        partial.writeBytes(part);
        if (last) {
            byte[] whole = partial.toByteArray();
            partial.reset();
            raw.add(whole);
            inbox.add(YWebsocketFrame.decode(whole, 0, whole.length, AwarenessLimits.defaults()));
        }
        if (reading) {
            webSocket.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.complete("error " + error);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
