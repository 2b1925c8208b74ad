package dev.boardwalk.gateway;

import org.jspecify.annotations.Nullable;

/** A private Postgres that cannot be started or made ready. */
final class PrivatePostgresFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PrivatePostgresFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
