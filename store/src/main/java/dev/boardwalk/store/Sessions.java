package dev.boardwalk.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How sessions with the server are begun: the same settings for both drivers. */
final class Sessions {
    /** Longest wait for a connection of the blocking pool; above it the database counts as away. */
    private static final int CONNECTION_WAIT_SECONDS = 5;

    /** Loads may stand in line: after a restart all entities are asked for at once. */
    private static final int QUERY_WAIT_SECONDS = 20;

    private static final int QUERY_QUEUE_MAX = 10_000;

    private final DatabaseSettings settings;

    Sessions(DatabaseSettings settings) {
        this.settings = settings;
    }

    /** For one connection of a journal, or a pool of them. */
    PgConnectOptions vertx(String application) {
        PgConnectOptions options = new PgConnectOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                .setDatabase(settings.database())
                .setUser(settings.user())
                .setPassword(settings.password() == null ? "" : settings.password())
                .setCachePreparedStatements(true)
                .setPipeliningLimit(1)
                .setSslMode(sslMode());
        if (settings.tls() != DatabaseSettings.Tls.DISABLE) {
            options.setSslOptions(new ClientSSLOptions()
                    .setTrustAll(settings.tls() != DatabaseSettings.Tls.VERIFY_FULL)
                    .setHostnameVerificationAlgorithm(
                            settings.tls() == DatabaseSettings.Tls.VERIFY_FULL ? "HTTPS" : ""));
        }
        serverSettings().forEach(options::addProperty);
        return options.addProperty("application_name", application);
    }

    /**
     * For loads and lists, all of which go by an index. Sequential scans are off because partitions are made empty: a
     * plan from that time would read a whole hour for one entity until the statistics catch up.
     */
    Pool queries(Vertx vertx) {
        PoolOptions pool = new PoolOptions()
                .setMaxSize(settings.limits().queryConnections())
                .setMaxWaitQueueSize(QUERY_QUEUE_MAX)
                .setConnectionTimeout(QUERY_WAIT_SECONDS)
                .setConnectionTimeoutUnit(TimeUnit.SECONDS);
        return PgBuilder.pool()
                .with(pool)
                .connectingTo(vertx("boardwalk queries").addProperty("enable_seqscan", "off"))
                .using(vertx)
                .build();
    }

    /** Opens one connection at once; fails with {@link StoreException} if that cannot be. */
    HikariDataSource blocking() {
        return blocking("flush", settings.limits().blockingConnections(), 1);
    }

    /** A pool of so many connections, of which some are open from the start. */
    HikariDataSource blocking(String purpose, int most, int idle) {
        return blocking(purpose, most, idle, null);
    }

    /** The same with a statement that begins each session. */
    HikariDataSource blocking(String purpose, int most, int idle, @Nullable String once) {
        HikariConfig config = new HikariConfig();
        config.setConnectionInitSql(once);
        config.setPoolName("boardwalk " + purpose);
        config.setJdbcUrl(settings.jdbcUrl());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(most);
        config.setMinimumIdle(idle);
        config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(CONNECTION_WAIT_SECONDS));
        config.addDataSourceProperty("sslmode", settings.tls().word());
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("connectTimeout", String.valueOf(CONNECTION_WAIT_SECONDS));
        config.addDataSourceProperty(
                "socketTimeout",
                String.valueOf(settings.limits().answerTimeout().toSeconds()));
        config.addDataSourceProperty("prepareThreshold", "3");
        config.addDataSourceProperty("ApplicationName", "boardwalk " + purpose);
        config.addDataSourceProperty(
                "options",
                serverSettings().entrySet().stream()
                        .map(setting -> "-c " + setting.getKey() + "=" + setting.getValue())
                        .collect(Collectors.joining(" ")));
        try {
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw SqlErrors.of("connect to " + settings, cause);
        }
    }

    private Map<String, String> serverSettings() {
        DatabaseLimits limits = settings.limits();
        Map<String, String> session = new LinkedHashMap<>();
        session.put("search_path", "public,ag_catalog");
        session.put("TimeZone", "UTC");
        session.put("synchronous_commit", "on");
        session.put(
                "statement_timeout", String.valueOf(limits.statementTimeout().toMillis()));
        session.put(
                "idle_in_transaction_session_timeout",
                String.valueOf(limits.idleInTransactionTimeout().toMillis()));
        return session;
    }

    private SslMode sslMode() {
        return switch (settings.tls()) {
            case DISABLE -> SslMode.DISABLE;
            case PREFER -> SslMode.PREFER;
            case REQUIRE -> SslMode.REQUIRE;
            case VERIFY_FULL -> SslMode.VERIFY_FULL;
        };
    }
}
