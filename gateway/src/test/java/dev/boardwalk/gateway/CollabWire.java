package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.AwarenessLimits;
import dev.boardwalk.crdt.sync.HocuspocusFrame;
import dev.boardwalk.crdt.sync.SyncMessage;
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

/** A Hocuspocus socket that shows every byte: sends frames as given and keeps those that come, in order. */
final class CollabWire implements WebSocket.Listener, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final LinkedBlockingQueue<HocuspocusFrame> inbox = new LinkedBlockingQueue<>();
    private final List<HocuspocusFrame> all = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final WebSocket socket;

    private CollabWire(URI address) {
        socket = CLIENT.newWebSocketBuilder().buildAsync(address, this).join();
    }

    static CollabWire connect(int port, String path) {
        return new CollabWire(URI.create("ws://127.0.0.1:" + port + path));
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

    CollabWire send(HocuspocusFrame frame) {
        return sendRaw(frame.encode());
    }

    CollabWire sendRaw(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
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

    CollabWire sendText(String text) {
        socket.sendText(text, true).join();
        return this;
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

    HocuspocusFrame await(Predicate<HocuspocusFrame> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                HocuspocusFrame frame = inbox.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
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

    /** Everything that has come so far. */
    List<HocuspocusFrame> all() {
        return all;
    }

    /** Code and reason with which the server closed. */
    String awaitClose() {
        return closed.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    boolean open() {
        return !closed.isDone();
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        byte[] part = new byte[data.remaining()];
        data.get(part);
        partial.writeBytes(part);
        if (last) {
            byte[] whole = partial.toByteArray();
            partial.reset();
            HocuspocusFrame frame = HocuspocusFrame.decode(whole, 0, whole.length, AwarenessLimits.defaults());
            all.add(frame);
            inbox.add(frame);
        }
        webSocket.request(1);
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
