package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.Admission;
import dev.boardwalk.gateway.live.HeldGaps.Arrival;
import java.util.List;

/**
 * Takes updates in: decides from the ids whether one is {@linkplain NewUpdates new}, known already, or above a
 * {@linkplain Gaps gap}, and what its sender is {@linkplain PeerReceipts told}.
 */
final class Edits {
    private final Content content;
    private final UpdateLog log;
    private final PeerTable peers;
    private final ClientIds clientIds;
    private final CatchUp catchUp;
    private final LiveLimits limits;
    private final LiveEntity.Closer closer;
    private final NewUpdates newUpdates;
    private final PeerReceipts receipts;
    private final Gaps gaps;

    Edits(
            Content content,
            PeerTable peers,
            ClientIds clientIds,
            CatchUp catchUp,
            LiveLimits limits,
            LiveEffects effects,
            LiveEntity.Closer closer) {
        this.content = content;
        this.log = content.log();
        this.peers = peers;
        this.clientIds = clientIds;
        this.catchUp = catchUp;
        this.limits = limits;
        this.closer = closer;
        this.newUpdates = new NewUpdates(content, catchUp, limits, effects);
        this.receipts = new PeerReceipts(log, peers, catchUp, limits, closer);
        this.gaps = new Gaps(content, newUpdates, receipts, catchUp, limits, effects);
    }

    Gaps gaps() {
        return gaps;
    }

    /** Takes what an entity without content begins with. */
    void begin(ValidUpdate update) {
        if (content.admit(update) == Admission.NEW) {
            newUpdates.append(update, null, LivePeer.NOBODY, Arrival.EDIT);
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
                LogEntry entry = newUpdates.append(trimmed, peer, peer.number, arrival);
                if (arrival == Arrival.EDIT
                        && peer.clientId == LivePeer.NO_CLIENT
                        && update.outline().sections() == 1) {
                    clientIds.claim(peer, update.outline().client(0));
                }
                if (counted) {
                    // What goes back is what came, and shares the frame of what the others get if that is the same.
                    receipts.add(
                            peer,
                            trimmed == update
                                    ? PeerReceipts.of(peer, entry.message(), entry.sequence())
                                    : PeerReceipts.of(peer, update, entry.sequence()));
                }
                receipts.settled(peer, arrival, entry.sequence());
                gaps.retry();
            }
            case NOTHING_NEW -> {
                boolean empty = update.outline().isEmpty();
                if (counted && (!empty || peer.kind() != PeerKind.CLIENT)) {
                    boolean atOnce = empty && peer.isClient();
                    receipts.add(peer, PeerReceipts.of(peer, update, atOnce ? log.committed() : log.end()));
                }
                receipts.settled(peer, arrival, log.end());
            }
            case GAP -> {
                if (arrival == Arrival.STEP2) {
                    takeJoining(peer, update);
                }
                gaps.hold(peer, update, arrival, counted);
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

    /**
     * Whether the update would bring more than may wait for a commit. What is known already may always come, and so
     * may one update of any size, which the limit on frames bounds.
     */
    private boolean isTooMuch(ValidUpdate update) {
        return log.uncommittedBytes() > 0
                && log.uncommittedBytes() + update.bytes().length > limits.uncommittedBytesMax()
                && !content.contains(update);
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
                barrier = newUpdates
                        .append(trimmed, peer, peer.number, Arrival.STEP2)
                        .sequence();
            case NOTHING_NEW -> {}
            case GAP -> {
                return;
            }
        }
        if (peer.kind() == PeerKind.CLIENT) {
            receipts.add(peer, PeerReceipts.of(peer, part, barrier));
        }
        gaps.retry();
    }

    /** An update of a peer that may not write, or to an entity that takes no more: what is here already is confirmed. */
    void refuse(LivePeer peer, ValidUpdate update, Arrival arrival) {
        boolean counted = counts(peer, arrival);
        boolean known = content.contains(update);
        if (counted && peer.kind() == PeerKind.COUNTING_CLIENT) {
            receipts.add(peer, new Receipt.Sign(known, known ? log.end() : log.committed()));
        } else if (known && !update.outline().isEmpty()) {
            receipts.add(peer, PeerReceipts.of(peer, update, log.end()));
        } else if (!known && peer.kind() == PeerKind.CLIENT) {
            receipts.add(peer, new Receipt.Denial(log.committed()));
        }
        receipts.settled(peer, arrival, log.end());
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
            receipts.add(peer, receipt);
        }
        if (peer.isPresent()) {
            catchUp.askOutOfTurn(peer);
        }
    }

    /** Takes a peer's question to be told when all that came before it is durable. */
    void mark(LivePeer peer, byte[] payload) {
        receipts.mark(peer, payload);
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
                newUpdates.append(update, null, LivePeer.NOBODY, Arrival.RELAYED);
                gaps.retry();
            }
            case NOTHING_NEW -> {}
            case GAP -> gaps.holdRelayed(update);
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

    /** A flush has ended: the next one may be asked for. */
    void flushTaken() {
        newUpdates.flushTaken();
    }
}
