package dev.boardwalk.store;

import org.jspecify.annotations.Nullable;

/**
 * What can go wrong between Boardwalk and its database or objects, each kind with a stable {@link #code()}.
 *
 * <p>{@link Unavailable}, {@link DiskFull}, {@link ReadOnly}, {@link ObjectsUnavailable} and {@link ObjectsFull} are
 * conditions that pass: the caller keeps what it has and tries again. Of a failed write nothing is known but that it was not confirmed.
 */
public abstract sealed class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    private StoreException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** A stable word for logs, metrics and answers. */
    public String code() {
        return code;
    }

    /** Whether the same attempt can succeed later without anybody changing it. */
    public boolean passes() {
        return this instanceof Unavailable
                || this instanceof DiskFull
                || this instanceof ReadOnly
                || this instanceof ObjectsUnavailable
                || this instanceof ObjectsFull;
    }

    /** The database did not answer, refused the connection, restarted, or was too busy. */
    public static final class Unavailable extends StoreException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message, @Nullable Throwable cause) {
            super("database-unavailable", message, cause);
        }
    }

    /** The database has no room left. */
    public static final class DiskFull extends StoreException {
        private static final long serialVersionUID = 1L;

        public DiskFull(String message, @Nullable Throwable cause) {
            super("database-disk-full", message, cause);
        }
    }

    /** The database accepts no writes: a standby, or switched to read-only. */
    public static final class ReadOnly extends StoreException {
        private static final long serialVersionUID = 1L;

        public ReadOnly(String message, @Nullable Throwable cause) {
            super("database-read-only", message, cause);
        }
    }

    /** This gateway's lease was taken over by another one; nothing was written. Register anew. */
    public static final class Fenced extends StoreException {
        private static final long serialVersionUID = 1L;

        public Fenced(String message) {
            super("gateway-fenced", message, null);
        }
    }

    /** The named organisation, project or entity does not exist (or not any more). */
    public static final class NotFound extends StoreException {
        private static final long serialVersionUID = 1L;

        public NotFound(String message) {
            super("not-found", message, null);
        }
    }

    /** There was such an entity, and it was deleted. */
    public static final class Deleted extends StoreException {
        private static final long serialVersionUID = 1L;

        public Deleted(String message) {
            super("entity-deleted", message, null);
        }
    }

    /** Retention has removed what it takes to answer. */
    public static final class NotKept extends StoreException {
        private static final long serialVersionUID = 1L;

        public NotKept(String message) {
            super("not-kept", message, null);
        }
    }

    /** A project or entity name that cannot be stored. */
    public static final class InvalidName extends StoreException {
        private static final long serialVersionUID = 1L;

        public InvalidName(String message) {
            super("invalid-name", message, null);
        }
    }

    /** A page cursor that this store did not make. */
    public static final class InvalidCursor extends StoreException {
        private static final long serialVersionUID = 1L;

        public InvalidCursor(String message) {
            super("invalid-cursor", message, null);
        }
    }

    /** Something else holds the unique place that was asked for. */
    public static final class Conflict extends StoreException {
        private static final long serialVersionUID = 1L;

        public Conflict(String message, @Nullable Throwable cause) {
            super("conflict", message, cause);
        }
    }

    /** The database cannot hold this value, or the statement is wrong: trying again does not help. */
    public static final class Rejected extends StoreException {
        private static final long serialVersionUID = 1L;

        public Rejected(String message, @Nullable Throwable cause) {
            super("rejected-by-database", message, cause);
        }
    }

    /** The server lacks what Boardwalk needs (version, extension, right, setting); the message lists all of it. */
    public static final class Unsuitable extends StoreException {
        private static final long serialVersionUID = 1L;

        public Unsuitable(String message, @Nullable Throwable cause) {
            super("database-unsuitable", message, cause);
        }
    }

    /** The object storage did not answer, or answered that it cannot now, for all attempts. */
    public static final class ObjectsUnavailable extends StoreException {
        private static final long serialVersionUID = 1L;

        public ObjectsUnavailable(String message, @Nullable Throwable cause) {
            super("objects-unavailable", message, cause);
        }
    }

    /** The object storage has no room left. */
    public static final class ObjectsFull extends StoreException {
        private static final long serialVersionUID = 1L;

        public ObjectsFull(String message, @Nullable Throwable cause) {
            super("objects-full", message, cause);
        }
    }

    /** The object storage refuses us: credentials, rights, a bucket that is not there, clocks that disagree. */
    public static final class ObjectsUnsuitable extends StoreException {
        private static final long serialVersionUID = 1L;

        public ObjectsUnsuitable(String message, @Nullable Throwable cause) {
            super("objects-unsuitable", message, cause);
        }
    }

    /** There is no object of this key. */
    public static final class ObjectMissing extends StoreException {
        private static final long serialVersionUID = 1L;

        public ObjectMissing(String message, @Nullable Throwable cause) {
            super("object-missing", message, cause);
        }
    }

    /** An object does not hold what was put there: it is never served. */
    public static final class ObjectDamaged extends StoreException {
        private static final long serialVersionUID = 1L;

        public ObjectDamaged(String message, @Nullable Throwable cause) {
            super("object-damaged", message, cause);
        }
    }
}
