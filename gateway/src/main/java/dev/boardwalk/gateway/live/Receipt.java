package dev.boardwalk.gateway.live;

import org.jspecify.annotations.Nullable;

/**
 * What a peer is to be told once something it sent is durable.
 *
 * <p>It is released when everything up to its <em>barrier</em> is committed. The barrier of an update that is held over a
 * gap is not known before the gap is filled.
 */
abstract sealed class Receipt {
    /** The barrier while it is not known. */
    static final long UNKNOWN = Long.MAX_VALUE;

    long barrier;

    /**
     * What it is for was dropped: what was sent after it still waits, until the peer's next SyncStep2, which contains the
     * update again, is durable.
     */
    private boolean lost;

    private Receipt(long barrier) {
        this.barrier = barrier;
    }

    final boolean isLost() {
        return lost;
    }

    void lose() {
        lost = true;
    }

    /** The update itself goes back: a client knows from the ids in it what is durable. */
    static final class Echo extends Receipt {
        /** Null for an update that was dropped: it is not echoed. */
        private @Nullable Outgoing message;

        Echo(Outgoing message, long barrier) {
            super(barrier);
            this.message = message;
        }

        @Nullable
        Outgoing message() {
            return message;
        }

        @Override
        void lose() {
            super.lose();
            message = null;
        }
    }

    /** A {@link PeerKind#COUNTING_CLIENT} is sent a sign. */
    static final class Sign extends Receipt {
        private final boolean applied;

        Sign(boolean applied, long barrier) {
            super(barrier);
            this.applied = applied;
        }

        /** Whether the update is in, not refused. */
        boolean applied() {
            return applied;
        }
    }

    /** A {@link PeerKind#CLIENT} is told that an update of its was refused. */
    static final class Denial extends Receipt {
        Denial(long barrier) {
            super(barrier);
        }
    }

    /** A mark goes back as it came. */
    static final class Mark extends Receipt {
        private final Outgoing message;

        Mark(byte[] payload, long barrier) {
            super(barrier);
            this.message = new Outgoing(Outgoing.Kind.MARK, payload);
        }

        Outgoing message() {
            return message;
        }
    }

    /** A {@link PeerKind#WRITER} is called back. */
    static final class Confirmation extends Receipt {
        Confirmation(long barrier) {
            super(barrier);
        }
    }

    /** Bytes that it keeps. */
    long bytes() {
        return switch (this) {
            case Echo echo -> echo.message == null ? 0 : echo.message.payload().length;
            case Mark mark -> mark.message.payload().length;
            case Sign _, Denial _, Confirmation _ -> 0;
        };
    }
}
