package dev.boardwalk.gateway;

/** A client that may not enter: the close code of a socket with one document, and words for the client. */
final class AuthenticationRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final CloseCode code;

    /**
     * Without a stack trace: it says nothing about our code, and anybody can cause many.
     *
     * @param code {@link CloseCode#UNAUTHENTICATED} or {@link CloseCode#FORBIDDEN}; {@link CloseCode#RECONNECT} if it is to
     *     be decided anew
     */
    AuthenticationRefused(CloseCode code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    /** What a failed {@link Authenticator#admit} means to the client; reasons that are not ours stay inside. */
    static AuthenticationRefused of(Throwable failure) {
        return failure instanceof AuthenticationRefused refused
                ? refused
                : new AuthenticationRefused(CloseCode.FORBIDDEN, "permission-denied");
    }

    CloseCode code() {
        return code;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
