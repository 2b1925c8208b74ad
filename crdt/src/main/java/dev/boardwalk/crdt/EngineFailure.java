package dev.boardwalk.crdt;

/**
 * What the native engine could not do; each kind carries a stable code.
 *
 * <p>{@link Refused}, {@link TooDeep}, {@link TooLarge} and {@link Unwritable} are conditions of the content: the document is as it was before the call and
 * stays usable. {@link Panicked} means that the document is suspect: it is poisoned, and its owner closes it and
 * loads the entity again. {@link Poisoned}, {@link Closed} and {@link Busy} are bugs of the caller.
 */
public abstract sealed class EngineFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    private EngineFailure(String code, String message) {
        super(message);
        this.code = code;
    }

    /** A stable, machine-readable name of the failure, such as {@code update-refused}. */
    public final String code() {
        return code;
    }

    /** The engine could not read the bytes it was given; nothing was applied. */
    public static final class Refused extends EngineFailure {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super("update-refused", message);
        }
    }

    /** The content nests deeper than the limit named in the message; nothing was changed. */
    public static final class TooDeep extends EngineFailure {
        private static final long serialVersionUID = 1L;

        TooDeep(String message) {
            super("content-too-deep", message);
        }
    }

    /** The answer would grow beyond the limit named in the message, out of proportion to the content, or beyond the heap. */
    public static final class TooLarge extends EngineFailure {
        private static final long serialVersionUID = 1L;

        TooLarge(String message) {
            super("content-too-large", message);
        }
    }

    /** What is wanted cannot be written at one place of the content, such as text as an object; nothing was changed. */
    public static final class Unwritable extends EngineFailure {
        private static final long serialVersionUID = 1L;

        private final String pointer;

        /** From the place, a line end, and why. */
        Unwritable(String message) {
            super("content-not-writable", message.substring(message.indexOf('\n') + 1));
            pointer = message.substring(0, Math.max(0, message.indexOf('\n')));
        }

        /** The place, a JSON pointer (RFC 6901) into the wanted JSON; line ends in names are spaces. */
        public String pointer() {
            return pointer;
        }
    }

    /** The engine stopped in the middle of the call: a bug in it. The document, if there was one, is poisoned. */
    public static final class Panicked extends EngineFailure {
        private static final long serialVersionUID = 1L;

        Panicked(String message) {
            super("engine-panicked", message);
        }
    }

    /** An earlier call on this document panicked; it only lets itself be closed. */
    public static final class Poisoned extends EngineFailure {
        private static final long serialVersionUID = 1L;

        Poisoned(String message) {
            super("document-poisoned", message);
        }
    }

    /** The document was used after it had been closed. */
    public static final class Closed extends EngineFailure {
        private static final long serialVersionUID = 1L;

        Closed(String message) {
            super("document-closed", message);
        }
    }

    /** Two threads used one document at the same time; a document has one owner. */
    public static final class Busy extends EngineFailure {
        private static final long serialVersionUID = 1L;

        Busy(String message) {
            super("document-busy", message);
        }
    }

    /** The native library could not be loaded on this machine. */
    public static final class Unavailable extends EngineFailure {
        private static final long serialVersionUID = 1L;

        Unavailable(String message, Throwable cause) {
            super("engine-unavailable", message);
            initCause(cause);
        }
    }
}
