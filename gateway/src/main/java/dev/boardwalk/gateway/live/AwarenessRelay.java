package dev.boardwalk.gateway.live;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.boardwalk.crdt.sync.AwarenessUpdate;
import dev.boardwalk.crdt.sync.AwarenessUpdate.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Passes awareness between the peers: who is here, and where their cursors are. Nothing of it is durable.
 *
 * <p>What is taken goes to all, the sender as well: its provider counts on a message at least every 30 s.
 */
final class AwarenessRelay {
    private final AwarenessTable table;
    private final ClientIds clients;
    private final PeerTable peers;
    private final LiveLimits limits;
    private final LiveEffects effects;
    /** The other gateways that spoke of their peers, by their ids. */
    private final Map<Long, LivePeer> gateways = new HashMap<>();

    AwarenessRelay(AwarenessTable table, ClientIds clients, PeerTable peers, LiveLimits limits, LiveEffects effects) {
        this.table = table;
        this.clients = clients;
        this.peers = peers;
        this.limits = limits;
        this.effects = effects;
    }

    void take(LivePeer peer, AwarenessUpdate update) {
        if (peer.step2Barrier == LivePeer.UNKNOWN && update.entries().size() == 1) {
            Entry only = update.entries().getFirst();
            if (!only.isRemoval()) {
                clients.claim(peer, only.client());
            }
        }
        List<Entry> corrections = new ArrayList<>(0);
        List<Entry> accepted = apply(peer, update, corrections);
        if (!accepted.isEmpty()) {
            effects.relayPresence(sendToAll(accepted));
        }
        if (!corrections.isEmpty() && !peer.stalled) {
            effects.send(peer, message(corrections));
        }
    }

    /** Takes the awareness of peers of another gateway. What it does not know of removals goes back to it. */
    void takeRelayed(long gateway, AwarenessUpdate update) {
        List<Entry> corrections = new ArrayList<>(0);
        List<Entry> accepted = apply(gateways.computeIfAbsent(gateway, _ -> LivePeer.gateway()), update, corrections);
        if (!accepted.isEmpty()) {
            sendToAll(accepted);
        }
        if (!corrections.isEmpty()) {
            effects.relayPresence(new AwarenessUpdate(corrections).encode());
        }
    }

    /** Tells the other gateways of the clients that are here. */
    void tellGateways() {
        List<Entry> local = table.local();
        if (!local.isEmpty()) {
            effects.relayPresence(new AwarenessUpdate(local).encode());
        }
    }

    /** A gateway is gone: so are the clients that it spoke for. Every other gateway finds that out by itself. */
    void gatewayGone(long gateway) {
        LivePeer owner = gateways.remove(gateway);
        if (owner != null) {
            List<Entry> gone = table.removeOwnedBy(owner);
            if (!gone.isEmpty()) {
                sendToAll(gone);
            }
        }
    }

    /** Applies an update; answers what was new, and adds what the sender has to be told. */
    private List<Entry> apply(LivePeer peer, AwarenessUpdate update, List<Entry> corrections) {
        List<Entry> accepted = new ArrayList<>(update.entries().size());
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
                case NOT_OWN -> effects.refused(peer, Refusal.AWARENESS_NOT_OWN);
            }
        }
        return accepted;
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
            effects.relayPresence(sendToAll(gone));
        }
    }

    @CanIgnoreReturnValue
    private byte[] sendToAll(List<Entry> entries) {
        Outgoing message = message(entries);
        peers.sendToAll(message);
        return message.payload();
    }

    private static Outgoing message(List<Entry> entries) {
        return new Outgoing(Outgoing.Kind.AWARENESS, new AwarenessUpdate(entries).encode());
    }
}
