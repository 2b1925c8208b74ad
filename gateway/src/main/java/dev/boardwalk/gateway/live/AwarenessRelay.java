package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.AwarenessUpdate;
import dev.boardwalk.crdt.sync.AwarenessUpdate.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * Passes awareness between the peers: who is here, and where their cursors are. Nothing of it is durable.
 *
 * <p>What is taken goes to all, the sender as well: its provider counts on a message at least every 30 s.
 */
final class AwarenessRelay {
    private final AwarenessTable table;
    private final PeerTable peers;
    private final LiveLimits limits;
    private final LiveEffects effects;

    AwarenessRelay(AwarenessTable table, PeerTable peers, LiveLimits limits, LiveEffects effects) {
        this.table = table;
        this.peers = peers;
        this.limits = limits;
        this.effects = effects;
    }

    void take(LivePeer peer, AwarenessUpdate update) {
        List<Entry> accepted = new ArrayList<>(update.entries().size());
        List<Entry> corrections = new ArrayList<>(0);
        for (Entry entry : update.entries()) {
            byte[] json = entry.json();
            if (json != null && json.length > limits.awarenessStateBytesMax()) {
                effects.refused(peer, Refusal.AWARENESS_STATE_TOO_LARGE);
                continue;
            }
            switch (table.apply(peer, entry)) {
                case ACCEPTED -> accepted.add(entry);
                case OLD -> {}
                case REMOVED_BEFORE -> corrections.add(table.removalOf(entry.client()));
                case FULL -> effects.refused(peer, Refusal.AWARENESS_CLIENTS_FULL);
            }
        }
        if (!accepted.isEmpty()) {
            peers.sendToAll(message(accepted));
        }
        if (!corrections.isEmpty() && !peer.stalled) {
            effects.send(peer, message(corrections));
        }
    }

    /** Sends all states, if there are any. */
    void greet(LivePeer peer) {
        if (table.size() > 0) {
            effects.send(peer, message(table.all()));
        }
    }

    /** Sends all states because the peer asked, also when there are none. */
    void answer(LivePeer peer) {
        if (!peer.stalled) {
            effects.send(peer, message(table.all()));
        }
    }

    void stalled(LivePeer peer) {
        peer.awarenessVersion = table.version();
    }

    /** Sends the newest of what the peer missed. */
    void resume(LivePeer peer) {
        List<Entry> missed = table.since(peer.awarenessVersion);
        if (!missed.isEmpty()) {
            effects.send(peer, message(missed));
        }
    }

    /** The peer has left: so have its clients. */
    void left(LivePeer peer) {
        List<Entry> gone = table.removeOwnedBy(peer);
        if (!gone.isEmpty()) {
            peers.sendToAll(message(gone));
        }
    }

    private static Outgoing message(List<Entry> entries) {
        return new Outgoing(Outgoing.Kind.AWARENESS, new AwarenessUpdate(entries).encode());
    }
}
