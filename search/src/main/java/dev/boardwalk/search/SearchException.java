package dev.boardwalk.search;

/** A question that cannot be answered as it is, each kind with a stable {@link #code()}. */
public abstract sealed class SearchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    private SearchException(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** A stable word for answers. */
    public String code() {
        return code;
    }

    /** Nothing in the question can be looked for, or it is too long. */
    public static final class InvalidQuery extends SearchException {
        private static final long serialVersionUID = 1L;

        public InvalidQuery(String message) {
            super("invalid-query", message);
        }
    }

    /** The cursor belongs to another question, or is none. */
    public static final class InvalidCursor extends SearchException {
        private static final long serialVersionUID = 1L;

        public InvalidCursor(String message) {
            super("invalid-cursor", message);
        }
    }

    /** A project or an entity that is named and not there. */
    public static final class NotFound extends SearchException {
        private static final long serialVersionUID = 1L;

        public NotFound(String message) {
            super("not-found", message);
        }
    }

    /** The index did not get as far as was asked for in time. */
    public static final class PositionNotReached extends SearchException {
        private static final long serialVersionUID = 1L;

        public PositionNotReached(String message) {
            super("position-not-reached", message);
        }
    }
}
