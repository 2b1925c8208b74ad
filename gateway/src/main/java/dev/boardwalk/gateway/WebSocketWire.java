package dev.boardwalk.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.Context;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The wire under one WebSocket: it touches Netty and what Vert.x keeps to itself, which nobody else does.
 *
 * <p>Outbound, a message is encoded once for all its receivers, WebSocket header included (a server's frames are not
 * masked, so they are the same for everyone), and each receiver's channel gets a duplicate that shares the bytes. It is
 * written below the WebSocket encoder and flushed once for a whole pass of the event loop. Vert.x's own
 * {@code writeBinaryMessage} costs several times as much for each receiver: see docs/decisions.
 *
 * <p>Inbound, a handler in front of Vert.x's takes the data frames, and leaves ping, pong and close to Vert.x:
 * {@link WireInbound}.
 *
 * <p>Threads: everything but {@link #executor()} and the static methods runs on the socket's event loop.
 */
// Netty's futures of writes, timers and closes are not needed: a write that fails ends in closed().
@SuppressWarnings("FutureReturnValueIgnored")
final class WebSocketWire {

    /** What comes out of the wire; called on the socket's event loop. */
    interface Receiver {
        /** A whole binary message of at most the limit given to {@link WebSocketWire#attach}. */
        void binary(byte[] message);

        /** A text message or a part of one; its content is not kept. */
        void text();

        /** A message that is larger than the limit; what is left of it is dropped. */
        void tooLarge();

        /** Bytes that are no WebSocket frame; nothing more is read. */
        void violation();

        /** What waits in the socket passed the high-water mark (false), or fell below the low one (true). */
        void writable(boolean writable);

        /** The connection is gone; nothing follows. */
        void closed();
    }

    /** One message ready for the wire, shared by all its receivers; counted, so every holder releases it. */
    static final class Frame {
        private final ByteBuf bytes;

        private Frame(ByteBuf bytes) {
            this.bytes = bytes;
        }

        int length() {
            return bytes.readableBytes();
        }

        Frame retain(int holders) {
            bytes.retain(holders);
            return this;
        }

        void release() {
            bytes.release();
        }
    }

    /** How long a peer may take to read our close frame before the connection is cut. */
    private static final long CLOSE_TIMEOUT_SECONDS = 5;

    /** Netty's names for what it put into the pipeline at the handshake. */
    private static final String DECODER = "wsdecoder";

    private static final String ENCODER = "wsencoder";

    private static final int FINAL_BINARY = 0x82;

    /** A whole ping, without content. */
    private static final ByteBuf PING = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(2).writeByte(0x89).writeByte(0).asReadOnly());

    private final ServerWebSocket socket;
    private final Channel channel;
    private final ChannelHandlerContext belowEncoder;
    private long lastReadNanos = System.nanoTime();
    private long lastWriteNanos = System.nanoTime();
    private boolean unflushed;
    private boolean closing;
    private boolean held;
    private boolean slowed;
    private long slowUntilNanos;
    private long partialSinceNanos;

    private WebSocketWire(ServerWebSocket socket, Channel channel) {
        this.socket = socket;
        this.channel = channel;
        this.belowEncoder = channel.pipeline().context(ENCODER);
        if (belowEncoder == null) {
            throw new IllegalStateException("no WebSocket encoder in the pipeline " + channel.pipeline());
        }
    }

    /**
     * Takes over an accepted socket; call it on the event loop where the upgrade was answered, before anything is read.
     *
     * @param queueBytes what may wait in the socket before it counts as not writable
     */
    static WebSocketWire attach(ServerWebSocket socket, int messageBytesMax, int queueBytes, Receiver receiver) {
        ChannelHandlerContext context = ((WebSocketInternal) socket).channelHandlerContext();
        Channel channel = context.channel();
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(Math.max(1, queueBytes / 2), queueBytes));
        WebSocketWire wire = new WebSocketWire(socket, channel);
        if (channel.pipeline().get(IdleStateHandler.class) != null) {
            // Guards the wait for a request; from here on the keep-alive knows better.
            channel.pipeline().remove(IdleStateHandler.class);
        }
        channel.pipeline().replace(DECODER, DECODER, WireInbound.decoder(messageBytesMax));
        channel.pipeline().addBefore(context.name(), "boardwalk", new WireInbound(wire, messageBytesMax, receiver));
        // Protocol violations are answered by Netty's decoder; there is nothing to add to its close frame.
        socket.exceptionHandler(_ -> {});
        socket.closeHandler(_ -> receiver.closed());
        return wire;
    }

    /** Encodes a message once: header, then the parts one after another. The caller holds the result and releases it. */
    static Frame encode(byte[]... parts) {
        long length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer(Math.toIntExact(length + 10));
        bytes.writeByte(FINAL_BINARY);
        if (length < 126) {
            bytes.writeByte((int) length);
        } else if (length < 65_536) {
            bytes.writeByte(126).writeShort((int) length);
        } else {
            bytes.writeByte(127).writeLong(length);
        }
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return new Frame(bytes);
    }

    /** The event loop of a context, comparable with {@link #executor()}. */
    static Executor loopOf(Context context) {
        return ((ContextInternal) context).nettyEventLoop();
    }

    /** Runs tasks on the event loop of this socket; the same object for all sockets of one loop. */
    Executor executor() {
        return channel.eventLoop();
    }

    /** Runs a task on the event loop of this socket, at once if that is where it is called. */
    void onLoop(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
        } else {
            channel.eventLoop().execute(task);
        }
    }

    /** Queues the frame without flushing and takes over one hold of it. Dropped when the socket is gone. */
    void write(Frame frame) {
        if (closing || !channel.isActive()) {
            frame.release();
            return;
        }
        unflushed = true;
        belowEncoder.write(frame.bytes.duplicate(), channel.voidPromise());
    }

    /** Hands all that was queued to the operating system; nothing to do when nothing was. */
    void flush() {
        if (unflushed) {
            unflushed = false;
            lastWriteNanos = System.nanoTime();
            belowEncoder.flush();
        }
    }

    /** Does the task when all that was written before has been handed to the operating system; never if that fails. */
    void whenWritten(Runnable task) {
        if (!closing && channel.isActive()) {
            belowEncoder.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
                if (written.isSuccess()) {
                    task.run();
                }
            });
        }
    }

    boolean writable() {
        return channel.isWritable();
    }

    /** Bytes that wait in this process for the peer to read. */
    long queuedBytes() {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return outbound == null ? 0 : outbound.totalPendingWriteBytes();
    }

    long lastReadNanos() {
        return lastReadNanos;
    }

    /** Bytes came. */
    void hasRead() {
        lastReadNanos = System.nanoTime();
    }

    boolean closing() {
        return closing;
    }

    long lastWriteNanos() {
        return lastWriteNanos;
    }

    /** Stops or resumes reading from the peer, so that what it sends waits on its side. */
    void reading(boolean wanted) {
        held = !wanted;
        slowed = slowed && held;
        channel.config().setAutoRead(wanted);
    }

    /** Reads nothing for a while, so that what the peer sends waits on its side. */
    void slow(long nanos) {
        slowUntilNanos = System.nanoTime() + nanos;
        if (!slowed && !closing) {
            slowed = true;
            channel.config().setAutoRead(false);
            channel.eventLoop().schedule(this::readOn, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void readOn() {
        long left = slowUntilNanos - System.nanoTime();
        if (slowed && left > 0) {
            channel.eventLoop().schedule(this::readOn, left, TimeUnit.NANOSECONDS);
        } else if (slowed) {
            slowed = false;
            channel.config().setAutoRead(!held);
        }
    }

    /** Whether nothing is read at present, so that silence says nothing about the peer. */
    boolean deaf() {
        return held || slowed;
    }

    /** Since when the parts of a message come; 0 if none is in parts at present. */
    long partialSinceNanos() {
        return partialSinceNanos;
    }

    /** The first part of a message came. */
    void partialBegins() {
        partialSinceNanos = System.nanoTime();
    }

    /** Nothing is in parts any more. */
    void partialEnds() {
        partialSinceNanos = 0;
    }

    /** Does a task on the event loop later. */
    void later(long millis, Runnable task) {
        channel.eventLoop().schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    /** A ping that the peer's WebSocket library answers by itself: the proof that the connection is not half open. */
    void ping() {
        if (!closing && channel.isActive()) {
            belowEncoder.writeAndFlush(PING.duplicate(), channel.voidPromise());
        }
    }

    /** The same together with the next message, in one write: idle sockets are many. */
    void pingAlong() {
        if (!closing && channel.isActive()) {
            belowEncoder.write(PING.duplicate(), channel.voidPromise());
        }
    }

    /** Says why and closes; the connection is cut when the peer does not take part within some seconds. */
    void close(int code, String reason) {
        if (closing) {
            return;
        }
        closing = true;
        socket.close((short) code, reason).onComplete(_ -> {});
        // Below Vert.x, whose close would begin with another close frame.
        channel.eventLoop().schedule(() -> belowEncoder.close(), CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Cuts the connection without a word: nobody is at the other end. */
    void cut() {
        closing = true;
        belowEncoder.close();
    }
}
