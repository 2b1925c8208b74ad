package dev.boardwalk.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Opens many WebSockets to one server, a few at a time: when hundreds knock at once, a server cuts some off, and which is
 * not what a benchmark asks. One that is cut off all the same is tried again after a moment, as any client would.
 *
 * <p>Belongs to the event loop on which {@link #dial} is called.
 */
final class Dialer {
    private static final int AT_ONCE = 16;
    private static final int TRIES = 5;
    private static final long RETRY_MILLIS = 100;

    private final Vertx vertx;
    private final WebSocketClient client;
    private final URI base;
    private final LoadProtocol protocol;
    private final List<String> rooms;
    private final BiConsumer<Integer, WebSocket> opened;
    private int next;

    /**
     * @param base where rooms live
     * @param protocol how a room is reached from there
     * @param rooms a room's name for each socket
     * @param opened gets the number of the name and the socket, as each opens
     */
    Dialer(
            Vertx vertx,
            WebSocketClient client,
            URI base,
            LoadProtocol protocol,
            List<String> rooms,
            BiConsumer<Integer, WebSocket> opened) {
        this.vertx = vertx;
        this.client = client;
        this.base = base;
        this.protocol = protocol;
        this.rooms = rooms;
        this.opened = opened;
    }

    /** Completes when all are open, fails when one cannot be opened. */
    Future<?> dial() {
        List<Future<Void>> lines = new ArrayList<>();
        for (int line = 0; line < AT_ONCE; line++) {
            lines.add(oneAfterAnother());
        }
        return Future.all(lines);
    }

    private Future<Void> oneAfterAnother() {
        if (next == rooms.size()) {
            return Future.succeededFuture();
        }
        int index = next++;
        return connect(protocol.path(base.getPath(), rooms.get(index)), TRIES).compose(socket -> {
            opened.accept(index, socket);
            return oneAfterAnother();
        });
    }

    private Future<WebSocket> connect(String path, int tries) {
        Future<WebSocket> asked = client.connect(base.getPort(), base.getHost(), path);
        return tries == 1
                ? asked
                : asked.recover(_ -> vertx.timer(RETRY_MILLIS).compose(_ -> connect(path, tries - 1)));
    }
}
