package dev.boardwalk.gateway;

import dev.boardwalk.store.Database;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Function;

/** A running gateway: one port for WebSockets and HTTP, and the live entities behind it. */
public final class Gateway {

    private final LiveEntities entities;

    private Gateway(LiveEntities entities) {
        this.entities = entities;
    }

    /**
     * Starts a gateway on a database that is open and migrated: registers it, recovers what dead gateways left, and
     * listens.
     *
     * @param http makes the handler of every request that is not an upgrade to a WebSocket; called once
     * @return completes when the port is open
     */
    public static Future<Gateway> start(
            Vertx vertx,
            Database database,
            GatewaySettings settings,
            MeterRegistry meters,
            Function<LiveEntities, Handler<HttpServerRequest>> http) {
        return Future.failedFuture(
                new UnsupportedOperationException("start " + vertx + database + settings + meters + http));
    }

    /** The live entities, for handlers of HTTP requests. */
    public LiveEntities entities() {
        return entities;
    }

    /** The port that was opened: the one asked for, or the one that the system chose for 0. */
    public int port() {
        return 0;
    }

    /**
     * Accepts nothing more, commits and flushes all that was received, closes every socket with 4205, and gives the
     * gateway's journal up. Completes when nothing of it is left; calling it again gives the same future.
     */
    public Future<Void> drain() {
        return Future.failedFuture(new UnsupportedOperationException("drain"));
    }
}
