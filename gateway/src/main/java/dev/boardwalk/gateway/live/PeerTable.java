package dev.boardwalk.gateway.live;

import java.util.ArrayList;
import java.util.List;

/** The peers of an entity, in no particular order. */
final class PeerTable {
    /** About the heap that a peer takes besides what its parts weigh. */
    private static final int OVERHEAD_BYTES = 256;

    private final ArrayList<LivePeer> peers = new ArrayList<>();
    private long lastNumber;

    void add(LivePeer peer) {
        if (peer.isPresent()) {
            throw new IllegalStateException("peer " + peer.number + " joined twice");
        }
        peer.number = ++lastNumber;
        peers.add(peer);
    }

    void remove(LivePeer peer) {
        int at = peers.indexOf(peer);
        LivePeer last = peers.removeLast();
        if (last != peer) {
            peers.set(at, last);
        }
        peer.number = LivePeer.NOBODY;
    }

    int size() {
        return peers.size();
    }

    /** A copy, for loops that close peers. */
    List<LivePeer> copy() {
        return List.copyOf(peers);
    }

    /** All peers: a view that must not be changed meanwhile. */
    List<LivePeer> all() {
        return peers;
    }

    /** Whether the peer with this number is still here. */
    boolean contains(long number) {
        for (LivePeer peer : peers) {
            if (peer.number == number) {
                return true;
            }
        }
        return false;
    }

    long weightBytes() {
        long weight = 0;
        for (LivePeer peer : peers) {
            weight += OVERHEAD_BYTES + peer.receipts.weightBytes();
        }
        return weight;
    }
}
