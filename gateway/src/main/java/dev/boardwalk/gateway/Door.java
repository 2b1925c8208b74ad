package dev.boardwalk.gateway;

import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.StoreException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's entrance on one event loop: accepts connections, lets WebSockets into their entities and hands every
 * other request on. Each event loop has one, all on the same port.
 */
final class Door extends VerticleBase {

    /** Slowest sign of life of any connection; WebSockets are pinged well before. */
    private static final int READ_IDLE_SECONDS = 75;

    /** How long a drain waits for peers to answer their close. */
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(3);

    private final GatewaySettings settings;
    private final PeerRules rules;
    private final Authenticator authenticator;
    private final @Nullable ApplicationHooks hooks;
    private final KeepAlive.Timing timing;
    private final GatewayMeters meters;
    private final Function<Context, EntityShard> shardOf;

    private @Nullable EntityShard shard;
    private @Nullable KeepAlive keepAlive;
    private @Nullable ConnectionWatch connections;
    private @Nullable HttpServer server;
    private Function<EntityKey, EntityShard> shards = _ -> {
        throw new IllegalStateException("the gateway is not open yet");
    };
    private boolean draining;

    Door(
            GatewaySettings settings,
            PeerRules rules,
            Authenticator authenticator,
            @Nullable ApplicationHooks hooks,
            KeepAlive.Timing timing,
            Function<Context, EntityShard> shardOf) {
        this.settings = settings;
        this.rules = rules;
        this.authenticator = authenticator;
        this.hooks = hooks;
        this.timing = timing;
        this.meters = rules.meters();
        this.shardOf = shardOf;
    }

    @Override
    public Future<?> start() {
        shard = shardOf.apply(context);
        keepAlive = new KeepAlive(context, timing, meters);
        connections = new ConnectionWatch(context, rules.door(), meters.counts.connections, meters);
        return Future.succeededFuture();
    }

    EntityShard shard() {
        return Objects.requireNonNull(shard, "shard of a door that did not start");
    }

    /** Opens the port. Answers with its number. May be called from any thread. */
    Future<Integer> open(int port, Function<EntityKey, EntityShard> allShards, Handler<HttpServerRequest> http) {
        return onContext(() -> {
            shards = allShards;
            server = vertx.createHttpServer(options());
            ConnectionWatch watch = connections();
            return server.connectionHandler(watch::opened)
                    .requestHandler(request -> handle(request, http))
                    .invalidRequestHandler(request -> meters.refused(Problems.answerInvalid(request)))
                    .listen(port, settings.host())
                    .map(HttpServer::actualPort);
        });
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setReadIdleTimeout(READ_IDLE_SECONDS)
                // Nobody needs HTTP/2 without TLS, and it has attacks of its own.
                .setHttp2ClearTextEnabled(false)
                // Sharing one encoded frame among peers rules compression for each of them out.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setMaxHeaderSize(rules.door().headerBytes())
                .setMaxInitialLineLength(rules.door().headerBytes() / 2)
                .setMaxWebSocketFrameSize(rules.frameBytes())
                .setMaxWebSocketMessageSize(rules.frameBytes());
    }

    private void handle(HttpServerRequest request, Handler<HttpServerRequest> http) {
        connections().asked(request);
        if (isUpgrade(request)) {
            upgrade(request);
        } else {
            http.handle(request);
        }
    }

    private static boolean isUpgrade(HttpServerRequest request) {
        String upgrade = request.getHeader(HttpHeaders.UPGRADE);
        return upgrade != null && upgrade.equalsIgnoreCase("websocket");
    }

    private void upgrade(HttpServerRequest request) {
        Consumer<ServerWebSocket> entrance;
        String address = rules.door().proxies().clientOf(request);
        try {
            guard(request);
            entrance = entrance(request, address);
            count(address);
        } catch (ProblemException refused) {
            meters.refused(refused.problem().code());
            answer(request, refused.problem());
            return;
        }
        HttpConnection connection = request.connection();
        request.toWebSocket()
                .onSuccess(socket -> {
                    connections().upgraded(connection);
                    entrance.accept(socket);
                })
                // Vert.x has answered the handshake with 400 already.
                .onFailure(_ -> {
                    rules.counts().leave(address);
                    meters.refused("bad-handshake");
                });
    }

    private void count(String address) {
        int most = rules.door().socketsPerAddress();
        if (!rules.counts().enter(address, most)) {
            throw new ProblemException(
                    429, "too-many-sockets", "one address may have " + most + " WebSockets open: " + address);
        }
    }

    private void guard(HttpServerRequest request) {
        Problem refusal = settings.guard().refusal(request);
        if (refusal != null) {
            throw new ProblemException(refusal);
        }
        if (draining) {
            throw new ProblemException(503, "draining", "this gateway is going down; connect again");
        }
        if (meters.sockets.get() >= settings.limits().sockets()) {
            throw new ProblemException(
                    503, "overloaded", "all " + settings.limits().sockets() + " WebSockets of this gateway are taken");
        }
    }

    /** What becomes of the socket, by the request's address. */
    private Consumer<ServerWebSocket> entrance(HttpServerRequest request, String address) {
        String path = String.valueOf(request.path());
        Handshake handshake = Handshake.of(request, address);
        try {
            if (path.startsWith(EntityAddress.PREFIX)) {
                EntityKey key = EntityAddress.parse(Caller.ANYONE.organisation(), path);
                return socket -> enterYjs(socket, handshake, key);
            }
            if (path.startsWith(EntityAddress.COLLAB_PREFIX)) {
                String project = EntityAddress.collabProject(path);
                return socket -> enterCollab(socket, handshake, project);
            }
        } catch (IllegalArgumentException | StoreException.InvalidName invalid) {
            throw new ProblemException(400, "invalid-name", String.valueOf(invalid.getMessage()));
        }
        throw new ProblemException(404, "not-found", "there is no WebSocket at this address");
    }

    private static void answer(HttpServerRequest request, Problem problem) {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        Problems.answer(request.response(), problem);
    }

    private void enterYjs(ServerWebSocket socket, Handshake handshake, EntityKey key) {
        YjsSocket entered = new YjsSocket(socket, handshake.socketId(), rules, left -> left(left, handshake.address()));
        watch(entered);
        entered.enter(
                authenticator.admit(
                        new Authenticator.Attempt(handshake, key.project(), key.name(), handshake.token(), null, null)),
                key,
                shards);
    }

    private void enterCollab(ServerWebSocket socket, Handshake handshake, String project) {
        watch(new CollabSocket(
                socket,
                handshake,
                project,
                authenticator,
                hooks,
                shards,
                rules,
                left -> left(left, handshake.address())));
    }

    private void watch(ClientSocket socket) {
        meters.sockets.incrementAndGet();
        keepAlive().add(socket);
    }

    private void left(ClientSocket socket, String address) {
        rules.counts().leave(address);
        keepAlive().remove(socket);
        meters.sockets.decrementAndGet();
    }

    private ConnectionWatch connections() {
        return Objects.requireNonNull(connections, "connections of a door that did not start");
    }

    private KeepAlive keepAlive() {
        return Objects.requireNonNull(keepAlive, "keep-alive of a door that did not start");
    }

    /** Lets nobody in any more and stops reading from those who are in. May be called from any thread. */
    Future<Void> stopReading() {
        return onContext(() -> {
            draining = true;
            sockets().forEach(socket -> socket.wire().reading(false));
            return Future.succeededFuture();
        });
    }

    /** Lets those who are in stay or go. May be called from any thread. */
    void review(Authenticator.Review review) {
        context.runOnContext(_ -> sockets().forEach(socket -> socket.review(review)));
    }

    /** Closes all sockets; completes when they are closed, or did not care to within some seconds. */
    Future<Void> closePeers(CloseCode code, String reason) {
        return onContext(() -> {
            sockets().forEach(socket -> {
                // With bytes unread the system would reset the connection, and the reason would be lost.
                socket.wire().reading(true);
                socket.close(code, reason);
            });
            return allGone(System.nanoTime() + CLOSE_WAIT.toNanos());
        });
    }

    private Future<Void> allGone(long deadlineNanos) {
        if (sockets().isEmpty() || System.nanoTime() > deadlineNanos) {
            return Future.succeededFuture();
        }
        return vertx.timer(20, TimeUnit.MILLISECONDS).compose(_ -> allGone(deadlineNanos));
    }

    /** Stops listening. May be called from any thread. */
    Future<Void> closePort() {
        return onContext(() -> {
            HttpServer open = server;
            return open == null ? Future.succeededFuture() : open.close();
        });
    }

    /** Cuts all connections without a word. May be called from any thread. */
    Future<Void> cut() {
        return onContext(() -> {
            sockets().forEach(socket -> socket.wire().cut());
            return closePort();
        });
    }

    private List<ClientSocket> sockets() {
        KeepAlive watch = keepAlive;
        return watch == null ? List.of() : List.copyOf(watch.sockets());
    }

    private <T> Future<T> onContext(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(
                _ -> Future.<Void>succeededFuture().compose(_ -> work.get()).onComplete(done));
        return done.future();
    }
}
