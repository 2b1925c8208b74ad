package dev.boardwalk.gateway;

import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseLimits;
import dev.boardwalk.store.DatabaseSettings;
import dev.boardwalk.testkit.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A gateway in this process on a real database, with everything in reach; what is not drained is abandoned at the end. */
final class TestGateway implements AutoCloseable {
    private static final Gateway.Timing TIMING = new Gateway.Timing(
            Duration.ofMillis(500),
            Duration.ofMillis(300),
            Duration.ofSeconds(10),
            KeepAlive.Timing.DEFAULT,
            new Relay.Timing(Duration.ofMillis(200), Duration.ofMillis(1_500), Duration.ofMillis(500)));

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Vertx vertx = Vertx.vertx();
    private final Database database;
    private final Gateway gateway;
    private boolean over;

    private TestGateway(
            TestDatabase testDatabase, Map<String, String> environment, RelayBus bus, Gateway.Timing timing) {
        // Two event loops, on any machine: what goes from one to the other is what goes wrong.
        Map<String, String> all = new HashMap<>(
                Map.of("BOARDWALK_PORT", "0", "BOARDWALK_FLUSH_INTERVAL", "500ms", "BOARDWALK_EVENT_LOOPS", "2"));
        all.putAll(environment);
        DatabaseSettings settings = DatabaseSettings.parse(testDatabase.url())
                .withLimits(DatabaseLimits.DEFAULTS.withLease(Duration.ofSeconds(2)));
        database = Database.open(vertx, settings);
        gateway = await(Gateway.start(
                vertx,
                database,
                GatewaySettings.from(all),
                meters,
                _ -> request -> request.response().setStatusCode(404).end(),
                bus,
                null,
                timing));
    }

    static TestGateway start(TestDatabase database) {
        return new TestGateway(database, Map.of(), RelayBus.NONE, TIMING);
    }

    static TestGateway start(TestDatabase database, Map<String, String> environment) {
        return new TestGateway(database, environment, RelayBus.NONE, TIMING);
    }

    /** One of several that meet on a bus. */
    static TestGateway start(TestDatabase database, RelayBus bus) {
        return new TestGateway(database, Map.of(), bus, TIMING);
    }

    static TestGateway start(TestDatabase database, Map<String, String> environment, KeepAlive.Timing keepAlive) {
        return new TestGateway(
                database,
                environment,
                RelayBus.NONE,
                new Gateway.Timing(TIMING.renewLease(), TIMING.recover(), TIMING.drain(), keepAlive, TIMING.relay()));
    }

    int port() {
        return gateway.port();
    }

    Gateway gateway() {
        return gateway;
    }

    LiveEntities entities() {
        return gateway.entities();
    }

    Vertx vertx() {
        return vertx;
    }

    Database database() {
        return database;
    }

    WirePeer connect(String path) {
        return WirePeer.connect(port(), path);
    }

    WirePeer synced(String path) {
        return WirePeer.synced(port(), path);
    }

    double meter(String name) {
        return meters.find(name).meters().stream()
                .flatMap(meter ->
                        java.util.stream.StreamSupport.stream(meter.measure().spliterator(), false))
                .mapToDouble(io.micrometer.core.instrument.Measurement::getValue)
                .sum();
    }

    /** How often something was refused for this reason. */
    double refused(String reason) {
        var counter =
                meters.find("boardwalk_refused_total").tag("reason", reason).counter();
        return counter == null ? 0 : counter.count();
    }

    void drain() {
        over = true;
        await(gateway.drain());
    }

    /** Ends like a process that is killed: nothing is saved any more, the lease runs out. */
    void crash() {
        over = true;
        await(gateway.abandon());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() {
        if (!over) {
            crash();
        }
        database.close();
        await(vertx.close());
    }
}
