package dev.boardwalk.crdt.sync;

/**
 * The refusal of bytes that a peer sent: what was being read, why it was refused, where, and the limit that was crossed.
 *
 * <p>The {@link #code()} is stable: it appears in close reasons and in metrics, and is listed in docs/protocol.md. No
 * stack trace is recorded, because a refusal says nothing about our code and a hostile peer can cause many per second.
 */
public final class MalformedInput extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was being read when the bytes were refused. */
    public enum Subject {
        FRAME("frame"),
        UPDATE("update"),
        STATE_VECTOR("state vector"),
        AWARENESS("awareness");

        private final String words;

        Subject(String words) {
            this.words = words;
        }
    }

    /** Why bytes were refused; {@link #text()} is the stable form. */
    public enum Code {
        /** The bytes end inside a value. */
        TRUNCATED("truncated"),
        /** Bytes follow after the end of the value. */
        TRAILING_BYTES("trailing-bytes"),
        /** An integer is above 2^53 - 1 or is not written in its shortest form. */
        BAD_INTEGER("bad-integer"),
        /** A count or length promises more than the bytes that remain can hold. */
        LENGTH_BOMB("length-bomb"),
        /** The whole is longer than allowed. */
        TOO_LONG("too-long"),
        TOO_MANY_CLIENTS("too-many-clients"),
        TOO_MANY_STRUCTS("too-many-structs"),
        TOO_MANY_DELETE_RANGES("too-many-delete-ranges"),
        TOO_DEEP("too-deep"),
        /** A client id is outside what Yjs and the engine share. */
        BAD_CLIENT("bad-client"),
        DUPLICATE_CLIENT("duplicate-client"),
        /** A clock, or a clock plus a length, is above the highest clock. */
        CLOCK_OVERFLOW("clock-overflow"),
        /** A section without structs, a struct of length 0, a delete range of length 0. */
        EMPTY("empty"),
        /** A Skip struct: it hides a hole in a client's history. */
        SKIP("skip"),
        UNKNOWN_STRUCT("unknown-struct"),
        UNKNOWN_TYPE("unknown-type"),
        UNKNOWN_VALUE("unknown-value"),
        /** The flag that tells a root's name from a parent's id is neither 0 nor 1. */
        BAD_PARENT("bad-parent"),
        /** A struct refers to an id of its own client that is not before it. */
        FORWARD_REFERENCE("forward-reference"),
        /** Delete ranges of a client that are not ascending, or overlap. */
        UNSORTED_RANGES("unsorted-ranges"),
        BAD_UTF8("bad-utf8"),
        BAD_JSON("bad-json"),
        UNKNOWN_SYNC_STEP("unknown-sync-step"),
        UNKNOWN_AUTH("unknown-auth");

        private final String text;

        Code(String text) {
            this.text = text;
        }

        /** The stable form, in lower case with dashes. */
        public String text() {
            return text;
        }
    }

    private final Subject subject;
    private final Code code;
    private final int position;
    private final long limit;

    MalformedInput(Subject subject, Code code, int position, long limit) {
        super(message(subject, code, position, limit), null, false, false);
        this.subject = subject;
        this.code = code;
        this.position = position;
        this.limit = limit;
    }

    private static String message(Subject subject, Code code, int position, long limit) {
        String text = "malformed " + subject.words + ": " + code.text + " at byte " + position;
        return limit < 0 ? text : text + " (limit " + limit + ")";
    }

    public Subject subject() {
        return subject;
    }

    public Code code() {
        return code;
    }

    /** Where reading stopped, in bytes from the start of what was given. */
    public int position() {
        return position;
    }

    /** The limit that was crossed, or -1 where none is involved. */
    public long limit() {
        return limit;
    }
}
