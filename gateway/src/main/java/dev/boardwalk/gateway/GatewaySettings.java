package dev.boardwalk.gateway;

import dev.boardwalk.graph.GraphLimits;
import dev.boardwalk.graph.cypher.CypherLimits;
import dev.boardwalk.search.SearchSettings;
import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseSettings;
import dev.boardwalk.store.S3Settings;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set about one gateway process, read once from the environment when it starts.
 *
 * @param database an existing Postgres; null means that the gateway runs its own, private one under {@code data}
 * @param host address to listen on; without authentication only a loopback address
 * @param port port to listen on; 0 lets the system choose a free one
 * @param data folder of the private Postgres, the logs and the lock that keeps a second process out
 * @param cacheBytes budget for live entities; those with peers may exceed it
 * @param eventLoops threads that own entities and sockets; half the processors unless said otherwise, since the database,
 *     flushes and indexing want the others, and a message that stays on one thread costs a third less
 * @param flushInterval how often journaled updates become operations and properties
 * @param snapshotInterval how often operations are folded into a snapshot
 * @param operationRetention how long operations stay in the database
 * @param objectGrace how long objects stay that nothing refers to any more
 * @param hooks the application that decides who may enter; null means that nobody is asked
 * @param cluster whether and where it meets other gateways on the same database
 * @param graph bounds of relationships and of the index that answers questions about them
 * @param webhooks the application that is told what happens; null means that nobody is
 * @param objects the bucket of large and old content; null means a folder under {@code data}
 * @param authentication whether callers have to show tokens, and whose
 * @param cypher bounds of queries in Cypher
 * @param rest bounds of the HTTP API, and whose pages may use it
 * @param search how texts are embedded and questions answered
 */
public record GatewaySettings(
        @Nullable DatabaseSettings database,
        String host,
        int port,
        Path data,
        long cacheBytes,
        int eventLoops,
        Duration flushInterval,
        Duration snapshotInterval,
        Duration operationRetention,
        Duration objectGrace,
        @Nullable S3Settings objects,
        @Nullable HookSettings hooks,
        @Nullable HookSettings webhooks,
        ClusterSettings cluster,
        AuthenticationSettings authentication,
        SearchSettings search,
        GraphLimits graph,
        GatewayLimits limits,
        CypherLimits cypher,
        RestSettings rest) {

    /** A gateway on this machine about which nothing was said. */
    public static GatewaySettings defaults() {
        return from(Map.of());
    }

    /**
     * Reads and checks the settings.
     *
     * @param environment names and values, other programs' names included
     * @throws InvalidSettings with one line for each name that is unknown, unreadable or contradicts another
     */
    public static GatewaySettings from(Map<String, String> environment) {
        SettingsReader reader = new SettingsReader(environment);
        reader.ignore("BOARDWALK_CACHE", "BOARDWALK_JAVA_OPTS", "BOARDWALK_TEST_DATABASE_URL");
        reader.ignore("BOARDWALK_HOME", "BOARDWALK_NODE", "BOARDWALK_NPM", "BOARDWALK_CHROMIUM", "BOARDWALK_MINIO");
        // Those of a compactor in a process of its own.
        reader.ignore("BOARDWALK_COMPACTOR_HOST", "BOARDWALK_COMPACTOR_PORT");
        GatewaySettings settings = new GatewaySettings(
                reader.optional("DATABASE_URL", DatabaseSettings::parse),
                reader.value("BOARDWALK_HOST", "127.0.0.1", text -> text),
                reader.integer("BOARDWALK_PORT", 8080, 0, 65_535),
                reader.value("BOARDWALK_DATA", folder(".boardwalk"), GatewaySettings::folder),
                reader.size("BOARDWALK_CACHE_BYTES", 256L << 20),
                reader.integer("BOARDWALK_EVENT_LOOPS", halfTheProcessors(), 1, 256),
                reader.duration(
                        "BOARDWALK_FLUSH_INTERVAL",
                        Duration.ofSeconds(30),
                        Duration.ofMillis(100),
                        Duration.ofHours(1)),
                reader.duration(
                        "BOARDWALK_SNAPSHOT_INTERVAL", Duration.ofHours(1), Duration.ofSeconds(1), Duration.ofDays(7)),
                reader.duration(
                        "BOARDWALK_OPERATION_RETENTION",
                        Duration.ofHours(24),
                        Duration.ofSeconds(1),
                        Duration.ofDays(3650)),
                reader.duration(
                        "BOARDWALK_OBJECT_GRACE", Duration.ofDays(7), Duration.ofSeconds(1), Duration.ofDays(3650)),
                objects(reader),
                HookSettings.read(reader, "HOOK"),
                HookSettings.read(reader, "WEBHOOK"),
                ClusterSettings.read(reader, reader.value("BOARDWALK_HOST", "127.0.0.1", text -> text)),
                AuthenticationSettings.read(reader),
                search(reader),
                GraphSettings.read(reader),
                GatewayLimits.read(reader),
                CypherSettings.read(reader),
                RestSettings.read(reader));
        settings.checkAuthentication(reader);
        settings.checkContradictions(reader);
        reader.finish();
        return settings;
    }

    /** One line {@code NAME=value} for each setting that shapes this process, without passwords. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("DATABASE_URL=" + (database == null ? "(private server)" : database));
        lines.add("BOARDWALK_HOST=" + host);
        lines.add("BOARDWALK_PORT=" + port);
        lines.add("BOARDWALK_DATA=" + data);
        lines.addAll(authentication.lines());
        lines.add("BOARDWALK_CACHE_BYTES=" + SettingsReader.formatSize(cacheBytes));
        lines.add("BOARDWALK_EVENT_LOOPS=" + eventLoops);
        lines.add("BOARDWALK_FLUSH_INTERVAL=" + SettingsReader.format(flushInterval));
        lines.add("BOARDWALK_SNAPSHOT_INTERVAL=" + SettingsReader.format(snapshotInterval));
        lines.add("BOARDWALK_OPERATION_RETENTION=" + SettingsReader.format(operationRetention));
        lines.add("BOARDWALK_OBJECT_GRACE=" + SettingsReader.format(objectGrace));
        lines.addAll(objectLines());
        lines.addAll(HookSettings.lines("HOOK", hooks));
        lines.addAll(HookSettings.lines("WEBHOOK", webhooks));
        lines.addAll(cluster.lines());
        lines.add("BOARDWALK_MAX_SEARCHES=" + search.questionsMax());
        lines.add("BOARDWALK_MAX_EXACT_VECTORS=" + search.exactMax());
        lines.add("BOARDWALK_EMBEDDER=" + search.embedder().name().toLowerCase(Locale.ROOT));
        if (search.ollamaUrl() != null) {
            lines.add("BOARDWALK_OLLAMA_URL=" + search.ollamaUrl());
            lines.add("BOARDWALK_OLLAMA_MODEL=" + search.ollamaModel());
        }
        lines.addAll(GraphSettings.lines(graph));
        lines.addAll(limits.lines());
        lines.addAll(CypherSettings.lines(cypher));
        lines.addAll(rest.lines());
        return lines;
    }

    /** Which pages may call. */
    RequestGuard guard() {
        return new RequestGuard(authentication.required(), rest.corsOrigins());
    }

    private List<String> objectLines() {
        if (objects == null) {
            return List.of("BOARDWALK_S3_ENDPOINT=(folder " + objectsFolder() + ")");
        }
        return List.of(
                "BOARDWALK_S3_ENDPOINT=" + objects.endpoint(),
                "BOARDWALK_S3_BUCKET=" + objects.bucket(),
                "BOARDWALK_S3_ACCESS_KEY=" + objects.accessKey(),
                "BOARDWALK_S3_SECRET_KEY=(set)",
                "BOARDWALK_S3_REGION=" + objects.region(),
                "BOARDWALK_S3_CA=" + (objects.authorities() == null ? "(Java's own)" : objects.authorities()));
    }

    /** The same database, with partitions that suit the retention. */
    DatabaseSettings sized(DatabaseSettings found) {
        return found.withLimits(found.limits().forRetention(operationRetention));
    }

    /** What work on the stored data needs to know. */
    BackgroundContext background(Database opened, BlobStore stored) {
        return new BackgroundContext(
                opened, stored, snapshotInterval, operationRetention, objectGrace, rest.deletionGrace());
    }

    /** Where objects lie when no bucket is set. */
    Path objectsFolder() {
        return data.resolve("objects");
    }

    private static int halfTheProcessors() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    private static SearchSettings search(SettingsReader reader) {
        String embedder = reader.choice("BOARDWALK_EMBEDDER", "minilm", List.of("minilm", "ollama", "none"));
        URI url = reader.optional("BOARDWALK_OLLAMA_URL", GatewaySettings::httpAddress);
        String model = reader.value("BOARDWALK_OLLAMA_MODEL", SearchSettings.OLLAMA_MODEL_DEFAULT, text -> text);
        if (embedder.equals("ollama") && url == null) {
            reader.problem("BOARDWALK_EMBEDDER=ollama needs BOARDWALK_OLLAMA_URL");
            return SearchSettings.NONE;
        }
        int questions = reader.integer("BOARDWALK_MAX_SEARCHES", SearchSettings.QUESTIONS_MAX_DEFAULT, 1, 10_000);
        int exact = reader.integer("BOARDWALK_MAX_EXACT_VECTORS", SearchSettings.EXACT_MAX_DEFAULT, 1, 100_000_000);
        return new SearchSettings(
                SearchSettings.Kind.valueOf(embedder.toUpperCase(Locale.ROOT)), url, model, questions, exact);
    }

    private static URI httpAddress(String text) {
        URI address = URI.create(text);
        if (!"http".equals(address.getScheme()) && !"https".equals(address.getScheme()) || address.getHost() == null) {
            throw new IllegalArgumentException("must be http://host:port, not " + text);
        }
        return address;
    }

    /** All four or none: half a bucket would silently be a folder. */
    private static @Nullable S3Settings objects(SettingsReader reader) {
        URI endpoint = reader.optional("BOARDWALK_S3_ENDPOINT", URI::create);
        String bucket = reader.optional("BOARDWALK_S3_BUCKET", text -> text);
        String accessKey = reader.optional("BOARDWALK_S3_ACCESS_KEY", text -> text);
        String secretKey = reader.optional("BOARDWALK_S3_SECRET_KEY", text -> text);
        String region = reader.value("BOARDWALK_S3_REGION", S3Settings.REGION_DEFAULT, text -> text);
        Path authorities = reader.optional("BOARDWALK_S3_CA", GatewaySettings::folder);
        if (endpoint == null && bucket == null && accessKey == null && secretKey == null) {
            return null;
        }
        if (endpoint == null || bucket == null || accessKey == null || secretKey == null) {
            reader.problem("BOARDWALK_S3_ENDPOINT, BOARDWALK_S3_BUCKET, BOARDWALK_S3_ACCESS_KEY and"
                    + " BOARDWALK_S3_SECRET_KEY belong together: set all or none");
            return null;
        }
        try {
            return new S3Settings(endpoint, bucket, accessKey, secretKey, region, authorities);
        } catch (IllegalArgumentException wrong) {
            reader.problem("BOARDWALK_S3_ENDPOINT or BOARDWALK_S3_BUCKET " + wrong.getMessage());
            return null;
        }
    }

    private void checkAuthentication(SettingsReader reader) {
        if (!authentication.required() && !Loopback.isLoopback(host)) {
            reader.problem("BOARDWALK_HOST=" + host + " is not a loopback address, which BOARDWALK_AUTH=none requires");
        }
    }

    private void checkContradictions(SettingsReader reader) {
        reader.atMost("BOARDWALK_FLUSH_INTERVAL", flushInterval, "BOARDWALK_SNAPSHOT_INTERVAL", snapshotInterval);
        reader.atMost(
                "BOARDWALK_SNAPSHOT_INTERVAL", snapshotInterval, "BOARDWALK_OPERATION_RETENTION", operationRetention);
        limits.check(reader);
    }

    private static Path folder(String text) {
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException notAPath) {
            throw new IllegalArgumentException("is not a path: " + notAPath.getReason());
        }
    }
}
