package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.AwarenessLimits;
import dev.boardwalk.crdt.sync.UpdateLimits;
import dev.boardwalk.crdt.sync.UpdateValidator;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.Revocation;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gateway: one port for WebSockets and HTTP, and the live entities behind it. */
public final class Gateway {

    /**
     * Times that no setting changes, given by tests.
     *
     * @param renewLease a third of the lease or less
     * @param recover how often journals of dead gateways are looked for
     * @param drain how long a drain may wait for the database
     */
    record Timing(
            Duration renewLease, Duration recover, Duration drain, KeepAlive.Timing keepAlive, Relay.Timing relay) {
        static final Timing DEFAULT = new Timing(
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                KeepAlive.Timing.DEFAULT,
                Relay.Timing.DEFAULT);
    }

    /** Vert.x: servers of one deployment that ask for the same negative port share one that the system chooses. */
    private static final int SHARED_RANDOM_PORT = -1;

    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    private final Vertx vertx;
    private final GatewayMeters meters;
    private final Timing timing;
    private final Registration registration;
    private final Relay relay;
    private final Ticker ticker;
    private final Flusher flusher;
    private final Recovery recovery;
    private final List<Door> doors = new ArrayList<>();
    /** Filled before the first port opens, then unchanged. */
    private final List<EntityShard> shards = new CopyOnWriteArrayList<>();

    private final @Nullable WebhookDelivery webhooks;
    /** What to do when nobody wants to be told: the feed is not kept for nobody. */
    private final Supplier<Future<Void>> unsubscribe;

    private final LiveEntities entities;
    private int port;
    private @Nullable Future<Void> drained;

    private Gateway(
            Vertx vertx,
            Context context,
            Registration registration,
            Database database,
            GatewaySettings settings,
            RelayBus bus,
            GatewayMeters meters,
            @Nullable AccessControl access,
            Timing timing) {
        this.vertx = vertx;
        this.meters = meters;
        this.timing = timing;
        this.registration = registration;
        GatewayLimits limits = settings.limits();
        AwarenessLimits awareness = new AwarenessLimits(
                AwarenessLimits.defaults().clientsMax(),
                limits.awarenessBytes(),
                AwarenessLimits.defaults().depthMax());
        this.relay = new Relay(
                context,
                bus,
                database.gateways(),
                registration::lease,
                new RelayInbox(this::shard, shards, awareness, meters),
                meters,
                timing.relay);
        this.ticker = new Ticker(context, registration, relay, meters);
        registration.report(ticker::lastTick);
        var writer = database.flushWriter();
        var computation = new FlushComputation(meters);
        var journalFlush = new JournalFlush(database.entities(), writer, computation);
        this.flusher =
                new Flusher(settings.flushInterval(), writer, computation, journalFlush, registration, ticker, meters);
        this.recovery = new Recovery(
                database.leases(), database.journalReader(), journalFlush, registration, this::relayRecovered, meters);
        Replicas replicas = new Replicas(vertx);
        UpdateValidator validator = new UpdateValidator(UpdateLimits.defaults().withBytesMax(limits.frameBytes()));
        this.entities = new LiveEntities(
                vertx,
                this::shard,
                database.entities(),
                flusher,
                new OrganisationFlush(
                        () -> List.copyOf(shards), flusher, database.entities(), journalFlush, registration::lease),
                writer,
                journalFlush,
                registration,
                replicas,
                relay,
                validator,
                meters);
        ApplicationHooks hooks = ApplicationHooks.set(vertx, settings, meters);
        this.webhooks = WebhookDelivery.set(vertx, context, database.webhooks(), settings.webhooks(), meters);
        this.unsubscribe = () -> database.webhooks().unsubscribe();
        var services = new ShardServices(
                limits.live(),
                limits.documentBytes(),
                database.entities(),
                hooks == null ? null : new Seeding(hooks, database.seeds(), validator),
                ticker,
                flusher,
                new EntityCache(settings.cacheBytes(), meters),
                replicas,
                relay,
                webhooks,
                meters);
        var rules = new PeerRules(
                validator,
                awareness,
                limits.frameBytes(),
                limits.peerQueueBytes(),
                limits.pendingBytes(),
                limits.documentsPerSocket(),
                limits.door(),
                meters.counts,
                meters);
        if (access != null) {
            access.revocations().listen(revocation -> review(access, revocation));
        }
        for (int i = 0; i < settings.eventLoops(); i++) {
            doors.add(new Door(
                    settings,
                    rules,
                    hooks != null ? hooks : access != null ? new TokenAuthenticator(access) : Authenticator.NONE,
                    hooks,
                    timing.keepAlive,
                    shardContext -> new EntityShard(shardContext, services)));
        }
    }

    /** Ends the stay of those whom a revocation concerns. */
    private void review(AccessControl access, Revocation revocation) {
        for (Door door : doors) {
            door.review((admitted, project) -> access.review(admitted.caller(), project, revocation));
        }
    }

    /**
     * Starts a gateway on a database that is open and migrated: registers it, listens, and looks after what dead gateways
     * left.
     *
     * @param http makes the handler of every request that is not an upgrade to a WebSocket; called once
     * @param bus where it meets other gateways on the same database
     * @param access who is let in by which token; null means that nobody has to show one
     * @return completes when the port is open
     */
    static Future<Gateway> start(
            Vertx vertx,
            Database database,
            GatewaySettings settings,
            MeterRegistry registry,
            Function<LiveEntities, Handler<HttpServerRequest>> http,
            RelayBus bus,
            @Nullable AccessControl access) {
        return start(vertx, database, settings, registry, http, bus, access, Timing.DEFAULT);
    }

    static Future<Gateway> start(
            Vertx vertx,
            Database database,
            GatewaySettings settings,
            MeterRegistry registry,
            Function<LiveEntities, Handler<HttpServerRequest>> http,
            RelayBus bus,
            @Nullable AccessControl access,
            Timing timing) {
        Context context = vertx.getOrCreateContext();
        GatewayMeters meters = new GatewayMeters(registry);
        Promise<Gateway> started = Promise.promise();
        context.runOnContext(_ -> Registration.register(
                        context, database, settings.host() + ":" + settings.port(), bus.address(), timing.renewLease)
                .compose(registration -> {
                    Gateway gateway =
                            new Gateway(vertx, context, registration, database, settings, bus, meters, access, timing);
                    return gateway.open(settings, http.apply(gateway.entities));
                })
                .onComplete(started));
        return started.future();
    }

    private Future<Gateway> open(GatewaySettings settings, Handler<HttpServerRequest> http) {
        Iterator<Door> next = doors.iterator();
        // One deployment, because only within one do servers share a port that the system chooses.
        int wanted = settings.port() == 0 ? SHARED_RANDOM_PORT : settings.port();
        return vertx.deployVerticle(next::next, new DeploymentOptions().setInstances(doors.size()))
                .compose(_ -> {
                    doors.forEach(door -> shards.add(door.shard()));
                    return relay.start();
                })
                .compose(_ -> webhooks == null ? unsubscribe.get() : webhooks.start())
                .compose(_ -> {
                    flusher.start(shards);
                    return Future.all(doors.stream()
                            .map(door -> door.open(wanted, this::shard, http))
                            .toList());
                })
                .onSuccess(opened -> port = opened.resultAt(0))
                .map(_ -> {
                    recovery.start(timing.recover);
                    log.info("listening host={} port={} eventLoops={}", settings.host(), port, doors.size());
                    return this;
                });
    }

    private EntityShard shard(EntityKey key) {
        int hash = key.hashCode();
        return shards.get(Math.floorMod(hash ^ hash >>> 16, shards.size()));
    }

    private void relayRecovered(JournalFlush.Flushed recovered) {
        relay.recovered(new RelayMessage.Contents(
                recovered.entity().key(), recovered.entity().id(), recovered.updates()));
    }

    /** The live entities, for handlers of HTTP requests. */
    public LiveEntities entities() {
        return entities;
    }

    /** What this gateway tells the others and hears of them. */
    Relay relay() {
        return relay;
    }

    /** The port that was opened: the one asked for, or the one that the system chose for 0. */
    public int port() {
        return port;
    }

    /**
     * Accepts nothing more, commits and flushes all that was received, closes every socket with 4205, and gives the
     * gateway's journal up. Completes when nothing of it is left; calling it again gives the same future.
     */
    public synchronized Future<Void> drain() {
        // The lock guards only the choice of the one future.
        Future<Void> underWay = drained;
        if (underWay == null) {
            underWay = drainOnce();
            drained = underWay;
        }
        return underWay;
    }

    private Future<Void> drainOnce() {
        log.info("draining sockets={} pendingBytes={}", meters.sockets, meters.pendingBytes);
        recovery.stop();
        entities.drain();
        return save().timeout(timing.drain.toMillis(), TimeUnit.MILLISECONDS)
                .transform(saved -> closeDoors()
                        .transform(_ -> relay.leave())
                        .transform(_ -> leave(saved.succeeded(), saved.cause())));
    }

    /** All that was received is committed, confirmed to its senders, and flushed. */
    private Future<Void> save() {
        return forEachDoor(Door::stopReading)
                .compose(_ -> forEachShard(EntityShard::quiet))
                .compose(_ -> ticker.idle())
                .compose(_ -> forEachShard(EntityShard::quiet))
                .compose(_ -> flusher.flushEverything());
    }

    private Future<Void> closeDoors() {
        return forEachDoor(door -> door.closePeers(CloseCode.RECONNECT, "this gateway is going down; connect again"))
                .transform(_ -> forEachDoor(Door::closePort))
                .transform(_ -> forEachShard(EntityShard::quiet))
                .transform(_ -> webhooks == null ? Future.succeededFuture() : webhooks.stop());
    }

    private Future<Void> leave(boolean saved, @Nullable Throwable cause) {
        flusher.stop();
        if (saved) {
            return registration.retire();
        }
        log.error(
                "drained without saving everything; what is in the journal is recovered by the next gateway, what is not"
                        + " was never confirmed pendingBytes={}",
                meters.pendingBytes,
                cause);
        return registration.abandon();
    }

    /** Stops at once and saves nothing, as a process that is killed; for tests. */
    Future<Void> abandon() {
        recovery.stop();
        entities.drain();
        ticker.stop();
        flusher.stop();
        if (webhooks != null) {
            webhooks.abandon();
        }
        return forEachDoor(Door::cut).transform(_ -> relay.stop()).transform(_ -> registration.abandon());
    }

    private Future<Void> forEachDoor(Function<Door, Future<Void>> action) {
        return Future.all(doors.stream().map(action).toList()).mapEmpty();
    }

    private Future<Void> forEachShard(Function<EntityShard, Future<Void>> action) {
        return Future.all(shards.stream().map(action).toList()).mapEmpty();
    }
}
