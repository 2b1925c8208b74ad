package dev.boardwalk.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two clients of one document: one sets a large value again and again, the other reads that, or stops reading. Each value
 * replaces the one before, so that the document itself stays as large as one of them.
 */
final class StalledReader implements AutoCloseable {
    private static final Buffer STEP_1 = Buffer.buffer(new byte[] {0, 0, 1, 0});
    private static final int MESSAGE_BYTES_MAX = 64 << 20;
    private static final long CLIENT = 7;

    /** How long it may take until a reader that reads again has what is newest. */
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private static final byte[] ROOT = "m".getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY = "k".getBytes(StandardCharsets.UTF_8);

    /** What a value begins with. */
    private static final Pattern NUMBER = Pattern.compile("#(\\d{8})#");

    private final WebSocketClient client;
    private final WebSocket writer;
    private final WebSocket reader;
    private final byte[] value;
    private final AtomicLong received = new AtomicLong();
    private volatile int newest = -1;
    private volatile int closed;
    private int written;

    private StalledReader(WebSocketClient client, WebSocket writer, WebSocket reader, int bytes) {
        this.client = client;
        this.writer = writer;
        this.reader = reader;
        this.value = new byte[bytes];
        writer.binaryMessageHandler(_ -> {});
        reader.binaryMessageHandler(this::read);
        reader.closeHandler(_ -> closed = reader.closeStatusCode());
    }

    static StalledReader open(Vertx vertx, URI base, String room, int bytes) {
        WebSocketClient client = vertx.createWebSocketClient(
                new WebSocketClientOptions().setMaxFrameSize(MESSAGE_BYTES_MAX).setMaxMessageSize(MESSAGE_BYTES_MAX));
        String path = base.getPath() + "/" + room;
        WebSocket writer = Waits.await(client.connect(base.getPort(), base.getHost(), path));
        WebSocket reader = Waits.await(client.connect(base.getPort(), base.getHost(), path));
        StalledReader both = new StalledReader(client, writer, reader, bytes);
        Waits.await(writer.writeBinaryMessage(STEP_1));
        Waits.await(reader.writeBinaryMessage(STEP_1));
        return both;
    }

    void stopReading() {
        reader.pause();
    }

    /** Sets the value once more; its first characters are its number. */
    void write() {
        byte[] number = String.format(Locale.ROOT, "#%08d#", written).getBytes(StandardCharsets.US_ASCII);
        Arrays.fill(value, (byte) 'x');
        System.arraycopy(number, 0, value, 0, Math.min(number.length, value.length));
        Lib0Bytes update = new Lib0Bytes(value.length + 64);
        update.varUint(1).varUint(1).varUint(CLIENT).varUint(written);
        // A value under a key: the first names map and key, each further one follows the one that it replaces.
        if (written == 0) {
            update.octet(0x28)
                    .varUint(1)
                    .varUint(ROOT.length)
                    .raw(ROOT)
                    .varUint(KEY.length)
                    .raw(KEY);
        } else {
            update.octet(0xa8).varUint(CLIENT).varUint(written - 1);
        }
        update.varUint(1).octet(0x77).varUint(value.length).raw(value);
        if (written == 0) {
            update.varUint(0);
        } else {
            update.varUint(1).varUint(CLIENT).varUint(1).varUint(written - 1).varUint(1);
        }
        byte[] bytes = update.toArray();
        Waits.await(writer.writeBinaryMessage(Buffer.buffer(new Lib0Bytes(bytes.length + 16)
                .octet(0)
                .octet(2)
                .varUint(bytes.length)
                .raw(bytes)
                .toArray())));
        written++;
    }

    private void read(Buffer message) {
        received.addAndGet(message.length());
        String head = message.getString(0, Math.min(message.length(), 256), "ISO-8859-1");
        Matcher number = NUMBER.matcher(head);
        if (number.find()) {
            newest = Math.max(newest, Integer.parseInt(number.group(1)));
        }
    }

    /** Reads again until the newest value is there or the server has closed; says which, and how much came in all. */
    String readOn() {
        reader.resume();
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (newest < written - 1 && closed == 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        String end =
                newest == written - 1 ? "has the newest" : closed == 0 ? "lacks the newest" : "closed with " + closed;
        return String.format(Locale.ROOT, "%s, %.1f MiB came", end, received.get() / 1048576.0);
    }

    @Override
    public void close() {
        Waits.await(client.close());
    }
}
