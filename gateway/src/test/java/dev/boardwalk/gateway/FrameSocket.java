package dev.boardwalk.gateway;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket that shows every byte, whatever it speaks: sends frames as given and keeps those that come, in order.
 *
 * @param <F> the frames of its protocol
 * @param <S> the socket's own type
 */
abstract class FrameSocket<F, S extends FrameSocket<F, S>> implements WebSocket.Listener, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** What nobody has looked at; empty is the end. */
    private final LinkedBlockingQueue<Optional<F>> inbox = new LinkedBlockingQueue<>();

    private final List<byte[]> raw = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private volatile boolean reading = true;
    private final WebSocket socket;

    FrameSocket(int port, String path) {
        URI address = URI.create("ws://127.0.0.1:" + port + path);
        socket = CLIENT.newWebSocketBuilder().buildAsync(address, this).join();
    }

    abstract F decode(byte[] message);

    abstract byte[] encode(F frame);

    abstract S self();

    S send(F frame) {
        return sendRaw(encode(frame));
    }

    S sendRaw(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
        return self();
    }

    /** One message in several fragments. */
    S sendParts(byte[]... parts) {
        for (int i = 0; i < parts.length; i++) {
            socket.sendBinary(ByteBuffer.wrap(parts[i]), i == parts.length - 1).join();
        }
        return self();
    }

    S sendText(String text) {
        socket.sendText(text, true).join();
        return self();
    }

    /** The same as {@link #sendRaw} while the server may be closing. */
    void sendIfOpen(byte[] bytes) {
        try {
            S _ = sendRaw(bytes);
        } catch (CompletionException closing) {
            // What the server said is in awaitClose.
        }
    }

    /** Takes frames until a wanted one comes. */
    F await(Predicate<F> wanted) {
        return awaitOrClose(wanted)
                .orElseThrow(() -> new AssertionError("closed before the awaited frame: " + closed.getNow("no")));
    }

    /** Takes frames until a wanted one comes; empty if the server closes instead. */
    Optional<F> awaitOrClose(Predicate<F> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<F> frame = poll(deadline);
            if (frame == null) {
                throw new AssertionError("the awaited frame did not come");
            }
            if (frame.isEmpty() || wanted.test(frame.get())) {
                return frame;
            }
        }
    }

    /** The next frame, empty at the end; null if none comes in time. */
    @Nullable
    Optional<F> poll(long deadlineNanos) {
        try {
            Optional<F> frame = inbox.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (frame != null && frame.isEmpty()) {
                inbox.add(frame);
            }
            return frame;
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

    /** Everything that has come so far. */
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

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        byte[] part = new byte[data.remaining()];
        data.get(part);
        partial.writeBytes(part);
        if (last) {
            byte[] whole = partial.toByteArray();
            partial.reset();
            raw.add(whole);
            inbox.add(Optional.of(decode(whole)));
        }
        if (reading) {
            webSocket.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        end(statusCode + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        end("error " + error);
    }

    private void end(String reason) {
        closed.complete(reason);
        inbox.add(Optional.empty());
    }

    @Override
    public void close() {
        socket.abort();
    }
}
