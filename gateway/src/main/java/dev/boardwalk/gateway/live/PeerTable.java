package dev.boardwalk.gateway.live;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The peers of an entity, and which of them are in the audience, outside it, or waiting for receipts. */
final class PeerTable {
    /** About the heap that a peer takes besides what its parts weigh. */
    private static final int OVERHEAD_BYTES = 256;

    private final LiveEffects effects;
    private final ArrayList<LivePeer> peers = new ArrayList<>();
    /** Clients that broadcasts do not reach. */
    private final ArrayList<LivePeer> outside = new ArrayList<>();
    /** Peers with receipts that are not released. */
    private final ArrayList<LivePeer> waiting = new ArrayList<>();

    private final Outgoing durable = new Outgoing(Outgoing.Kind.SYNC_STATUS, new byte[] {1});
    private final Outgoing refused = new Outgoing(Outgoing.Kind.SYNC_STATUS, new byte[] {0});

    private final Outgoing denial =
            new Outgoing(Outgoing.Kind.DENIAL, "edits are refused: read only".getBytes(StandardCharsets.UTF_8));

    private long lastNumber;

    PeerTable(LiveEffects effects) {
        this.effects = effects;
    }

    int size() {
        return peers.size();
    }

    List<LivePeer> all() {
        return peers;
    }

    List<LivePeer> outside() {
        return outside;
    }

    List<LivePeer> waiting() {
        return waiting;
    }

    void add(LivePeer peer) {
        if (peer.isPresent()) {
            throw new IllegalStateException("peer " + peer.number + " joined twice");
        }
        peer.number = ++lastNumber;
        peers.add(peer);
        if (peer.isClient()) {
            outside.add(peer);
        }
    }

    void remove(LivePeer peer) {
        if (peer.inAudience) {
            leaveAudience(peer);
        }
        peers.remove(peer);
        outside.remove(peer);
        waiting.remove(peer);
        peer.receipts.clear();
        peer.awaits = null;
        peer.due = null;
        peer.number = LivePeer.NOBODY;
    }

    void joinAudience(LivePeer peer) {
        peer.inAudience = true;
        outside.remove(peer);
        effects.joinAudience(peer);
    }

    void leaveAudience(LivePeer peer) {
        peer.inAudience = false;
        outside.add(peer);
        effects.leaveAudience(peer);
    }

    /** Sends to every client that can take messages, in the audience or not. */
    void sendToAll(Outgoing message) {
        effects.broadcast(message, null);
        for (LivePeer peer : outside) {
            if (!peer.stalled) {
                effects.send(peer, message);
            }
        }
    }

    /** Makes the peer wait for one more receipt; {@link #release} follows. */
    void addReceipt(LivePeer peer, Receipt receipt) {
        if (peer.receipts.isEmpty()) {
            waiting.add(peer);
        }
        peer.receipts.add(receipt);
    }

    /** Sends what the peer waited for as far as it is committed now. */
    void release(LivePeer peer, long committed) {
        if (mayBeTold(peer) && sendReceipts(peer, committed) && peer.receipts.isEmpty()) {
            waiting.remove(peer);
        }
    }

    /** The same for every peer that waits. */
    void releaseAll(long committed) {
        for (LivePeer peer : waiting) {
            if (mayBeTold(peer)) {
                sendReceipts(peer, committed);
            }
        }
        waiting.removeIf(peer -> peer.receipts.isEmpty());
    }

    private static boolean mayBeTold(LivePeer peer) {
        return !peer.stalled && !peer.signsWait();
    }

    private boolean sendReceipts(LivePeer peer, long committed) {
        boolean any = false;
        for (@Nullable Receipt receipt = peer.receipts.poll(committed);
                receipt != null;
                receipt = peer.receipts.poll(committed)) {
            any = true;
            switch (receipt) {
                case Receipt.Echo echo -> {
                    Outgoing message = echo.message();
                    if (message != null) {
                        effects.send(peer, message);
                    }
                }
                case Receipt.Sign sign -> effects.send(peer, sign.applied() ? durable : refused);
                case Receipt.Denial _ -> effects.send(peer, denial);
                case Receipt.Mark mark -> effects.send(peer, mark.message());
                case Receipt.Confirmation _ -> effects.confirmed(peer);
            }
        }
        return any;
    }

    /** Whether the peer with this number is still here; found by halving, since peers stay in the order of their numbers. */
    boolean contains(long number) {
        int low = 0;
        int high = peers.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = peers.get(middle).number;
            if (found == number) {
                return true;
            }
            if (found < number) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return false;
    }

    long weightBytes() {
        long weight = (long) peers.size() * OVERHEAD_BYTES;
        for (LivePeer peer : waiting) {
            weight += peer.receipts.weightBytes();
        }
        return weight;
    }
}
