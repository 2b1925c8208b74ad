package dev.boardwalk.compactor;

import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.BlobStores;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseSettings;
import dev.boardwalk.store.S3Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a compactor in a process of its own is told: those settings of a gateway that concern it, by the same names, so
 * that one environment serves both. Names that it does not use are the gateway's to check.
 *
 * @param bucket where objects lie; null means {@code folder}
 * @param port of health and metrics; 0 lets the system choose a free one
 */
record CompactorSettings(
        DatabaseSettings database,
        @Nullable S3Settings bucket,
        Path folder,
        Duration snapshotInterval,
        Duration operationRetention,
        Duration objectGrace,
        Duration deletionGrace,
        String host,
        int port) {

    private static final int PORT_DEFAULT = 8081;
    private static final int PORT_MAX = 65_535;
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    /** A setting that is missing or cannot be read. */
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }

    /** Reads them; fails with {@link Unusable}, naming the first one that is wrong. */
    static CompactorSettings from(Map<String, String> environment) {
        DatabaseSettings database;
        Duration retention = duration(environment, "BOARDWALK_OPERATION_RETENTION", Duration.ofHours(24));
        try {
            database = DatabaseSettings.parse(required(environment, "DATABASE_URL"));
        } catch (IllegalArgumentException wrong) {
            throw new Unusable("DATABASE_URL: " + wrong.getMessage());
        }
        return new CompactorSettings(
                database.withLimits(database.limits().forRetention(retention)),
                bucket(environment),
                Path.of(text(environment, "BOARDWALK_DATA", ".boardwalk")).resolve("objects"),
                duration(environment, "BOARDWALK_SNAPSHOT_INTERVAL", Duration.ofHours(1)),
                retention,
                duration(environment, "BOARDWALK_OBJECT_GRACE", Duration.ofDays(7)),
                duration(environment, "BOARDWALK_DELETION_GRACE", BackgroundContext.DELETION_GRACE_DEFAULT),
                text(environment, "BOARDWALK_COMPACTOR_HOST", "127.0.0.1"),
                port(text(environment, "BOARDWALK_COMPACTOR_PORT", String.valueOf(PORT_DEFAULT))));
    }

    BlobStore objects() {
        return bucket == null ? BlobStores.folder(folder) : BlobStores.s3(bucket);
    }

    BackgroundContext context(Database opened, BlobStore objects) {
        return new BackgroundContext(opened, objects, snapshotInterval, operationRetention, objectGrace, deletionGrace);
    }

    private static @Nullable S3Settings bucket(Map<String, String> environment) {
        if (text(environment, "BOARDWALK_S3_ENDPOINT", "").isEmpty()) {
            return null;
        }
        String authorities = text(environment, "BOARDWALK_S3_CA", "");
        try {
            return new S3Settings(
                    URI.create(required(environment, "BOARDWALK_S3_ENDPOINT")),
                    required(environment, "BOARDWALK_S3_BUCKET"),
                    required(environment, "BOARDWALK_S3_ACCESS_KEY"),
                    required(environment, "BOARDWALK_S3_SECRET_KEY"),
                    text(environment, "BOARDWALK_S3_REGION", S3Settings.REGION_DEFAULT),
                    authorities.isEmpty() ? null : Path.of(authorities));
        } catch (IllegalArgumentException wrong) {
            throw new Unusable("BOARDWALK_S3_ENDPOINT or BOARDWALK_S3_BUCKET " + wrong.getMessage());
        }
    }

    private static int port(String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > PORT_MAX) {
            throw new Unusable("BOARDWALK_COMPACTOR_PORT: must be a number from 0 to " + PORT_MAX + ", not " + text);
        }
        return Integer.parseInt(text);
    }

    private static Duration duration(Map<String, String> environment, String name, Duration otherwise) {
        String text = text(environment, name, "");
        if (text.isEmpty()) {
            return otherwise;
        }
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new Unusable(name + ": must be a duration like 250ms, 30s, 5m, 1h or 7d, not " + text);
        }
        ChronoUnit unit = switch (parts.group(2)) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
        };
        Duration duration = Duration.of(Long.parseLong(parts.group(1)), unit);
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new Unusable(name + ": must be at least 1s, not " + text);
        }
        return duration;
    }

    private static String required(Map<String, String> environment, String name) {
        String text = text(environment, name, "");
        if (text.isEmpty()) {
            throw new Unusable(name + " is not set");
        }
        return text;
    }

    private static String text(Map<String, String> environment, String name, String otherwise) {
        String text = environment.getOrDefault(name, "");
        return text.isEmpty() ? otherwise : text;
    }
}
