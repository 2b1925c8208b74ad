package dev.boardwalk.bench;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one fan-out run: a verticle that opens every socket, types at the agreed rate and notes the latency of
 * each stamp that arrives, echoes to the sender included. All of its state belongs to its event loop.
 */
final class FanoutLoad extends VerticleBase {
    private final URI base;
    private final LoadProtocol protocol;
    private final FanoutShape shape;
    private final String run;
    private final List<WebSocket> sockets = new ArrayList<>();
    private final List<TypingPeer> typists = new ArrayList<>();
    private final List<String> roomOf = new ArrayList<>();
    private Latencies latencies = new Latencies();
    private Latencies confirmations = new Latencies();
    private long sent;
    private boolean typing;

    /** Held on to: one that is collected closes its sockets half a minute later. */
    private @Nullable WebSocketClient client;

    /** @param base where rooms live, for example {@code ws://127.0.0.1:8080/yjs/bench} */
    FanoutLoad(URI base, LoadProtocol protocol, FanoutShape shape, String run) {
        this.base = base;
        this.protocol = protocol;
        this.shape = shape;
        this.run = run;
    }

    /** What was measured since the last call: counted on the event loop, read through {@link #take}. */
    record Counted(Latencies latencies, Latencies confirmations, long sent) {}

    @Override
    public Future<?> start() {
        client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(shape.rooms() * shape.peers())
                .setMaxFrameSize(1 << 24)
                .setMaxMessageSize(1 << 24));
        List<String> rooms = new ArrayList<>();
        for (int room = 0; room < shape.rooms(); room++) {
            rooms.addAll(Collections.nCopies(shape.peers(), run + "-" + room));
        }
        return new Dialer(vertx, client, base, protocol, rooms, (index, socket) -> opened(rooms.get(index), socket))
                .dial();
    }

    /** Says goodbye on every socket; a client that is closed with sockets open may wait half a minute for them. */
    @Override
    public Future<?> stop() {
        return Future.join(sockets.stream().map(WebSocket::close).toList()).otherwiseEmpty();
    }

    private void opened(String room, WebSocket socket) {
        sockets.add(socket);
        TypingPeer typist = new TypingPeer(1 + ThreadLocalRandom.current().nextLong(0xffff_ffffL));
        typists.add(typist);
        roomOf.add(room);
        socket.binaryMessageHandler(frame -> received(room, frame, typist));
        socket.closeHandler(_ -> closed(socket));
        protocol.hello(room).forEach(frame -> socket.writeBinaryMessage(frame).onFailure(this::broken));
    }

    /** What comes back to its sender is a confirmation, which waits for a commit; all else came from somebody else. */
    private void received(String room, Buffer frame, TypingPeer receiver) {
        long now = System.nanoTime();
        byte[] bytes = frame.getBytes();
        if (protocol.isSign(room, bytes)) {
            confirmations.add(now - receiver.oldestSent());
            return;
        }
        Stamps.forEach(bytes, stamp -> (receiver.hasSent(stamp) ? confirmations : latencies).add(now - stamp));
    }

    /** Starts typing, each client at its own place in the period, so that a server sees a steady stream. */
    void type() {
        typing = true;
        long periodMillis = 1_000L / shape.perSecond();
        for (int at = 0; at < sockets.size(); at++) {
            int index = at;
            long delay = 1 + ThreadLocalRandom.current().nextLong(periodMillis);
            vertx.setTimer(delay, _ -> {
                keystroke(index);
                vertx.setPeriodic(periodMillis, timer -> {
                    if (typing) {
                        keystroke(index);
                    } else {
                        vertx.cancelTimer(timer);
                    }
                });
            });
        }
    }

    private void keystroke(int index) {
        if (typing) {
            sent++;
            byte[] update = typists.get(index).next(System.nanoTime());
            sockets.get(index)
                    .writeBinaryMessage(protocol.update(roomOf.get(index), update))
                    .onFailure(this::broken);
        }
    }

    /** Said once: a load of which clients are gone measures nothing. */
    private void closed(WebSocket socket) {
        if (typing) {
            typing = false;
            System.out.println("  a client was closed with " + socket.closeStatusCode() + " " + socket.closeReason());
        }
    }

    private void broken(Throwable cause) {
        throw new IllegalStateException("a client of the load could not send to " + base, cause);
    }

    /** Stops typing; what is on its way still arrives. */
    void quieten() {
        typing = false;
    }

    Counted take() {
        Counted counted = new Counted(latencies, confirmations, sent);
        latencies = new Latencies();
        confirmations = new Latencies();
        sent = 0;
        return counted;
    }

    /** Runs {@code action} on the load's event loop. */
    <T> Future<T> onLoop(java.util.function.Supplier<T> action) {
        return Future.future(promise -> context.runOnContext(_ -> promise.complete(action.get())));
    }

    /** Clients of y-websocket. */
    static Future<FanoutLoad> deploy(Vertx vertx, URI base, FanoutShape shape, String run) {
        FanoutLoad load = new FanoutLoad(base, LoadProtocol.Y_WEBSOCKET, shape, run);
        return vertx.deployVerticle(load).map(load);
    }

    static Future<FanoutLoad> deploy(Vertx vertx, Rival rival, FanoutShape shape, String run) {
        FanoutLoad load = new FanoutLoad(rival.rooms(), rival.protocol(), shape, run);
        return vertx.deployVerticle(load).map(load);
    }
}
