package dev.boardwalk.search;

import org.jspecify.annotations.Nullable;

/** Texts cannot be embedded now; words are found as ever. */
public class EmbedderUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EmbedderUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What those who search are told. */
    String reason() {
        return String.valueOf(getMessage());
    }
}
