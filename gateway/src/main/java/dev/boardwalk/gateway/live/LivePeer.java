package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.ClockVector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One peer of one live entity: the handle which the server puts into events and finds in effects.
 *
 * <p>It carries the peer's state inside, so that no event has to look anything up. The server extends it with what it
 * needs to reach the peer (a socket, a pending HTTP answer). The state belongs to the entity's owner; one handle is used
 * for one stay in one entity and never again after {@link LiveEvent.PeerLeft}.
 */
public class LivePeer {
    /** The {@link #number} of no peer. */
    static final long NOBODY = 0;

    /** {@link #step2Barrier} while it is not known. */
    static final long UNKNOWN = Long.MAX_VALUE;

    /** The time before anybody said what time it is. */
    static final long TIME_UNKNOWN = -1;

    /** {@link #clientId} of a peer that has not said which client it is. */
    static final long NO_CLIENT = -1;

    /** {@link #rivalGateway} of a peer whose client is claimed nowhere else. */
    static final long NO_GATEWAY = -1;

    /** What a peer is sent of the updates. */
    enum Follows {
        /** Nothing: it has not asked yet. */
        NOTHING,
        /** What is committed, see {@link CatchUp}. */
        COMMITTED,
        /** Everything, at once. */
        EVERYTHING
    }

    private final PeerKind kind;

    /** Counts the peers of the entity; {@link #NOBODY} while the peer is not in it. */
    long number = NOBODY;

    Follows follows = Follows.NOTHING;
    /** Whether it gets broadcasts: follows everything, is writable and has all. */
    boolean inAudience;
    /** It has been served all that it follows through this sequence; meaningless while it is in the audience. */
    long cursor;
    /** What it has at least, by its own word or because it was sent; null while it is in the audience. */
    @Nullable
    ClockVector has;
    /** The diff that it waits for. */
    @Nullable
    DiffRequest awaits;
    /** An answer or diff that is too large to be sent at once, from the next message on; null if nothing is due. */
    @Nullable
    List<Outgoing> due;
    /** It will be said when the peer's connection has written what it was sent of that. */
    boolean writing;
    /** That diff is the answer to a SyncStep1. */
    boolean owesStep2;
    /** With what it asked, newest question only, while it could not take the answer or waited for another. */
    @Nullable
    ClockVector askedWith;

    /** Barrier of its first SyncStep2: once that is committed it may follow everything. {@link #UNKNOWN} before it came. */
    long step2Barrier = UNKNOWN;

    /** It has sent SyncStep1 and been answered at least once, or is being answered. */
    boolean hasAsked;
    /** It was sent SyncStep1 and has not sent SyncStep2 since. */
    boolean askedForSync;
    /** What it will send as its next SyncStep2 is one that it does not count, because we asked for it out of turn. */
    boolean step2Uncounted;
    /** It has sent an update that is not empty. */
    boolean hasWritten;

    boolean stalled;
    long stalledAtMillis;
    /** {@link AwarenessTable#version} up to which it has been sent awareness; meaningless while it is not stalled. */
    long awarenessVersion;

    int awarenessClients;
    /** Which Yjs client it says it is, see {@link ClientIds}. */
    long clientId = NO_CLIENT;
    /** The gateway that last claimed its client after it had. */
    long rivalGateway = NO_GATEWAY;

    final Receipts receipts = new Receipts();

    public LivePeer(PeerKind kind) {
        this.kind = kind;
    }

    public final PeerKind kind() {
        return kind;
    }

    /** Who this is by the name they signed in with, for the history; null if nobody signed in. Asked when it joins. */
    public @Nullable String user() {
        return null;
    }

    /** Whether both come over one connection, so that one program has put both there. */
    public boolean sharesSocketWith(LivePeer other) {
        return this == other;
    }

    /** Whether the peer is in the entity: it has joined, and neither left nor been closed. */
    public final boolean isPresent() {
        return number != NOBODY;
    }

    /**
     * Whether the answer to its SyncStep1 is not all out yet. A counting client is told of no edit meanwhile: when all that
     * it counted is signed, it takes itself for synced (HocuspocusProvider.ts, decrementUnsyncedChanges).
     */
    final boolean signsWait() {
        return kind == PeerKind.COUNTING_CLIENT && (owesStep2 || due != null || askedWith != null);
    }

    /** The handle of another gateway, as whose the awareness states of its peers count. */
    static LivePeer gateway() {
        LivePeer gateway = new LivePeer(PeerKind.GATEWAY);
        // It speaks for others, so what it repeats moves nothing.
        gateway.step2Barrier = 0;
        return gateway;
    }

    final boolean isClient() {
        return kind != PeerKind.WRITER;
    }
}
