package dev.boardwalk.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.net.URI;

/**
 * One client that opens a room with nothing of its own: connects, says that it has nothing, and is done when the whole
 * SyncStep2 is there. Belongs to one event loop.
 *
 * @param nanos from the start of the connection to the last byte of SyncStep2
 * @param bytes what came in messages until then
 */
record Opening(long nanos, long bytes) {
    private static final Buffer STEP_1 = Buffer.buffer(new byte[] {0, 0, 1, 0});
    private static final int MESSAGE_BYTES_MAX = 64 << 20;

    /** Opens the room and leaves it again. */
    static Opening of(Vertx vertx, URI base, String room) {
        WebSocketClient client = vertx.createWebSocketClient(
                new WebSocketClientOptions().setMaxFrameSize(MESSAGE_BYTES_MAX).setMaxMessageSize(MESSAGE_BYTES_MAX));
        Promise<Opening> synced = Promise.promise();
        long begun = System.nanoTime();
        Future<Opening> opened = client.connect(base.getPort(), base.getHost(), base.getPath() + "/" + room)
                .compose(socket -> {
                    listen(socket, begun, synced);
                    return socket.writeBinaryMessage(STEP_1).compose(_ -> synced.future());
                });
        try {
            return Waits.await(opened);
        } finally {
            Waits.await(client.close());
        }
    }

    private static void listen(WebSocket socket, long begun, Promise<Opening> synced) {
        long[] bytes = {0};
        socket.binaryMessageHandler(message -> {
            bytes[0] += message.length();
            if (message.length() > 2 && message.getByte(0) == 0 && message.getByte(1) == 1) {
                synced.tryComplete(new Opening(System.nanoTime() - begun, bytes[0]));
            }
        });
        socket.closeHandler(_ -> synced.tryFail("the server closed the socket before it sent SyncStep2"));
    }
}
