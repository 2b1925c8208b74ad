package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.AwarenessLimits;
import dev.boardwalk.crdt.sync.AwarenessUpdate;
import dev.boardwalk.crdt.sync.AwarenessUpdate.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The awareness of a simulated client, by the rules of y-protocols. */
final class SimAwareness {
    private final long self;
    /** As y-websocket does, sends on what it learns from others. */
    private final boolean sendsOn;

    private final Map<Long, Long> clocks = new HashMap<>();
    private final TreeMap<Long, String> states = new TreeMap<>();

    SimAwareness(long self, boolean sendsOn) {
        this.self = self;
        this.sendsOn = sendsOn;
        clocks.put(self, 1L);
        states.put(self, "{\"n\":0}");
    }

    void change() {
        long clock = clocks.merge(self, 1L, Long::sum);
        states.put(self, "{\"n\":" + clock + "}");
    }

    void opened() {
        // The state goes out with the clock it has, whatever the server made of it before.
    }

    /** Without a socket the others are not there. */
    void closed() {
        states.keySet().removeIf(client -> client != self);
    }

    AwarenessUpdate update(List<Long> clients) {
        List<Entry> entries = new ArrayList<>();
        for (long client : clients) {
            String state = states.get(client);
            byte[] json = state == null ? null : state.getBytes(StandardCharsets.UTF_8);
            entries.add(new Entry(client, clocks.getOrDefault(client, 0L), json));
        }
        return new AwarenessUpdate(entries);
    }

    /** Applies an awareness message; answers the clients to be sent on. */
    List<Long> receive(byte[] payload) {
        List<Long> changed = new ArrayList<>();
        boolean ownChanged = false;
        for (Entry entry : AwarenessUpdate.decode(payload, 0, payload.length, AwarenessLimits.defaults())
                .entries()) {
            if (apply(entry)) {
                changed.add(entry.client());
                ownChanged |= entry.client() == self;
            }
        }
        return sendsOn ? changed : ownChanged ? List.of(self) : List.of();
    }

    private boolean apply(Entry entry) {
        long client = entry.client();
        Long known = clocks.get(client);
        long clock = known == null ? 0 : known;
        boolean removal = entry.isRemoval();
        if (clock > entry.clock() || (clock == entry.clock() && !(removal && states.containsKey(client)))) {
            return false;
        }
        clocks.put(client, entry.clock());
        if (removal && client == self) {
            clocks.put(client, entry.clock() + 1);
            return true;
        }
        if (removal) {
            states.remove(client);
            return known != null;
        }
        states.put(client, new String(entry.json(), StandardCharsets.UTF_8));
        return true;
    }

    /** What it believes of everybody. */
    Map<Long, String> states() {
        return states;
    }
}
