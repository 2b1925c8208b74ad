package dev.boardwalk.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where the database is and as whom to enter it: a {@code postgresql://} address, taken apart. */
public record DatabaseSettings(
        String host,
        int port,
        String database,
        String user,
        @Nullable String password,
        Tls tls,
        DatabaseLimits limits) {

    private static final int DEFAULT_PORT = 5432;

    /** What the connection must prove, in libpq's words. */
    public enum Tls {
        DISABLE,
        PREFER,
        REQUIRE,
        VERIFY_FULL;

        private static Tls of(String sslmode) {
            return switch (sslmode) {
                case "disable" -> DISABLE;
                case "allow", "prefer" -> PREFER;
                case "require" -> REQUIRE;
                case "verify-full" -> VERIFY_FULL;
                default ->
                    throw new IllegalArgumentException(
                            "sslmode must be disable, prefer, require or verify-full, was " + sslmode);
            };
        }

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Reads {@code postgresql://user:password@host:port/database?sslmode=…}; the scheme {@code postgres} is the same.
     * Fails with {@link IllegalArgumentException} and never shows the password.
     */
    public static DatabaseSettings parse(String address) {
        URI uri;
        try {
            uri = new URI(address);
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException("the database address is no URL: " + malformed.getReason());
        }
        if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
            throw new IllegalArgumentException("the database address must begin with postgresql://");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("the database address names no host (a socket folder is not supported)");
        }
        String path = uri.getPath();
        if (path == null || path.length() < 2) {
            throw new IllegalArgumentException("the database address names no database: add /name at its end");
        }
        String[] who = credentials(uri.getRawUserInfo());
        return new DatabaseSettings(
                uri.getHost(),
                uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort(),
                path.substring(1),
                decode(who[0]),
                who.length == 2 ? decode(who[1]) : null,
                tls(uri.getRawQuery()),
                DatabaseLimits.DEFAULTS);
    }

    public DatabaseSettings withLimits(DatabaseLimits value) {
        return new DatabaseSettings(host, port, database, user, password, tls, value);
    }

    String jdbcUrl() {
        String shownHost = host;
        return "jdbc:postgresql://" + shownHost + ":" + port + "/"
                + java.net.URLEncoder.encode(database, StandardCharsets.UTF_8);
    }

    /** The address that {@link #parse} reads, password included: for the environment of a process, never for a log. */
    public String addressWithPassword() {
        String credentials = encode(user) + (password == null ? "" : ":" + encode(password));
        return "postgresql://" + credentials + "@" + host + ":" + port + "/" + encode(database) + "?sslmode="
                + tls.word();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "postgresql://" + user + "@" + host + ":" + port + "/" + database + "?sslmode=" + tls.word();
    }

    private static String[] credentials(@Nullable String userInfo) {
        if (userInfo == null || userInfo.isEmpty()) {
            throw new IllegalArgumentException("the database address names no user: postgresql://user@host/database");
        }
        return userInfo.split(":", 2);
    }

    private static Tls tls(@Nullable String query) {
        Tls tls = Tls.PREFER;
        if (query == null || query.isEmpty()) {
            return tls;
        }
        for (String parameter : query.split("&")) {
            String[] pair = parameter.split("=", 2);
            if (!"sslmode".equals(pair[0]) || pair.length < 2) {
                throw new IllegalArgumentException(
                        "the database address has the unknown parameter " + pair[0] + "; only sslmode is supported");
            }
            tls = Tls.of(pair[1]);
        }
        return tls;
    }

    private static String decode(String raw) {
        return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
