package dev.boardwalk.gateway.live;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.StateVectors;
import dev.boardwalk.crdt.sync.UpdateOutline;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings peers up to what the entity contains, and keeps them there: answers SyncStep1, passes new updates on, and serves
 * what a peer missed while it could not take messages.
 *
 * <p><b>Who may see what.</b> Clients take an update that the server sends and that contains their own edit as the
 * confirmation of that edit. So nobody is sent an edit of its own before the commit. On one socket that is simple: a
 * peer is not sent what it sent, except by its receipts. But a client that returns on a new socket may have edits that the
 * old one brought here and that are not committed, or that the old one, half open, will still bring. Such a client is known by a
 * state vector that is not empty; it follows <em>what is committed</em> only, until its own SyncStep2 is committed, which
 * contains all that it had when it came and was not here, and with which everything that was here before it is committed.
 * From then on only its new socket can bring edits of its that are new, and it follows everything. A client with an empty
 * state vector has no edits and follows everything from the start.
 */
final class CatchUp {
    private static final byte[] EMPTY_UPDATE = {0, 0};

    private final Content content;
    private final UpdateLog log;
    private final PeerTable peers;
    private final LiveLimits limits;
    private final LiveEffects effects;
    private final List<DiffRequest> pending = new ArrayList<>(0);

    CatchUp(Content content, PeerTable peers, LiveLimits limits, LiveEffects effects) {
        this.content = content;
        this.log = content.log();
        this.peers = peers;
        this.limits = limits;
        this.effects = effects;
    }

    /** Asks the peer for what it has and the entity lacks; does so again only after it answered. */
    void ask(LivePeer peer) {
        if (!peer.askedForSync && !peer.stalled) {
            peer.askedForSync = true;
            effects.send(peer, new Outgoing(Outgoing.Kind.SYNC_STEP_1, StateVectors.encode(content.known())));
        }
    }

    /** The same because something that it sent is missing; a peer does not count the answer to that as an edit. */
    void askOutOfTurn(LivePeer peer) {
        if (!peer.askedForSync && !peer.stalled) {
            peer.step2Uncounted = true;
            ask(peer);
        }
    }

    /** Answers a peer's SyncStep1. */
    void answer(LivePeer peer, ClockVector stateVector) {
        if (peer.stalled || peer.awaits != null || peer.due != null) {
            // One diff per peer at a time, however often it asks.
            peer.askedWith = stateVector;
            return;
        }
        if (peer.hasAsked) {
            peer.askedForSync = false;
            ask(peer);
        }
        peer.hasAsked = true;
        if (stateVector.isEmpty() && !peer.hasWritten && !peer.inAudience) {
            serveEverything(peer, stateVector);
        } else {
            serveCommitted(peer, stateVector);
        }
    }

    /** A fresh peer: the bytes as they are, uncommitted ones as well. */
    private void serveEverything(LivePeer peer, ClockVector stateVector) {
        peer.follows = LivePeer.Follows.EVERYTHING;
        if (log.committed() - log.baseThrough() > limits.wholeUpdatesMax()) {
            peer.has = stateVector;
            requestAnswer(peer, stateVector);
            return;
        }
        List<Outgoing> parts = new ArrayList<>(content.baseParts());
        for (LogEntry entry : log.between(log.baseThrough(), log.end())) {
            parts.add(entry.message());
        }
        peer.cursor = log.end();
        sendAnswer(peer, parts);
        if (peer.due != null) {
            peer.has = content.known().copy();
        }
        catchUp(peer);
    }

    /** A peer that has something: what is committed and what it lacks. */
    private void serveCommitted(LivePeer peer, ClockVector stateVector) {
        if (peer.follows != LivePeer.Follows.EVERYTHING) {
            peer.follows = LivePeer.Follows.COMMITTED;
        }
        peer.has = peer.inAudience ? null : stateVector;
        List<Outgoing> parts = partsBeyond(stateVector);
        if (parts == null) {
            requestAnswer(peer, stateVector);
        } else {
            peer.cursor = log.committed();
            sendAnswer(peer, parts);
            if (peer.due != null && !peer.inAudience) {
                peer.has = content.committedKnown();
            }
            catchUp(peer);
        }
    }

    /** What is committed beyond the state vector, or null when that takes a replica to find out. */
    private @Nullable List<Outgoing> partsBeyond(ClockVector stateVector) {
        List<Outgoing> parts = new ArrayList<>();
        if (stateVector.covers(content.base().known())) {
            if (content.base().hasDeletes()) {
                parts.add(new Outgoing(Outgoing.Kind.UPDATE, content.base().deletesAsUpdate()));
            }
        } else if (content.base().pieceBytes() <= limits.wholeBytesMax()) {
            parts.addAll(content.baseParts());
        } else {
            return null;
        }
        int count = 0;
        for (LogEntry entry : log.between(log.baseThrough(), log.committed())) {
            if (mayLack(stateVector, entry)) {
                parts.add(entry.message());
                count++;
            }
        }
        return count > limits.backlogUpdatesMax() ? null : parts;
    }

    /**
     * Whether to send the update to a peer with this state vector. A state vector says nothing of deletions. And where
     * the sender is gone, it may be this very client, which left before it got its confirmation.
     */
    private boolean mayLack(ClockVector stateVector, LogEntry entry) {
        UpdateOutline outline = entry.outline();
        return outline.hasDeletes()
                || !stateVector.covers(outline)
                || (entry.sender() != LivePeer.NOBODY && !peers.contains(entry.sender()));
    }

    /** Sends the parts, big ones first: providers count as synced with the SyncStep2, which therefore is the last. */
    private void sendAnswer(LivePeer peer, List<Outgoing> parts) {
        List<Outgoing> messages = new ArrayList<>(parts);
        if (parts.isEmpty()) {
            messages.add(new Outgoing(Outgoing.Kind.SYNC_STEP_2, EMPTY_UPDATE));
        } else {
            messages.set(parts.size() - 1, content.asStep2(parts.getLast()));
        }
        sendInTurn(peer, messages);
    }

    /** Sends the messages, as many at a time as may wait in the peer's connection; the rest is due. */
    private void sendInTurn(LivePeer peer, List<Outgoing> messages) {
        int sent = 0;
        long bytes = 0;
        while (sent < messages.size() && bytes < limits.dueBytesMax()) {
            Outgoing message = messages.get(sent++);
            bytes += message.payload().length;
            effects.send(peer, message);
        }
        peer.due = sent == messages.size() ? null : messages.subList(sent, messages.size());
        if (peer.due != null) {
            peer.writing = true;
            effects.tellWhenWritten(peer);
        }
    }

    /** The peer's connection has written what it was sent of something large: more of it may go. */
    void written(LivePeer peer) {
        peer.writing = false;
        if (!peer.stalled) {
            resume(peer);
        }
    }

    private void requestAnswer(LivePeer peer, ClockVector stateVector) {
        peer.owesStep2 = true;
        DiffRequest request = request(peer, stateVector);
        peer.cursor = request.throughSequence;
    }

    /** Lets the peer wait for a diff; peers with the same state vector share one, though it be a little older. */
    @CanIgnoreReturnValue
    private DiffRequest request(LivePeer peer, ClockVector stateVector) {
        DiffRequest request = pendingFor(stateVector);
        boolean shared = request != null;
        if (request == null) {
            request =
                    new DiffRequest(content.committedPieces(), stateVector, log.committed(), content.committedKnown());
            pending.add(request);
        }
        peer.awaits = request;
        request.waiting.add(peer);
        if (!shared) {
            effects.computeDiff(request);
        }
        return request;
    }

    private @Nullable DiffRequest pendingFor(ClockVector stateVector) {
        for (DiffRequest request : pending) {
            if (request.stateVector().equals(stateVector)) {
                return request;
            }
        }
        return null;
    }

    /** Takes a diff that is no longer pending, with the peers that wait for it; {@link #trim} has to follow. */
    List<LivePeer> takeWaiting(DiffRequest request) {
        if (!pending.remove(request)) {
            throw new IllegalStateException("a diff through " + request.throughSequence + " came but is not pending");
        }
        return request.waiting;
    }

    void diffReady(DiffRequest request, List<byte[]> parts) {
        List<Outgoing> updates = parts.stream()
                .map(part -> new Outgoing(Outgoing.Kind.UPDATE, part))
                .toList();
        List<Outgoing> answer = new ArrayList<>(updates.subList(0, updates.size() - 1));
        answer.add(new Outgoing(Outgoing.Kind.SYNC_STEP_2, parts.getLast()));
        for (LivePeer peer : takeWaiting(request)) {
            if (peer.awaits == request) {
                peer.awaits = null;
                serveDiff(peer, request, peer.owesStep2 ? answer : updates);
            }
        }
        trim();
    }

    private void serveDiff(LivePeer peer, DiffRequest request, List<Outgoing> diff) {
        if (peer.stalled) {
            if (peer.owesStep2 && peer.askedWith == null) {
                peer.askedWith = request.stateVector();
            }
            peer.owesStep2 = false;
            return;
        }
        if (peer.owesStep2 || diff.getFirst().payload().length > EMPTY_UPDATE.length) {
            sendInTurn(peer, diff);
        }
        peer.owesStep2 = false;
        peer.cursor = Math.max(peer.cursor, request.throughSequence);
        if (peer.due != null && !peer.inAudience) {
            peer.has = request.known();
        }
        peers.release(peer, log.committed());
        if (peer.askedWith == null) {
            catchUp(peer);
        } else {
            resume(peer);
        }
    }

    /** A new update is in the log: the audience gets it at once. */
    void appended(LogEntry entry, @Nullable LivePeer sender) {
        effects.broadcast(entry.message(), sender != null && sender.inAudience ? sender : null);
    }

    /** More is committed: those who follow that get it. */
    void committed() {
        // Backwards, because a peer may leave the list for the audience.
        for (int i = peers.outside().size() - 1; i >= 0; i--) {
            catchUp(peers.outside().get(i));
        }
    }

    /** Serves a peer all that it follows, if it can take messages and waits for nothing else. */
    void catchUp(LivePeer peer) {
        if (peer.inAudience
                || peer.stalled
                || peer.awaits != null
                || peer.due != null
                || peer.follows == LivePeer.Follows.NOTHING) {
            return;
        }
        if (log.committed() >= peer.step2Barrier) {
            peer.follows = LivePeer.Follows.EVERYTHING;
        }
        boolean everything = peer.follows == LivePeer.Follows.EVERYTHING;
        long through = Math.max(peer.cursor, everything ? log.end() : log.committed());
        for (LogEntry entry : log.between(peer.cursor, through)) {
            if (entry.sender() != peer.number) {
                effects.send(peer, entry.message());
            }
        }
        peer.cursor = through;
        if (everything) {
            peer.has = null;
            peers.joinAudience(peer);
        }
    }

    /** The peer takes no more messages: remembers what it has, so that what it misses need not be kept. */
    void stalled(LivePeer peer) {
        if (peer.inAudience) {
            peer.cursor = log.end();
            peer.has = content.known().copy();
            peers.leaveAudience(peer);
        }
    }

    /** The peer takes messages again: a short backlog goes as it is, a longer one as a diff. */
    void resume(LivePeer peer) {
        if (peer.awaits != null || peer.writing) {
            return;
        }
        List<Outgoing> due = peer.due;
        if (due != null) {
            sendInTurn(peer, due);
            if (peer.due != null) {
                return;
            }
            peers.release(peer, log.committed());
        }
        ClockVector askedWith = peer.askedWith;
        if (askedWith != null) {
            peer.askedWith = null;
            answer(peer, askedWith);
            peers.release(peer, log.committed());
            return;
        }
        ClockVector has = peer.has;
        if (has != null && isBacklogLong(peer)) {
            request(peer, has);
        } else {
            catchUp(peer);
        }
    }

    private boolean isBacklogLong(LivePeer peer) {
        if (peer.cursor < log.first() - 1) {
            return true;
        }
        long updates = log.committed() - peer.cursor;
        return updates > 0
                && (updates > limits.backlogUpdatesMax()
                        || log.bytesBetween(peer.cursor, log.committed()) > limits.wholeBytesMax());
    }

    /** Forgets the updates that are in the base, except those which a peer that waits for a diff needs after it. */
    void trim() {
        long keepAfter = log.baseThrough();
        for (DiffRequest request : pending) {
            keepAfter = Math.min(keepAfter, request.throughSequence);
        }
        log.trim(keepAfter);
    }
}
