package dev.boardwalk.gateway.live;

import dev.boardwalk.gateway.live.HeldGaps.Arrival;

/**
 * The receipts that peers get for what they send: each kind of peer has its own, and a peer for which too many pile up is
 * sent away.
 *
 * <p>A receipt's barrier is what has to be committed first. For a new update that is the update itself. One that brings
 * nothing new may consist of what somebody else sent and is not committed, so its barrier is all that is here; likewise a
 * mark's.
 */
final class PeerReceipts {
    private final UpdateLog log;
    private final PeerTable peers;
    private final CatchUp catchUp;
    private final LiveLimits limits;
    private final LiveEntity.Closer closer;

    PeerReceipts(UpdateLog log, PeerTable peers, CatchUp catchUp, LiveLimits limits, LiveEntity.Closer closer) {
        this.log = log;
        this.peers = peers;
        this.catchUp = catchUp;
        this.limits = limits;
        this.closer = closer;
    }

    /** What the peer is to be told of an update that it sent. */
    static Receipt of(LivePeer peer, ValidUpdate update, long barrier) {
        return of(peer, new Outgoing(Outgoing.Kind.UPDATE, update.bytes()), barrier);
    }

    /** @param echo the update as it came, framed already perhaps */
    static Receipt of(LivePeer peer, Outgoing echo, long barrier) {
        return switch (peer.kind()) {
            case CLIENT -> new Receipt.Echo(echo, barrier);
            case COUNTING_CLIENT -> new Receipt.Sign(true, barrier);
            case WRITER -> new Receipt.Confirmation(barrier);
            case GATEWAY -> throw new IllegalStateException("another gateway never edits as a peer");
        };
    }

    /** Makes the peer wait for a receipt; {@link #settled} follows. May send it away. */
    void add(LivePeer peer, Receipt receipt) {
        peers.addReceipt(peer, receipt);
        int size = peer.receipts.size();
        if (size > limits.receiptsPerPeerMax()
                || (size > 1 && peer.receipts.bytes() > limits.receiptBytesPerPeerMax())) {
            closer.close(peer, Refusal.RECEIPTS_FULL, CloseReason.TOO_MUCH_UNCONFIRMED);
        }
    }

    /** An update of the peer has found its barrier: releases what can be, and notes what a SyncStep2 settles. */
    void settled(LivePeer peer, Arrival arrival, long barrier) {
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
            add(peer, new Receipt.Mark(payload, log.end()));
            if (peer.isPresent()) {
                peers.release(peer, log.committed());
            }
        }
    }
}
