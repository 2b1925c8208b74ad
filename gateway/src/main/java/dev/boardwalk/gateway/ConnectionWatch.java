package dev.boardwalk.gateway;

import io.vertx.core.Context;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The watch over the connections of one event loop that are no WebSockets: a request has to come whole within a time, however
 * steadily it trickles. The read timeout does not see those that send a byte now and then.
 *
 * <p>Belongs to its event loop.
 */
final class ConnectionWatch {
    private static final Duration ROUND_MAX = Duration.ofSeconds(1);

    private static final class Watched {
        private long sinceNanos = System.nanoTime();
        private boolean asked;
    }

    private final DoorLimits limits;
    private final AtomicLong open;
    private final GatewayMeters meters;
    private final Map<HttpConnection, Watched> connections = new HashMap<>();

    ConnectionWatch(Context context, DoorLimits limits, AtomicLong open, GatewayMeters meters) {
        this.limits = limits;
        this.open = open;
        this.meters = meters;
        long round = Math.min(
                ROUND_MAX.toMillis(), Math.max(50, limits.handshakeTime().toMillis() / 4));
        context.owner().setPeriodic(round, _ -> round());
    }

    /** A connection was accepted. */
    void opened(HttpConnection connection) {
        connections.put(connection, new Watched());
        connection.closeHandler(_ -> forget(connection));
        if (open.incrementAndGet() + meters.sockets.get() > limits.connections()) {
            cut(connection, "connections-full");
        }
    }

    /** The head of a request has come whole; its body may still be on its way. */
    void asked(HttpServerRequest request) {
        Watched watched = connections.get(request.connection());
        if (watched != null) {
            watched.asked = true;
            watched.sinceNanos = System.nanoTime();
        }
    }

    /** It is a WebSocket from now on, which others look after. */
    void upgraded(HttpConnection connection) {
        forget(connection);
    }

    private void forget(HttpConnection connection) {
        if (connections.remove(connection) != null) {
            open.decrementAndGet();
        }
    }

    private void round() {
        long now = System.nanoTime();
        for (Map.Entry<HttpConnection, Watched> each : List.copyOf(connections.entrySet())) {
            Duration limit = each.getValue().asked ? limits.requestTime() : limits.handshakeTime();
            if (now - each.getValue().sinceNanos > limit.toNanos()) {
                cut(each.getKey(), each.getValue().asked ? "request-too-slow" : "handshake-too-slow");
            }
        }
    }

    private void cut(HttpConnection connection, String reason) {
        meters.refused(reason);
        forget(connection);
        connection.close().onComplete(_ -> {});
    }
}
