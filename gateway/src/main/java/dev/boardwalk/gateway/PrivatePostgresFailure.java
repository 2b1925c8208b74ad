package dev.boardwalk.gateway;

import org.jspecify.annotations.Nullable;

/** A private Postgres that cannot be started or made ready. */
class PrivatePostgresFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PrivatePostgresFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The server's process ended before it answered; what stood in its way may pass. */
    static final class Ended extends PrivatePostgresFailure {
        private static final long serialVersionUID = 1L;

        Ended(String message) {
            super(message, null);
        }
    }
}
