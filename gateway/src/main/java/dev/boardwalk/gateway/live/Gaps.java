package dev.boardwalk.gateway.live;

import dev.boardwalk.gateway.live.HeldGaps.Arrival;
import dev.boardwalk.gateway.live.HeldGaps.Held;
import org.jspecify.annotations.Nullable;

/**
 * What is done about updates that do not fit yet: they are held, whoever may have what is missing is asked for it, they are
 * tried again when something new came, and given up beyond the limits.
 */
final class Gaps {
    private final Content content;
    private final NewUpdates newUpdates;
    private final PeerReceipts receipts;
    private final CatchUp catchUp;
    private final LiveLimits limits;
    private final LiveEffects effects;
    private final HeldGaps held = new HeldGaps();
    private final Reread reread;

    Gaps(
            Content content,
            NewUpdates newUpdates,
            PeerReceipts receipts,
            CatchUp catchUp,
            LiveLimits limits,
            LiveEffects effects) {
        this.content = content;
        this.newUpdates = newUpdates;
        this.receipts = receipts;
        this.catchUp = catchUp;
        this.limits = limits;
        this.effects = effects;
        this.reread = new Reread(effects);
    }

    /** What is held now. */
    HeldGaps held() {
        return held;
    }

    Reread reread() {
        return reread;
    }

    /** Holds a peer's update; only clients are asked again and wait. */
    void hold(LivePeer peer, ValidUpdate update, Arrival arrival, boolean counted) {
        if (!peer.isClient()) {
            effects.refused(peer, Refusal.GAP);
            return;
        }
        Receipt receipt = counted ? PeerReceipts.of(peer, update, Receipt.UNKNOWN) : null;
        if (receipt != null) {
            receipts.add(peer, receipt);
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

    /** Holds what another gateway has committed; the journal has what is missing. */
    void holdRelayed(ValidUpdate update) {
        if (!held.holds(update) && held.add(update, null, LivePeer.NOBODY, null, Arrival.RELAYED, content.known())) {
            dropBeyondLimits();
        }
        reread.ask();
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

    /** Something new is here: takes in what fits by now. */
    void retry() {
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
                LogEntry entry = newUpdates.append(trimmed, peer, candidate.sender(), candidate.arrival());
                settle(candidate, entry.sequence());
            }
            case NOTHING_NEW -> settle(candidate, content.log().end());
            case GAP -> {
                if (!held.add(
                        update, peer, candidate.sender(), candidate.receipt(), candidate.arrival(), content.known())) {
                    effects.refused(peer, Refusal.GAP);
                    lose(candidate);
                }
            }
        }
    }

    private void settle(Held candidate, long barrier) {
        LivePeer peer = candidate.peer();
        Receipt receipt = candidate.receipt();
        if (receipt != null) {
            receipt.barrier = barrier;
        }
        if (peer != null) {
            receipts.settled(peer, candidate.arrival(), barrier);
        }
    }
}
