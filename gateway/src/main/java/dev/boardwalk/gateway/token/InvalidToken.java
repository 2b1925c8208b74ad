package dev.boardwalk.gateway.token;

/** A token that is not accepted. The message can be shown to whoever sent it, and never holds the token. */
public final class InvalidToken extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;

    InvalidToken(String code, String message) {
        super(message);
        this.code = code;
    }

    /** Stable name of what is wrong, words joined by dashes. */
    public String code() {
        return code;
    }
}
