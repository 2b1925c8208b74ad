package dev.boardwalk.gateway.live;

import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The awareness clients of an entity that went: how high their clocks were, so that old news does not bring them back, and,
 * until the next flush, what they last said of themselves. Bounded; who went first is forgotten first.
 */
final class DepartedClients {
    /** The largest state that is kept after its client has gone: room for a name, a colour and a cursor. */
    private static final int KEPT_BYTES_MAX = 4 * 1024;

    private final int clientsMax;
    private final LinkedHashMap<Long, AwarenessState> departed = new LinkedHashMap<>();
    private long weight;
    /** Whether a last state is kept. */
    private boolean anyLast;

    DepartedClients(int clientsMax) {
        this.clientsMax = clientsMax;
    }

    @Nullable
    AwarenessState find(long client) {
        return departed.get(client);
    }

    /** Takes in a client with the state that it had; nobody owns it any more. */
    void add(AwarenessState state) {
        byte[] json = state.json;
        if (json != null && json.length <= KEPT_BYTES_MAX) {
            state.lastJson = json;
            anyLast = true;
        }
        state.json = null;
        weight += state.weightBytes();
        departed.put(state.client, state);
        if (departed.size() > clientsMax) {
            Iterator<AwarenessState> oldest = departed.values().iterator();
            weight -= oldest.next().weightBytes();
            oldest.remove();
        }
    }

    /** The client is back. */
    void remove(long client) {
        AwarenessState gone = departed.remove(client);
        if (gone != null) {
            weight -= gone.weightBytes();
        }
    }

    /** Forgets what the clients last said of themselves, not that they went. */
    void forgetLast() {
        if (!anyLast) {
            return;
        }
        anyLast = false;
        for (AwarenessState gone : departed.values()) {
            weight -= gone.weightBytes();
            gone.lastJson = null;
            weight += gone.weightBytes();
        }
    }

    long weightBytes() {
        return weight;
    }

    Iterable<AwarenessState> all() {
        return departed.values();
    }
}
