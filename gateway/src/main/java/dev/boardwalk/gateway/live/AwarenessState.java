package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.AwarenessUpdate.Entry;
import org.jspecify.annotations.Nullable;

/** The newest word about one awareness client of an entity, and which peer it came from. */
final class AwarenessState {
    /** About the heap that one client takes besides its state. */
    private static final int OVERHEAD_BYTES = 128;

    final long client;
    long clock;
    byte @Nullable [] json;

    /** What the state was when the client went, until the next flush: who wrote is seen from it. */
    byte @Nullable [] lastJson;

    @Nullable
    LivePeer owner;

    /** Number of the last owner. */
    long ownerNumber = LivePeer.NOBODY;

    /** {@link AwarenessTable#version} of its last change. */
    long version;

    long seenMillis;

    AwarenessState(long client) {
        this.client = client;
    }

    void own(LivePeer peer) {
        owner = peer;
        ownerNumber = peer.number;
        peer.awarenessClients++;
    }

    void disown() {
        if (owner != null) {
            owner.awarenessClients--;
            owner = null;
        }
    }

    Entry entry() {
        return new Entry(client, clock, json);
    }

    int weightBytes() {
        return OVERHEAD_BYTES + (json == null ? 0 : json.length) + (lastJson == null ? 0 : lastJson.length);
    }
}
