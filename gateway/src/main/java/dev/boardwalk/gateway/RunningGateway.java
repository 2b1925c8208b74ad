package dev.boardwalk.gateway;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.gateway.token.TokenSettings;
import dev.boardwalk.gateway.token.TokenSigner;
import dev.boardwalk.gateway.token.TokenVerifier;
import dev.boardwalk.graph.Graph;
import dev.boardwalk.graph.cypher.CypherLimits;
import dev.boardwalk.graph.cypher.CypherQueries;
import dev.boardwalk.search.Search;
import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BackgroundService;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.net.BindException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that {@code up} starts, in the order of the steps; stopped in the opposite order. */
final class RunningGateway implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunningGateway.class);

    /** A gateway that cannot save within this time leaves its journal to its next start, which loses nothing confirmed. */
    private static final long DRAIN_SECONDS = 60;

    private final GatewaySettings settings;
    /** Counts the gateways of one {@code up}; the first owns the folder and what is done once for all. */
    private final int number;

    private final Consumer<String> say;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private @Nullable AccessControl access;
    private @Nullable BlobStore storage;
    private String address = "";
    private @Nullable DatabaseSettings databaseSettings;

    private RunningGateway(GatewaySettings settings, int number, Consumer<String> say) {
        this.settings = settings;
        this.number = number;
        this.say = say;
    }

    /**
     * Starts all that the settings ask for and waits until it is ready; if a step fails, those before it are undone.
     *
     * @param say takes one line for each step that may last
     * @throws InterruptedException if the starting thread is interrupted; everything is stopped then
     */
    static RunningGateway start(GatewaySettings settings, Consumer<String> say) throws InterruptedException {
        return start(new RunningGateway(settings, 1, say));
    }

    /** The same for a gateway that another one started: the folder and its database are that one's. */
    static RunningGateway startFurther(GatewaySettings settings, int number) throws InterruptedException {
        return start(new RunningGateway(settings, number, _ -> {}));
    }

    private static RunningGateway start(RunningGateway running) throws InterruptedException {
        try {
            running.start();
            return running;
        } catch (Throwable failure) {
            boolean interrupted = Thread.interrupted() || failure instanceof InterruptedException;
            running.close();
            if (interrupted) {
                throw new InterruptedException("told to stop while starting");
            }
            throw failure;
        }
    }

    /** Where browsers and clients find it. */
    String address() {
        return address;
    }

    /** The database it works on, which may be its own. */
    DatabaseSettings database() {
        return Objects.requireNonNull(databaseSettings, "database of a gateway that did not start");
    }

    /** What is answered besides sockets and pages. */
    List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    private void start() throws InterruptedException {
        boolean first = number == 1;
        if (first) {
            started.push(DataLock.acquire(settings.data()));
        }
        started.push(
                LogConfigurator.writeTo(settings.data().resolve("log"), first ? "boardwalk" : "boardwalk-" + number));
        settings.lines().forEach(line -> log.info("setting {}", line));
        // First, so that a machine on which it does not load is told before anything has to be undone.
        Engine.load();
        Vertx vertx = vertx();
        PrometheusMeterRegistry meters = ProcessMeters.registry();
        started.push(meters::close);
        DatabaseSettings found = databaseSettings();
        databaseSettings = found;
        say.accept("Opening the database …");
        BlobStore objects = StoredObjects.open(settings);
        started.push(objects);
        Database database = Database.open(vertx, settings.sized(found), objects);
        started.push(database);
        ProcessMeters.add(meters, database.gauges());
        openAccess(vertx, database);
        Graph graph = Graph.open(database, settings.graph());
        started.push(graph);
        ProcessMeters.add(meters, graph);
        say.accept("Starting the gateway …");
        Readiness readiness = new Readiness(database, () -> probe(vertx, objects));
        Search search = Search.start(
                database, settings.search(), new GraphNeighbours(database.ownConnections("neighbours", 2)));
        started.push(search);
        search.gauges()
                .forEach((name, value) -> Gauge.builder("boardwalk_search_" + name, value::getAsLong)
                        .register(meters));
        storage = objects;
        Gateway gateway = gateway(vertx, database, graph, search, meters, readiness);
        if (first) {
            startBesides(settings.background(database, objects), meters);
        }
        started.push(() -> drain(gateway, readiness));
        await(readiness.check());
        String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
        address = "http://" + host + ":" + gateway.port();
        log.info("ready address={}", address);
    }

    /** Who may do what, if anybody has to show who they are. */
    private void openAccess(Vertx vertx, Database database) throws InterruptedException {
        if (settings.authentication().required()) {
            var verifier = new TokenVerifier(settings.authentication().tokens(settings.data()));
            Revocations revocations = new Revocations(vertx, database.access());
            access = new AccessControl(vertx, verifier, database.access(), database.projects(), revocations);
            await(revocations.start());
            started.push(revocations::stop);
        }
    }

    /** What else there is to do on the same data, whatever the class path brings. */
    @SuppressWarnings("MustBeClosedChecker") // closed with everything else that was started
    private void startBesides(BackgroundContext context, PrometheusMeterRegistry meters) {
        for (BackgroundService service : ServiceLoader.load(BackgroundService.class)) {
            BackgroundService.Running running = service.start(context);
            started.push(running);
            running.gauges()
                    .forEach(
                            (name, value) -> Gauge.builder("boardwalk_" + service.name() + "_" + name, value::getAsLong)
                                    .register(meters));
        }
    }

    private static Future<Void> probe(Vertx vertx, BlobStore objects) {
        return Blocking.call(vertx.getOrCreateContext(), () -> {
                    objects.probe();
                    return true;
                })
                .mapEmpty();
    }

    private Vertx vertx() {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(settings.eventLoops())
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        started.push(() -> await(vertx.close()));
        return vertx;
    }

    private DatabaseSettings databaseSettings() {
        if (settings.database() != null) {
            return settings.database();
        }
        String script = System.getProperty("boardwalk.postgres.script");
        if (script == null) {
            throw new InvalidSettings(
                    List.of("DATABASE_URL is not set, and only ./boardwalk can start a private database"));
        }
        say.accept("Starting the private database in " + settings.data().resolve("postgres") + " …");
        PrivatePostgres postgres = PrivatePostgres.start(Path.of(script), settings.data());
        started.push(postgres);
        return postgres.settings();
    }

    private Gateway gateway(
            Vertx vertx,
            Database database,
            Graph graph,
            Search search,
            PrometheusMeterRegistry meters,
            Readiness readiness)
            throws InterruptedException {
        try {
            return await(Gateway.start(
                    vertx,
                    database,
                    settings,
                    meters,
                    live -> router(vertx, database, graph, search, meters, readiness, live),
                    settings.cluster().bus(),
                    access));
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof BindException taken) {
                throw new PortTaken(settings, taken);
            }
            throw failure;
        }
    }

    private Router router(
            Vertx vertx,
            Database database,
            Graph graph,
            Search search,
            PrometheusMeterRegistry meters,
            Readiness readiness,
            LiveEntities live) {
        GatewayLimits limits = settings.limits();
        RequestBodies bodies = new RequestBodies(
                limits.requestBytes(), limits.pendingBytes(), limits.door().jsonDepth(), meters);
        endpoints.addAll(new WebhookApi(database.webhooks()).endpoints());
        endpoints.addAll(new EntityApi(live, database.catalog(), bodies).endpoints());
        RestSettings rest = settings.rest();
        Spool spool =
                new Spool(vertx, settings.data().resolve("uploads"), rest.attachmentBytes(), rest.uploads(), meters);
        endpoints.addAll(
                new AttachmentApi(vertx, database.catalog(), database.attachments(), storage(), bodies, spool, rest)
                        .endpoints());
        endpoints.addAll(new BatchApi(live, database.catalog(), bodies, rest.batchMax()).endpoints());
        endpoints.addAll(
                new PropertiesApi(vertx, live, database.idempotencyKeys(), bodies, limits.requestBytes()).endpoints());
        endpoints.addAll(new HistoryApi(vertx, live, database, bodies, meters).endpoints());
        endpoints.addAll(new RetentionApi(database.retentionPolicies(), bodies).endpoints());
        CypherLimits cypher = settings.cypher();
        CypherQueries queries = new CypherQueries(database.ownConnections("cypher", cypher.concurrent()), cypher);
        endpoints.addAll(new CypherApi(vertx, live, queries, bodies, meters).endpoints());
        int questionsMax = settings.search().questionsMax();
        endpoints.addAll(new SearchApi(vertx, search, live, questionsMax, bodies, meters).endpoints());
        endpoints.addAll(new GraphApi(vertx, live, graph, settings.graph(), bodies).endpoints());
        endpoints.addAll(new OperationsApi(vertx, readiness, meters).endpoints());
        endpoints.addAll(new AccessApi(database.access(), bodies).endpoints());
        endpoints.addAll(new ProjectApi(database.projects(), bodies).endpoints());
        endpoints.addAll(new ShareApi(signer()).endpoints());
        return HttpApi.router(vertx, meters, callers(), settings.guard(), endpoints);
    }

    private BlobStore storage() {
        return Objects.requireNonNull(storage, "objects of a gateway that did not start");
    }

    private @Nullable TokenSigner signer() {
        if (!settings.authentication().required()) {
            return null;
        }
        TokenSettings tokens = settings.authentication().tokens(settings.data());
        return tokens.secret() == null ? null : new TokenSigner(tokens);
    }

    private Function<HttpServerRequest, Future<Caller>> callers() {
        AccessControl known = access;
        if (known == null) {
            return _ -> Future.succeededFuture(Caller.ANYONE);
        }
        return request -> known.caller(BearerToken.of(request));
    }

    private void drain(Gateway gateway, Readiness readiness) throws Exception {
        say.accept("Saving everything …");
        readiness.drain();
        try {
            gateway.drain().toCompletionStage().toCompletableFuture().get(DRAIN_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException stuck) {
            log.error(
                    "not everything could be flushed in {} s; the journal has it, the next start goes on",
                    DRAIN_SECONDS);
        }
    }

    /** Stops what was started, last first; one step that fails does not keep the others from being done. */
    @Override
    public void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception failure) {
                log.error("a step of stopping failed, going on with the next", failure);
            }
        }
    }

    private static <T> T await(Future<T> future) throws InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new CompletionException(failure.getCause());
        }
    }
}
