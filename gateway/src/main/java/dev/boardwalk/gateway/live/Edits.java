package dev.boardwalk.gateway.live;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.boardwalk.crdt.sync.Admission;
import dev.boardwalk.gateway.live.HeldGaps.Arrival;
import dev.boardwalk.gateway.live.HeldGaps.Held;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes updates in: decides whether they fit, passes new ones to the other peers and to the journal, holds those above a gap,
 * and makes the sender's receipts.
 *
 * <p>A receipt's barrier is what has to be committed first. For a new update that is the update itself. One that brings
 * nothing new may consist of what somebody else sent and is not committed, so its barrier is all that is here; likewise a
 * mark's.
 */
final class Edits {
    private final Content content;
    private final UpdateLog log;
    private final PeerTable peers;
    private final CatchUp catchUp;
    private final LiveLimits limits;
    private final LiveEffects effects;
    private final LiveEntity.Closer closer;
    private final HeldGaps held = new HeldGaps();
    private final Reread reread;
    private boolean flushAsked;

    Edits(
            Content content,
            PeerTable peers,
            CatchUp catchUp,
            LiveLimits limits,
            LiveEffects effects,
            LiveEntity.Closer closer) {
        this.content = content;
        this.log = content.log();
        this.peers = peers;
        this.catchUp = catchUp;
        this.limits = limits;
        this.effects = effects;
        this.closer = closer;
        this.reread = new Reread(effects);
    }

    Reread reread() {
        return reread;
    }

    HeldGaps held() {
        return held;
    }

    /** Takes what an entity without content begins with. */
    void begin(ValidUpdate update) {
        if (content.admit(update) == Admission.NEW) {
            append(update, null, LivePeer.NOBODY, Arrival.EDIT);
        }
    }

    /** Takes a peer's edit or its answer to SyncStep1. */
    void take(LivePeer peer, ValidUpdate update, Arrival arrival) {
        if (isTooMuch(update)) {
            closer.close(peer, Refusal.UNCOMMITTED_FULL, CloseReason.NOT_BEING_SAVED);
            return;
        }
        boolean counted = counts(peer, arrival);
        peer.hasWritten |= !update.outline().isEmpty();
        ValidUpdate trimmed = content.withoutKnownDeletions(update);
        switch (content.admit(update)) {
            case NEW -> {
                LogEntry entry = append(trimmed, peer, peer.number, arrival);
                Outgoing echo = trimmed == update ? entry.message() : messageOf(update);
                if (counted) {
                    addReceipt(peer, receiptFor(peer, echo, entry.sequence()));
                }
                settled(peer, arrival, entry.sequence());
                retryHeld();
            }
            case NOTHING_NEW -> {
                boolean empty = update.outline().isEmpty();
                if (counted && (!empty || peer.kind() != PeerKind.CLIENT)) {
                    boolean atOnce = empty && peer.isClient();
                    addReceipt(peer, receiptFor(peer, messageOf(update), atOnce ? log.committed() : log.end()));
                }
                settled(peer, arrival, log.end());
            }
            case GAP -> {
                if (arrival == Arrival.STEP2) {
                    takeJoining(peer, update);
                }
                hold(peer, update, arrival, counted);
            }
        }
    }

    /** Notes the arrival; answers whether the peer waits for a receipt of its own for it. */
    private static boolean counts(LivePeer peer, Arrival arrival) {
        if (arrival != Arrival.STEP2) {
            return true;
        }
        boolean counted = peer.kind() != PeerKind.COUNTING_CLIENT || !peer.step2Uncounted;
        peer.askedForSync = false;
        peer.step2Uncounted = false;
        return counted;
    }

    /** An update of a peer that may not write, or to an entity that takes no more: what is here already is confirmed. */
    void refuse(LivePeer peer, ValidUpdate update, Arrival arrival) {
        boolean counted = counts(peer, arrival);
        boolean known = content.contains(update);
        if (counted && peer.kind() == PeerKind.COUNTING_CLIENT) {
            addReceipt(peer, new Receipt.Sign(known, known ? log.end() : log.committed()));
        } else if (known && !update.outline().isEmpty()) {
            addReceipt(peer, receiptFor(peer, messageOf(update), log.end()));
        }
        settled(peer, arrival, log.end());
    }

    /** An update of the peer could not be read: it is asked for all that it has once more. */
    void unreadable(LivePeer peer, Arrival arrival) {
        if (arrival == Arrival.STEP2) {
            // The next answer is counted in place of this one.
            peer.askedForSync = false;
            catchUp.ask(peer);
            return;
        }
        if (peer.kind() == PeerKind.COUNTING_CLIENT) {
            Receipt receipt = new Receipt.Sign(true, Receipt.UNKNOWN);
            receipt.lose();
            addReceipt(peer, receipt);
        }
        if (peer.isPresent()) {
            catchUp.askOutOfTurn(peer);
        }
    }

    /**
     * Whether the update would bring more than may wait for a commit. What is known already may always come, and so
     * may one update of any size, which the limit on frames bounds.
     */
    private boolean isTooMuch(ValidUpdate update) {
        return log.uncommittedBytes() > 0
                && log.uncommittedBytes() + update.bytes().length > limits.uncommittedBytesMax()
                && !content.contains(update);
    }

    @CanIgnoreReturnValue
    private LogEntry append(ValidUpdate update, @Nullable LivePeer peer, long sender, Arrival arrival) {
        boolean durable = arrival == Arrival.RELAYED;
        LogEntry entry = log.append(update, sender, durable);
        catchUp.appended(entry, peer);
        if (!durable) {
            effects.journal(entry.sequence(), update.bytes());
        }
        if (!flushAsked
                && !content.isFlushing()
                && (log.sizeAfterBase() > limits.logUpdatesMax() || log.bytesAfterBase() > limits.logBytesMax())) {
            flushAsked = true;
            effects.flushNeeded();
        }
        return entry;
    }

    /** A flush begins or has ended: the next one may be asked for. */
    void flushTaken() {
        flushAsked = false;
    }

    private static Outgoing messageOf(ValidUpdate update) {
        return new Outgoing(Outgoing.Kind.UPDATE, update.bytes());
    }

    private static Receipt receiptFor(LivePeer peer, Outgoing message, long barrier) {
        return switch (peer.kind()) {
            case CLIENT -> new Receipt.Echo(message, barrier);
            case COUNTING_CLIENT -> new Receipt.Sign(true, barrier);
            case WRITER -> new Receipt.Confirmation(barrier);
            case GATEWAY -> throw new IllegalStateException("another gateway never edits as a peer");
        };
    }

    private void addReceipt(LivePeer peer, Receipt receipt) {
        peers.addReceipt(peer, receipt);
        int size = peer.receipts.size();
        if (size > limits.receiptsPerPeerMax()
                || (size > 1 && peer.receipts.bytes() > limits.receiptBytesPerPeerMax())) {
            closer.close(peer, Refusal.RECEIPTS_FULL, CloseReason.TOO_MUCH_UNCONFIRMED);
        }
    }

    /** An update of the peer has found its barrier: releases what can be, and notes what a SyncStep2 settles. */
    private void settled(LivePeer peer, Arrival arrival, long barrier) {
        if (!peer.isPresent()) {
            return;
        }
        if (arrival == Arrival.STEP2) {
            peer.receipts.regain(barrier);
            if (peer.step2Barrier == LivePeer.UNKNOWN) {
                peer.step2Barrier = barrier;
                catchUp.catchUp(peer);
            }
        }
        peers.release(peer, log.committed());
    }

    /** A mark comes back once all that came before it is durable, on this socket or an earlier one of the same client. */
    void mark(LivePeer peer, byte[] payload) {
        if (peer.kind() == PeerKind.CLIENT) {
            addReceipt(peer, new Receipt.Mark(payload, log.end()));
            if (peer.isPresent()) {
                peers.release(peer, log.committed());
            }
        }
    }

    /**
     * Takes that part of an answer which joins on to what is here. The rest waits for what its sender waits for as well,
     * maybe for ever; the edits made on that client meanwhile must not.
     */
    private void takeJoining(LivePeer peer, ValidUpdate update) {
        ValidUpdate part = peer.isClient() ? update.joining(content.known()) : null;
        if (part == null) {
            return;
        }
        ValidUpdate trimmed = content.withoutKnownDeletions(part);
        long barrier = log.end();
        switch (content.admit(part)) {
            case NEW ->
                barrier = append(trimmed, peer, peer.number, Arrival.STEP2).sequence();
            case NOTHING_NEW -> {}
            case GAP -> {
                return;
            }
        }
        if (peer.kind() == PeerKind.CLIENT) {
            addReceipt(peer, receiptFor(peer, messageOf(part), barrier));
        }
        retryHeld();
    }

    private void hold(LivePeer peer, ValidUpdate update, Arrival arrival, boolean counted) {
        if (!peer.isClient()) {
            effects.refused(peer, Refusal.GAP);
            return;
        }
        Receipt receipt = counted ? receiptFor(peer, messageOf(update), Receipt.UNKNOWN) : null;
        if (receipt != null) {
            addReceipt(peer, receipt);
        }
        if (!peer.isPresent()) {
            return;
        }
        if (held.add(update, peer, peer.number, receipt, arrival, content.known())) {
            dropBeyondLimits();
        } else {
            effects.refused(peer, Refusal.GAP);
            loseReceipt(peer, receipt);
        }
        // An answer to SyncStep1 that has a gap itself is not asked for again: it would come back the same.
        if (arrival == Arrival.EDIT) {
            catchUp.askOutOfTurn(peer);
        }
    }

    private static void loseReceipt(LivePeer peer, @Nullable Receipt receipt) {
        if (receipt != null) {
            peer.receipts.lose(receipt);
        }
    }

    private void dropBeyondLimits() {
        while (held.size() > limits.heldUpdatesMax() || held.weightBytes() > limits.heldBytesMax()) {
            Held dropped = held.removeOldest();
            effects.refused(dropped.peer(), Refusal.HELD_FULL);
            lose(dropped);
        }
    }

    /** A held update is given up: it is never confirmed, and asked for again where it came from. */
    private void lose(Held dropped) {
        LivePeer peer = dropped.peer();
        if (dropped.arrival() == Arrival.RELAYED) {
            reread.ask();
        } else if (peer != null) {
            loseReceipt(peer, dropped.receipt());
            if (dropped.arrival() == Arrival.EDIT) {
                catchUp.askOutOfTurn(peer);
            }
        }
    }

    private void retryHeld() {
        while (!held.isEmpty()) {
            Held candidate = held.takeFitting(content.known());
            if (candidate == null) {
                return;
            }
            retry(candidate);
        }
    }

    private void retry(Held candidate) {
        ValidUpdate update = candidate.update();
        LivePeer peer = candidate.peer();
        ValidUpdate trimmed = content.withoutKnownDeletions(update);
        switch (content.admit(update)) {
            case NEW -> {
                LogEntry entry = append(trimmed, peer, candidate.sender(), candidate.arrival());
                settleHeld(candidate, entry.sequence());
            }
            case NOTHING_NEW -> settleHeld(candidate, log.end());
            case GAP -> {
                if (!held.add(
                        update, peer, candidate.sender(), candidate.receipt(), candidate.arrival(), content.known())) {
                    effects.refused(peer, Refusal.GAP);
                    lose(candidate);
                }
            }
        }
    }

    private void settleHeld(Held candidate, long barrier) {
        LivePeer peer = candidate.peer();
        Receipt receipt = candidate.receipt();
        if (receipt != null) {
            receipt.barrier = barrier;
        }
        if (peer != null) {
            settled(peer, candidate.arrival(), barrier);
        }
    }

    /** Takes what another gateway has committed. */
    void takeRelayed(List<ValidUpdate> updates) {
        long before = log.committed();
        for (ValidUpdate update : updates) {
            takeRelayed(update);
        }
        committedSince(before);
    }

    private void takeRelayed(ValidUpdate update) {
        switch (content.admit(update)) {
            case NEW -> {
                append(update, null, LivePeer.NOBODY, Arrival.RELAYED);
                retryHeld();
            }
            case NOTHING_NEW -> {}
            case GAP -> {
                if (!held.holds(update)
                        && held.add(update, null, LivePeer.NOBODY, null, Arrival.RELAYED, content.known())) {
                    dropBeyondLimits();
                }
                reread.ask();
            }
        }
    }

    /** Takes the journal's word that all up to a sequence is durable. */
    void commit(long throughSequence) {
        long before = log.committed();
        log.commit(throughSequence);
        committedSince(before);
    }

    private void committedSince(long before) {
        long committed = log.committed();
        if (committed > before) {
            peers.releaseAll(committed);
            catchUp.committed();
            for (LogEntry entry : log.between(before, committed)) {
                entry.message().frame(null);
            }
        }
    }
}
