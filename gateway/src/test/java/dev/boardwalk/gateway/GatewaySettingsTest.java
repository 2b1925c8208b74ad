package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.boardwalk.graph.GraphLimits;
import dev.boardwalk.graph.cypher.CypherLimits;
import dev.boardwalk.search.SearchSettings;
import dev.boardwalk.store.DatabaseSettings;
import dev.boardwalk.store.S3Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewaySettingsTest {
    private static final int MIB = 1 << 20;

    @Test
    void an_empty_environment_gives_the_documented_defaults() {
        assertThat(GatewaySettings.defaults())
                .isEqualTo(new GatewaySettings(
                        null,
                        "127.0.0.1",
                        8080,
                        Path.of(".boardwalk").toAbsolutePath(),
                        256L * MIB,
                        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                        Duration.ofSeconds(30),
                        Duration.ofHours(1),
                        Duration.ofHours(24),
                        Duration.ofDays(7),
                        null,
                        null,
                        null,
                        new ClusterSettings(null),
                        new AuthenticationSettings(false, null, null, null, null),
                        SearchSettings.MINILM,
                        GraphLimits.DEFAULT,
                        GatewayLimits.DEFAULTS,
                        CypherLimits.DEFAULTS,
                        RestSettings.DEFAULTS));
    }

    @Test
    void every_name_reaches_its_setting() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("DATABASE_URL", "postgresql://app:secret@db:5433/boardwalk");
        environment.put("BOARDWALK_HOST", "::1");
        environment.put("BOARDWALK_PORT", "0");
        environment.put("BOARDWALK_DATA", "/var/lib/../lib/boardwalk");
        environment.put("BOARDWALK_AUTH", "jwt");
        environment.put("BOARDWALK_JWKS_URL", "https://issuer/keys");
        environment.put("BOARDWALK_JWT_SECRET", "0123456789abcdef0123456789abcdef");
        environment.put("BOARDWALK_JWT_ISSUER", "https://issuer");
        environment.put("BOARDWALK_JWT_AUDIENCE", "boardwalk");
        environment.put("BOARDWALK_CACHE_BYTES", "64MiB");
        environment.put("BOARDWALK_EVENT_LOOPS", "3");
        environment.put("BOARDWALK_FLUSH_INTERVAL", "250ms");
        environment.put("BOARDWALK_SNAPSHOT_INTERVAL", "10m");
        environment.put("BOARDWALK_OPERATION_RETENTION", "7d");
        environment.put("BOARDWALK_OBJECT_GRACE", "30d");
        environment.put("BOARDWALK_S3_ENDPOINT", "https://s3.example:9000");
        environment.put("BOARDWALK_S3_BUCKET", "objects");
        environment.put("BOARDWALK_S3_ACCESS_KEY", "key");
        environment.put("BOARDWALK_S3_SECRET_KEY", "secret-key");
        environment.put("BOARDWALK_S3_REGION", "eu-west-1");
        environment.put("BOARDWALK_S3_CA", "/etc/own.pem");
        environment.put("BOARDWALK_CLUSTER", "on");
        environment.put("BOARDWALK_CLUSTER_HOST", "10.0.0.7");
        environment.put("BOARDWALK_EMBEDDER", "ollama");
        environment.put("BOARDWALK_OLLAMA_URL", "http://127.0.0.1:11434");
        environment.put("BOARDWALK_OLLAMA_MODEL", "mxbai-embed-large");
        environment.put("BOARDWALK_MAX_SEARCHES", "5");
        environment.put("BOARDWALK_MAX_EXACT_VECTORS", "6000");
        environment.put("BOARDWALK_MAX_BATCH", "7");
        environment.put("BOARDWALK_CORS_ORIGINS", "https://b.example, http://a.example:3000");
        environment.put("BOARDWALK_MAX_ATTACHMENT_BYTES", "3MiB");
        environment.put("BOARDWALK_ATTACHMENT_TYPES", "image/*,text/plain");
        environment.put("BOARDWALK_MAX_UPLOADS", "4");
        environment.put("BOARDWALK_DELETION_GRACE", "2d");
        environment.put("BOARDWALK_MAX_FRAME_BYTES", "1MiB");
        environment.put("BOARDWALK_MAX_SOCKETS", "7");
        environment.put("BOARDWALK_MAX_PEERS_PER_ENTITY", "6");
        environment.put("BOARDWALK_MAX_PEER_QUEUE_BYTES", "65536");
        environment.put("BOARDWALK_MAX_PENDING_BYTES", "1GiB");
        environment.put("BOARDWALK_MAX_ENTITY_PENDING_BYTES", "3MiB");
        environment.put("BOARDWALK_MAX_AWARENESS_BYTES", "2KiB");
        environment.put("BOARDWALK_MAX_DOCUMENT_BYTES", "5MiB");
        environment.put("BOARDWALK_MAX_DOCUMENTS_PER_SOCKET", "9");
        environment.put("BOARDWALK_MAX_REQUEST_BYTES", "2MiB");
        environment.put("BOARDWALK_MAX_CONNECTIONS", "30");
        environment.put("BOARDWALK_MAX_SOCKETS_PER_ADDRESS", "4");
        environment.put("BOARDWALK_MAX_SOCKETS_PER_USER", "3");
        environment.put("BOARDWALK_TRUSTED_PROXIES", "10.0.0.0/8, ::1");
        environment.put("BOARDWALK_MAX_HANDSHAKE_TIME", "11s");
        environment.put("BOARDWALK_MAX_REQUEST_TIME", "6m");
        environment.put("BOARDWALK_MAX_UNAUTHENTICATED_TIME", "12s");
        environment.put("BOARDWALK_MAX_UNAUTHENTICATED_BYTES", "8KiB");
        environment.put("BOARDWALK_MAX_UNAUTHENTICATED_MESSAGES", "13");
        environment.put("BOARDWALK_MAX_UPDATE_RATE", "14");
        environment.put("BOARDWALK_MAX_AWARENESS_RATE", "15");
        environment.put("BOARDWALK_MAX_STATELESS_RATE", "16");
        environment.put("BOARDWALK_MAX_SLOWED_TIME", "17s");
        environment.put("BOARDWALK_MAX_AWARENESS_CLIENTS", "18");
        environment.put("BOARDWALK_MAX_HEADER_BYTES", "4KiB");
        environment.put("BOARDWALK_MAX_JSON_DEPTH", "19");
        environment.put("BOARDWALK_MAX_RELATIONSHIPS", "8");
        environment.put("BOARDWALK_MAX_GRAPH_BYTES", "9MiB");
        environment.put("BOARDWALK_MAX_GRAPH_STEPS", "1000");
        environment.put("BOARDWALK_MAX_GRAPH_VERTICES", "10");
        environment.put("BOARDWALK_HOOK_URL", "https://app.example/hooks");
        environment.put("BOARDWALK_HOOK_SECRET", "hook-secret");
        environment.put("BOARDWALK_HOOK_TIMEOUT", "2s");
        environment.put("BOARDWALK_MAX_CYPHER_CHARACTERS", "500");
        environment.put("BOARDWALK_MAX_CYPHER_PARAMETER_BYTES", "4KiB");
        environment.put("BOARDWALK_MAX_CYPHER_ROWS", "20");
        environment.put("BOARDWALK_MAX_CYPHER_ANSWER_BYTES", "1MiB");
        environment.put("BOARDWALK_MAX_CYPHER_TIME", "700ms");
        environment.put("BOARDWALK_MAX_CYPHER_QUERIES", "2");
        environment.put("BOARDWALK_WEBHOOK_URL", "http://127.0.0.1:9/told");
        environment.put("BOARDWALK_WEBHOOK_SECRET", "told-secret");
        environment.put("BOARDWALK_WEBHOOK_TIMEOUT", "3s");

        GatewaySettings settings = GatewaySettings.from(environment);

        assertThat(settings)
                .isEqualTo(new GatewaySettings(
                        DatabaseSettings.parse("postgresql://app:secret@db:5433/boardwalk"),
                        "::1",
                        0,
                        Path.of("/var/lib/boardwalk"),
                        64L * MIB,
                        3,
                        Duration.ofMillis(250),
                        Duration.ofMinutes(10),
                        Duration.ofDays(7),
                        Duration.ofDays(30),
                        new S3Settings(
                                URI.create("https://s3.example:9000"),
                                "objects",
                                "key",
                                "secret-key",
                                "eu-west-1",
                                Path.of("/etc/own.pem")),
                        new HookSettings(URI.create("https://app.example/hooks"), "hook-secret", Duration.ofSeconds(2)),
                        new HookSettings(URI.create("http://127.0.0.1:9/told"), "told-secret", Duration.ofSeconds(3)),
                        new ClusterSettings("10.0.0.7"),
                        new AuthenticationSettings(
                                true,
                                "0123456789abcdef0123456789abcdef",
                                URI.create("https://issuer/keys"),
                                "https://issuer",
                                "boardwalk"),
                        new SearchSettings(
                                SearchSettings.Kind.OLLAMA,
                                URI.create("http://127.0.0.1:11434"),
                                "mxbai-embed-large",
                                5,
                                6_000),
                        new GraphLimits(8, 9L * MIB, 1_000, 10, GraphLimits.DEFAULT.patience()),
                        new GatewayLimits(
                                MIB,
                                7,
                                6,
                                65_536,
                                1L << 30,
                                3L * MIB,
                                2048,
                                5L * MIB,
                                9,
                                2 * MIB,
                                new DoorLimits(
                                        30,
                                        4,
                                        3,
                                        TrustedProxies.parse("10.0.0.0/8,::1"),
                                        Duration.ofSeconds(11),
                                        Duration.ofMinutes(6),
                                        Duration.ofSeconds(12),
                                        8192,
                                        13,
                                        14,
                                        15,
                                        16,
                                        Duration.ofSeconds(17),
                                        18,
                                        4096,
                                        19)),
                        new CypherLimits(500, 50, 24, 32, 8, 4096, 20, MIB, Duration.ofMillis(700), 2),
                        new RestSettings(
                                Set.of("https://b.example", "http://a.example:3000"),
                                7,
                                3L * MIB,
                                Set.of("image/*", "text/plain"),
                                4,
                                Duration.ofDays(2))));
        assertThat(settings.lines())
                .as("what is printed can be set again")
                .hasSameSizeAs(environment.keySet())
                .contains("BOARDWALK_FLUSH_INTERVAL=250ms", "BOARDWALK_MAX_AWARENESS_BYTES=2KiB")
                .noneMatch(line -> line.contains("secret"));
        assertThat(settings.toString()).doesNotContain("secret");
    }

    @Test
    void a_relay_needs_an_address_that_others_can_reach() {
        assertThat(GatewaySettings.from(Map.of("BOARDWALK_CLUSTER", "on")).cluster())
                .isEqualTo(new ClusterSettings("127.0.0.1"));
        assertThat(problems(Map.of("BOARDWALK_CLUSTER", "on", "BOARDWALK_CLUSTER_HOST", "0.0.0.0")))
                .containsExactly("BOARDWALK_CLUSTER_HOST must name the address at which other gateways reach this one;"
                        + " 0.0.0.0 is no such address");
    }

    @Test
    void unknown_names_stop_the_start_and_foreign_ones_do_not_matter() {
        assertThat(problems(
                        Map.of("BOARDWALK_FLUSH_INTERVALL", "30s", "PATH", "/bin", "BOARDWALK_CACHE", "/var/cache")))
                .containsExactly("BOARDWALK_FLUSH_INTERVALL is not a setting of Boardwalk");
    }

    @Test
    void all_mistakes_are_told_at_once() {
        assertThat(problems(Map.of("BOARDWALK_PORT", "80000", "BOARDWALK_CACHE_BYTES", "lots")))
                .containsExactly(
                        "BOARDWALK_PORT: must be a number from 0 to 65535, not 80000",
                        "BOARDWALK_CACHE_BYTES: must be a size like 65536, 512KiB, 256MiB or 2GiB, not lots");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            BOARDWALK_FLUSH_INTERVAL       | 30      | must be a duration like 250ms, 30s, 5m, 1h or 7d, not 30
            BOARDWALK_FLUSH_INTERVAL       | 1ms     | must be from 100ms to 1h, not 1ms
            BOARDWALK_CACHE_BYTES          | 12B     | must be from 1KiB to 1048576GiB, not 12B
            BOARDWALK_MAX_FRAME_BYTES      | 2GiB    | must be from 1KiB to 1GiB, not 2GiB
            BOARDWALK_PORT                 | -1      | must be a number from 0 to 65535, not -1
            BOARDWALK_CORS_ORIGINS         | *       | must be origins as browsers write them, such as https://app.example, not *
            BOARDWALK_AUTH                 | basic   | must be one of none, jwt, not basic
            BOARDWALK_JWT_SECRET           | short   | must be at least 32 bytes long
            BOARDWALK_JWKS_URL             | ftp://x | must be an http or https address, not ftp://x
            DATABASE_URL                   | mysql://h/d | the database address must begin with postgresql://
            DATABASE_URL                   | postgresql://u@h | the database address names no database: add /name at its end
            """)
    void a_value_that_cannot_be_read_is_named(String name, String value, String problem) {
        assertThat(problems(Map.of(name, value))).containsExactly(name + ": " + problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            BOARDWALK_HOST              | 0.0.0.0 | BOARDWALK_HOST=0.0.0.0 is not a loopback address, which BOARDWALK_AUTH=none requires
            BOARDWALK_SNAPSHOT_INTERVAL | 2d      | BOARDWALK_SNAPSHOT_INTERVAL (2d) must not be above BOARDWALK_OPERATION_RETENTION (1d)
            BOARDWALK_FLUSH_INTERVAL    | 1h      | ''
            BOARDWALK_MAX_FRAME_BYTES   | 65MiB   | BOARDWALK_MAX_FRAME_BYTES (65MiB) must not be above BOARDWALK_MAX_ENTITY_PENDING_BYTES (64MiB)
            BOARDWALK_JWKS_URL          | http://keys | BOARDWALK_JWKS_URL has no meaning without BOARDWALK_AUTH=jwt
            BOARDWALK_EMBEDDER          | ollama  | BOARDWALK_EMBEDDER=ollama needs BOARDWALK_OLLAMA_URL
            """)
    void settings_that_contradict_each_other_are_refused(String name, String value, String problem) {
        if (problem.isEmpty()) {
            assertThat(GatewaySettings.from(Map.of(name, value))).isNotNull();
        } else {
            assertThat(problems(Map.of(name, value))).containsExactly(problem);
        }
    }

    @Test
    void hooks_need_an_address_and_a_secret() {
        assertThat(problems(Map.of("BOARDWALK_HOOK_URL", "http://127.0.0.1:9/hooks")))
                .containsExactly("BOARDWALK_HOOK_URL and BOARDWALK_HOOK_SECRET belong together: set both or none");
        assertThat(problems(Map.of("BOARDWALK_HOOK_URL", "ftp://host/", "BOARDWALK_HOOK_SECRET", "x")))
                .anyMatch(problem -> problem.startsWith("BOARDWALK_HOOK_URL: is not an http or https address"));
    }

    @Test
    void half_a_bucket_is_refused_instead_of_taken_for_a_folder() {
        assertThat(problems(Map.of("BOARDWALK_S3_ENDPOINT", "http://127.0.0.1:9000")))
                .containsExactly("BOARDWALK_S3_ENDPOINT, BOARDWALK_S3_BUCKET, BOARDWALK_S3_ACCESS_KEY and"
                        + " BOARDWALK_S3_SECRET_KEY belong together: set all or none");
    }

    @Test
    void a_database_address_that_is_no_address_does_not_leak_its_password() {
        assertThatThrownBy(() -> GatewaySettings.from(Map.of("DATABASE_URL", "postgresql://u:secret@h o/d")))
                .hasMessageContaining("DATABASE_URL: the database address is no URL")
                .hasMessageNotContaining("secret");
    }

    private static List<String> problems(Map<String, String> environment) {
        return catchThrowableOfType(InvalidSettings.class, () -> GatewaySettings.from(environment))
                .problems();
    }
}
