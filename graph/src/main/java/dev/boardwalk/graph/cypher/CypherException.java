package dev.boardwalk.graph.cypher;

import org.jspecify.annotations.Nullable;

/** What a query is not answered for: each kind with a stable code, and where it can be said, the place in the query. */
public abstract sealed class CypherException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final transient @Nullable Place place;

    private CypherException(String code, @Nullable Place place, String message, @Nullable Throwable cause) {
        // Part of the normal course of a request: nobody reads where it was thrown.
        super(place == null ? message : place + ": " + message, cause, false, false);
        this.code = code;
        this.place = place;
    }

    /** Words joined by dashes; never changes its meaning. */
    public String code() {
        return code;
    }

    /** Where in the query the reason stands; null if it is not at one place. */
    public @Nullable Place place() {
        return place;
    }

    /** The text is not a query of the documented subset. */
    public static final class Invalid extends CypherException {
        private static final long serialVersionUID = 1L;

        Invalid(Place place, String message) {
            super("cypher-invalid", place, message, null);
        }
    }

    /** A clause, function or pattern of Cypher that is not answered here; the message names what is. */
    public static final class Unsupported extends CypherException {
        private static final long serialVersionUID = 1L;

        Unsupported(Place place, String message) {
            super("cypher-unsupported", place, message, null);
        }
    }

    /** A parameter that is missing or of a kind that cannot be given. */
    public static final class BadParameter extends CypherException {
        private static final long serialVersionUID = 1L;

        BadParameter(@Nullable Place place, String message) {
            super("cypher-parameter", place, message, null);
        }
    }

    /** A query or its parameters are larger than a limit; the message names it. */
    public static final class TooLarge extends CypherException {
        private static final long serialVersionUID = 1L;

        TooLarge(@Nullable Place place, String message) {
            super("cypher-too-large", place, message, null);
        }
    }

    /** The database could not compute an answer from what the query says: division by zero, a wrong kind of value. */
    public static final class Failed extends CypherException {
        private static final long serialVersionUID = 1L;

        Failed(String message, Throwable cause) {
            super("cypher-failed", null, message, cause);
        }
    }

    /** The answer took longer than the limit, and was given up. */
    public static final class TimedOut extends CypherException {
        private static final long serialVersionUID = 1L;

        TimedOut(String message, @Nullable Throwable cause) {
            super("cypher-timeout", null, message, cause);
        }
    }

    /** As many queries as may run at a time are running: try again. */
    public static final class Busy extends CypherException {
        private static final long serialVersionUID = 1L;

        Busy(String message) {
            super("cypher-busy", null, message, null);
        }
    }

    /** What the caller wants to see in the answer is not visible to everybody yet. */
    public static final class Behind extends CypherException {
        private static final long serialVersionUID = 1L;

        Behind(long position, long horizon) {
            super(
                    "position-not-reached",
                    null,
                    "the position " + position + " is not reached yet, the graph is at " + horizon,
                    null);
        }
    }
}
