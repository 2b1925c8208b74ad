package dev.boardwalk.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;

/**
 * What comes in on a {@link WebSocketWire}: puts fragments together and keeps data frames from Vert.x. One for each socket,
 * on its event loop.
 */
final class WireInbound extends ChannelInboundHandlerAdapter {
    private final WebSocketWire wire;
    private final int messageBytesMax;
    private final WebSocketWire.Receiver receiver;
    private @Nullable ByteBuf fragments;
    private boolean skipping;

    WireInbound(WebSocketWire wire, int messageBytesMax, WebSocketWire.Receiver receiver) {
        this.wire = wire;
        this.messageBytesMax = messageBytesMax;
        this.receiver = receiver;
    }

    /**
     * The same decoder as Vert.x's, but one that reports a violation instead of closing at once: with what the peer still
     * sends unread, the system would reset the connection, and the peer would never see the close code.
     */
    static WebSocket13FrameDecoder decoder(int messageBytesMax) {
        return new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(messageBytesMax)
                .expectMaskedFrames(true)
                .allowMaskMismatch(false)
                .allowExtensions(false)
                .closeOnProtocolViolation(false)
                .withUTF8Validator(false)
                .build());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        wire.hasRead();
        switch (message) {
            case BinaryWebSocketFrame frame -> data(frame);
            case ContinuationWebSocketFrame frame -> data(frame);
            case TextWebSocketFrame frame -> {
                skipping = !frame.isFinalFragment();
                frame.release();
                if (!wire.closing()) {
                    receiver.text();
                }
            }
            default -> super.channelRead(context, message);
        }
    }

    private void data(WebSocketFrame frame) {
        try {
            if (wire.closing() || skipping) {
                skipping = skipping && !frame.isFinalFragment();
            } else if (size(fragments) + frame.content().readableBytes() > messageBytesMax) {
                skipping = !frame.isFinalFragment();
                dropFragments();
                receiver.tooLarge();
            } else if (frame.isFinalFragment() && fragments == null) {
                receiver.binary(bytes(frame.content()));
            } else {
                collect(frame);
            }
        } finally {
            frame.release();
        }
    }

    private void collect(WebSocketFrame frame) {
        ByteBuf whole = fragments;
        if (whole == null) {
            whole = frame.content().alloc().buffer();
            fragments = whole;
            wire.partialBegins();
        }
        whole.writeBytes(frame.content());
        if (frame.isFinalFragment()) {
            byte[] message = bytes(whole);
            dropFragments();
            receiver.binary(message);
        }
    }

    private static byte[] bytes(ByteBuf content) {
        byte[] bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        return bytes;
    }

    private static long size(@Nullable ByteBuf buffer) {
        return buffer == null ? 0 : buffer.readableBytes();
    }

    private void dropFragments() {
        wire.partialEnds();
        if (fragments != null) {
            fragments.release();
            fragments = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        if (!(cause instanceof CorruptedWebSocketFrameException corrupted)) {
            super.exceptionCaught(context, cause);
        } else if (corrupted.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)) {
            receiver.tooLarge();
        } else {
            receiver.violation();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        receiver.writable(context.channel().isWritable());
        super.channelWritabilityChanged(context);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        dropFragments();
    }
}
