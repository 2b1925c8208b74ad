package dev.boardwalk.graph;

/** What keeps a question to the graph from being answered. The message is for the caller. */
public abstract sealed class GraphException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    private GraphException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** A stable word for programs. */
    public String code() {
        return code;
    }

    /** The caller does not wait for the answer any more. */
    public static final class Cancelled extends GraphException {
        private static final long serialVersionUID = 1L;

        Cancelled(String message) {
            super("question-cancelled", message);
        }
    }

    /** The index did not get as far as the caller's position in time. */
    public static final class PositionNotReached extends GraphException {
        private static final long serialVersionUID = 1L;

        PositionNotReached(String message) {
            super("position-not-reached", message);
        }
    }

    /** Nothing of that name is in the organisation. */
    public static final class NotFound extends GraphException {
        private static final long serialVersionUID = 1L;

        NotFound(String message) {
            super("not-found", message);
        }
    }

    /** A cursor that was not given out. */
    public static final class InvalidCursor extends GraphException {
        private static final long serialVersionUID = 1L;

        InvalidCursor(String message) {
            super("invalid-cursor", message);
        }
    }

    /** The graph is being closed. */
    public static final class Closed extends GraphException {
        private static final long serialVersionUID = 1L;

        Closed() {
            super("draining", "the graph is going down");
        }
    }
}
