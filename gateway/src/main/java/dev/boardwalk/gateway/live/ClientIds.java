package dev.boardwalk.gateway.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which peer is which Yjs client: each says so when it comes, by the one awareness state that it announces before it
 * answers SyncStep1 [1], or with its first edit.
 *
 * <p>Two that say they are the same client would both number their edits alike, and each would lose what the other wrote.
 * But mostly the earlier one is gone without a word (a lid was closed, a network changed) and this is the same client on
 * a new socket. Which of both it is, only the earlier socket can tell: {@link LiveEffects#askAlive} asks it. Until then the
 * later one is a <em>contender</em>: its edits are taken, since they are its own in the likely case, but it shows nobody a
 * cursor.
 *
 * <p>The two may be at different gateways. Whoever holds a client here has said so to the others ({@link
 * LiveEffects#relayClaim}), and a gateway that holds it too objects once its own holder has answered. Two that claimed it
 * while neither knew of the other both object; then one gateway's peer goes, not both.
 *
 * <p>[1] y-websocket.js, websocket.onopen; HocuspocusProvider.ts, startSync
 */
final class ClientIds {
    /** For each client the peers that say they are it: first the one that holds it, then its contenders as they came. */
    private final Map<Long, List<LivePeer>> claims = new HashMap<>();

    private final LiveEffects effects;

    ClientIds(LiveEffects effects) {
        this.effects = effects;
    }

    /** The peer says that it is this client. Only what it says first counts. */
    void claim(LivePeer peer, long client) {
        if (peer.clientId != LivePeer.NO_CLIENT || !peer.isClient() || !peer.isPresent()) {
            return;
        }
        peer.clientId = client;
        List<LivePeer> peers = claims.computeIfAbsent(client, _ -> new ArrayList<>(1));
        if (peers.isEmpty()) {
            peers.add(peer);
            effects.relayClaim(client);
        } else if (peers.getFirst().sharesSocketWith(peer)) {
            // One program has opened the document twice, and the newer one is what it uses.
            peers.addFirst(peer);
        } else {
            peers.add(peer);
            effects.askAlive(peers.getFirst(), peer);
        }
    }

    /** A peer of another gateway says that it is this client. */
    void claimedAt(long gateway, long client) {
        LivePeer holder = holder(client);
        if (holder != null) {
            holder.rivalGateway = gateway;
            effects.askAliveFor(holder, gateway);
        }
    }

    /** The peer is there; if it is still the client for which another gateway asked, that gateway hears of it. */
    void answered(LivePeer peer, long gateway) {
        if (holds(peer, peer.clientId)) {
            effects.relayTaken(gateway, peer.clientId);
        }
    }

    /** The peer that has to go since another gateway has its client; null if none. */
    @Nullable
    LivePeer takenAt(long gateway, long client, boolean yields) {
        LivePeer holder = holder(client);
        boolean bothFirst = holder != null && holder.rivalGateway == gateway;
        return bothFirst && yields ? null : holder;
    }

    /** Whether the peer is this client, as far as is known. */
    boolean holds(LivePeer peer, long client) {
        return peer.clientId == client && holder(client) == peer;
    }

    /** Whether the peer says that it is a client which an earlier one is. */
    boolean contends(LivePeer peer) {
        return peer.clientId != LivePeer.NO_CLIENT && holder(peer.clientId) != peer;
    }

    private @Nullable LivePeer holder(long client) {
        List<LivePeer> peers = claims.get(client);
        return peers == null ? null : peers.getFirst();
    }

    /** The peer is gone: the first contender for its client has it now. */
    void left(LivePeer peer) {
        List<LivePeer> peers = peer.clientId == LivePeer.NO_CLIENT ? null : claims.get(peer.clientId);
        if (peers == null) {
            return;
        }
        boolean held = peers.getFirst() == peer;
        peers.remove(peer);
        if (peers.isEmpty()) {
            claims.remove(peer.clientId);
        } else if (held) {
            LivePeer holder = peers.getFirst();
            for (LivePeer contender : peers.subList(1, peers.size())) {
                if (!holder.sharesSocketWith(contender)) {
                    effects.askAlive(holder, contender);
                }
            }
        }
    }

    /** How many clients are known. */
    int size() {
        return claims.size();
    }
}
