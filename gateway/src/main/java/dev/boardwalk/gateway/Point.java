package dev.boardwalk.gateway;

import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** A place in an entity's history, as a caller names it. */
sealed interface Point {

    /** The state at a time. */
    record AtTime(Instant time) implements Point {}

    /** A version: its id (digits), or the name that somebody gave it. */
    record OfVersion(String idOrName) implements Point {}

    /** Of the fields {@code time} and {@code version}, of which one has to be there. */
    static Point of(@Nullable Object time, @Nullable Object version) {
        if ((time == null) == (version == null)) {
            throw new ProblemException(400, "invalid-parameter", "say either a time or a version");
        }
        if (version != null) {
            return new OfVersion(text("version", version));
        }
        Instant at = instant(text("time", time));
        if (at == null) {
            throw new ProblemException(
                    400, "invalid-parameter", "the parameter time must be an ISO 8601 instant: 2026-11-20T13:00:00Z");
        }
        return new AtTime(at);
    }

    /** Of one word that is either. */
    static Point of(String word) {
        Instant time = instant(word);
        return time == null ? new OfVersion(word) : new AtTime(time);
    }

    static Point of(JsonObject body) {
        return of(body.getValue("time"), body.getValue("version"));
    }

    /** Null for a word that is no time. */
    static @Nullable Instant instant(String word) {
        try {
            return OffsetDateTime.parse(word).toInstant();
        } catch (DateTimeException _) {
            return null;
        }
    }

    private static String text(String name, @Nullable Object value) {
        if (value instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw new ProblemException(400, "invalid-parameter", "the parameter " + name + " must be a text");
    }
}
