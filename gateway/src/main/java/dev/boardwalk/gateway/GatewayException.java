package dev.boardwalk.gateway;

/** What a gateway could not do for a caller; each kind carries a stable code for the answer. */
public abstract sealed class GatewayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    private GatewayException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** A stable, machine-readable name of the failure, such as {@code overloaded}. */
    public final String code() {
        return code;
    }

    /** A limit of the gateway or the entity is reached, or what was sent is not being saved: try again later. */
    public static final class Overloaded extends GatewayException {
        private static final long serialVersionUID = 1L;

        Overloaded(String message) {
            super("overloaded", message);
        }
    }

    /** The entity has grown to {@code BOARDWALK_MAX_DOCUMENT_BYTES}; nothing was applied. */
    public static final class TooLarge extends GatewayException {
        private static final long serialVersionUID = 1L;

        TooLarge(String message) {
            super("document-too-large", message);
        }
    }

    /** The update refers to content that neither it nor the entity has; nothing was applied. */
    public static final class Incomplete extends GatewayException {
        private static final long serialVersionUID = 1L;

        Incomplete(String message) {
            super("update-incomplete", message);
        }
    }

    /** The entity was deleted while the call was under way. */
    public static final class Deleted extends GatewayException {
        private static final long serialVersionUID = 1L;

        Deleted(String message) {
            super("entity-deleted", message);
        }
    }

    /** The gateway is going down; another one, or the next, will answer. */
    public static final class Draining extends GatewayException {
        private static final long serialVersionUID = 1L;

        Draining(String message) {
            super("draining", message);
        }
    }
}
