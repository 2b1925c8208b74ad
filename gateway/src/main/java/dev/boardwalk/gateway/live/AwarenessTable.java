package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.AwarenessUpdate.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The awareness states of an entity: for each client its newest state, or how high its clock was when it went.
 *
 * <p>A state is taken if its clock is higher than the known one; a removal also if it is equal [1]. So clock 0 of an unknown
 * client says nothing. Each present client is owned by the peer from which its newest state came: when that peer leaves,
 * the client goes too. y-websocket clients also send on what they learned of others, with the same clock, which therefore
 * must not move ownership — except before the peer's first SyncStep2: up to then it has not seen what we sent it and
 * speaks for itself, so that a client that comes back on a new socket owns itself at once, while its old socket is half
 * open.
 *
 * <p>[1] y-protocols, awareness.js, applyAwarenessUpdate
 */
final class AwarenessTable {
    /** Yjs awareness timeout: a client renews its state every 15 s, others forget it after 30 s (y-protocols, awareness.js). */
    static final long OUTDATED_MILLIS = 30_000;

    /** What a table made of one entry. */
    enum Outcome {
        /** It is the newest word and goes to everybody. */
        ACCEPTED,
        /** It is not newer than what is known. */
        OLD,
        /**
         * The client lives, but was removed under a clock at least as high. Told so, it raises its clock and announces
         * itself again (y-protocols, awareness.js: a client never lets its own state be removed).
         */
        REMOVED_BEFORE,
        /** A limit on clients is reached. */
        FULL,
        /** The client is another peer. */
        NOT_OWN
    }

    private final LiveLimits limits;
    private final Map<Long, AwarenessState> present = new HashMap<>();
    private final DepartedClients departed;
    private final ClientIds clients;

    private long version;
    /** Of those present. */
    private long weight;

    private long nowMillis = LivePeer.TIME_UNKNOWN;

    AwarenessTable(LiveLimits limits, ClientIds clients) {
        this.limits = limits;
        this.departed = new DepartedClients(limits.awarenessClientsMax());
        this.clients = clients;
    }

    /** Counts the changes. */
    long version() {
        return version;
    }

    int size() {
        return present.size();
    }

    long weightBytes() {
        return weight + departed.weightBytes();
    }

    Outcome apply(LivePeer from, Entry entry) {
        AwarenessState state = present.get(entry.client());
        if (state != null) {
            return applyToPresent(from, state, entry);
        }
        AwarenessState gone = departed.find(entry.client());
        if (entry.isRemoval()) {
            if (gone == null || entry.clock() <= gone.clock) {
                return Outcome.OLD;
            }
            gone.clock = entry.clock();
            gone.version = ++version;
            return Outcome.ACCEPTED;
        }
        if (gone != null && entry.clock() <= gone.clock) {
            return Outcome.REMOVED_BEFORE;
        }
        if (entry.clock() == 0) {
            return Outcome.OLD;
        }
        return introduce(from, entry);
    }

    private Outcome applyToPresent(LivePeer from, AwarenessState state, Entry entry) {
        if (entry.isRemoval()) {
            if (entry.clock() < state.clock) {
                return Outcome.OLD;
            }
            if (!maySpeakFor(from, state)) {
                return Outcome.NOT_OWN;
            }
            remove(state, entry.clock());
            return Outcome.ACCEPTED;
        }
        boolean newer = entry.clock() > state.clock;
        boolean returned = entry.clock() == state.clock && from.step2Barrier == LivePeer.UNKNOWN;
        if (!newer && !returned) {
            return Outcome.OLD;
        }
        if (!maySpeakFor(from, state)) {
            return Outcome.NOT_OWN;
        }
        if (state.owner != from) {
            if (from.awarenessClients >= clientsMax(from)) {
                return Outcome.FULL;
            }
            state.disown();
            state.own(from);
        }
        if (!newer) {
            return Outcome.OLD;
        }
        set(state, entry);
        return Outcome.ACCEPTED;
    }

    /**
     * Whether a peer may change the state of a client that is here. A client's own peer always may; another one of this
     * gateway only while nobody else has brought the client here. What other gateways say they have checked themselves.
     */
    private boolean maySpeakFor(LivePeer from, AwarenessState state) {
        LivePeer owner = state.owner;
        if (owner == from || from.kind() == PeerKind.GATEWAY || clients.holds(from, state.client)) {
            return true;
        }
        boolean elsewhere = owner == null || owner.kind() == PeerKind.GATEWAY;
        return elsewhere && !clients.contends(from) && from.clientId == LivePeer.NO_CLIENT;
    }

    private Outcome introduce(LivePeer from, Entry entry) {
        if (from.awarenessClients >= clientsMax(from) || present.size() >= limits.awarenessClientsMax()) {
            return Outcome.FULL;
        }
        departed.remove(entry.client());
        AwarenessState state = new AwarenessState(entry.client());
        present.put(entry.client(), state);
        weight += state.weightBytes();
        state.own(from);
        set(state, entry);
        return Outcome.ACCEPTED;
    }

    /** A peer speaks for itself and a few; another gateway for all that are there. */
    private int clientsMax(LivePeer from) {
        return from.kind() == PeerKind.GATEWAY ? limits.awarenessClientsMax() : limits.awarenessClientsPerPeerMax();
    }

    private void set(AwarenessState state, Entry entry) {
        weight -= state.weightBytes();
        state.clock = entry.clock();
        state.json = entry.json();
        state.seenMillis = nowMillis;
        state.version = ++version;
        weight += state.weightBytes();
    }

    private void remove(AwarenessState state, long clock) {
        state.disown();
        present.remove(state.client);
        weight -= state.weightBytes();
        state.clock = clock;
        state.version = ++version;
        departed.add(state);
    }

    /** The newest state of a client that is here or has gone since the last flush. */
    byte @Nullable [] newest(long client) {
        AwarenessState state = present.get(client);
        if (state != null) {
            return state.json;
        }
        AwarenessState gone = departed.find(client);
        return gone == null ? null : gone.lastJson;
    }

    /** The client that this peer shows as its own, or {@link Writer#UNKNOWN} unless there is exactly one. */
    long onlyClientOf(long peerNumber) {
        long only = Writer.UNKNOWN;
        for (AwarenessState state : present.values()) {
            if (state.ownerNumber == peerNumber && peerNumber != LivePeer.NOBODY) {
                if (only != Writer.UNKNOWN) {
                    return Writer.UNKNOWN;
                }
                only = state.client;
            }
        }
        return only;
    }

    /** Forgets the last states of clients that have gone. */
    void forgetDeparted() {
        departed.forgetLast();
    }

    /** Removes the clients that the peer owns, and says so under the next clock. */
    List<Entry> removeOwnedBy(LivePeer peer) {
        if (peer.awarenessClients == 0) {
            return List.of();
        }
        List<Entry> gone = new ArrayList<>();
        for (AwarenessState state : List.copyOf(present.values())) {
            if (state.owner == peer) {
                remove(state, state.clock + 1);
                gone.add(state.entry());
            }
        }
        return gone;
    }

    /** How high the client's clock was when it went. */
    Entry removalOf(long client) {
        AwarenessState gone = departed.find(client);
        if (gone == null) {
            throw new IllegalStateException("awareness client " + client + " is not among those that went");
        }
        return gone.entry();
    }

    /** The states of all present clients. */
    List<Entry> all() {
        return present.values().stream().map(AwarenessState::entry).toList();
    }

    /** The states of the clients that are here, not at another gateway. */
    List<Entry> local() {
        return present.values().stream()
                .filter(state -> state.owner != null && state.owner.kind() != PeerKind.GATEWAY)
                .map(AwarenessState::entry)
                .toList();
    }

    /** What changed after a version, removals as well. */
    List<Entry> since(long after) {
        List<Entry> changed = new ArrayList<>();
        if (after < version) {
            addSince(changed, present.values(), after);
            addSince(changed, departed.all(), after);
        }
        return changed;
    }

    private static void addSince(List<Entry> to, Iterable<AwarenessState> states, long after) {
        for (AwarenessState state : states) {
            if (state.version > after) {
                to.add(state.entry());
            }
        }
    }

    /** Forgets, without a word, the clients that have not renewed their state: everybody else does the same. */
    void timePassed(long now) {
        boolean first = nowMillis == LivePeer.TIME_UNKNOWN;
        nowMillis = now;
        List<AwarenessState> outdated = new ArrayList<>(0);
        for (AwarenessState state : present.values()) {
            if (first) {
                state.seenMillis = now;
            } else if (now - state.seenMillis > OUTDATED_MILLIS) {
                outdated.add(state);
            }
        }
        for (AwarenessState state : outdated) {
            remove(state, state.clock);
        }
    }

    Iterable<AwarenessState> presentStates() {
        return present.values();
    }

    Iterable<AwarenessState> departedStates() {
        return departed.all();
    }
}
