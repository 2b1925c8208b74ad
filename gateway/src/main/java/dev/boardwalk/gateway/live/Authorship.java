package dev.boardwalk.gateway.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who wrote the updates of a flush. Nothing is noted for an update: its outline names the clients, its log entry the
 * peer, and both are looked at when the flush begins.
 */
final class Authorship {
    /** Writers that one flush names; of more, the rest is left out. */
    static final int WRITERS_MAX = 200;

    private final AwarenessTable awareness;
    private final PeerTable peers;
    /** Signed-in users by the number of their peer, also of peers that have left since the last flush. */
    private final Map<Long, String> users = new HashMap<>();
    /** The client as which a peer wrote, by the number of the peer; {@link Writer#UNKNOWN} if there were several. */
    private final Map<Long, Long> wroteAs = new HashMap<>();
    /** The one client of each peer that was asked for in a flush. */
    private final Map<Long, Long> shown = new HashMap<>();

    Authorship(AwarenessTable awareness, PeerTable peers) {
        this.awareness = awareness;
        this.peers = peers;
    }

    void joined(LivePeer peer) {
        String user = peer.user();
        if (user != null) {
            users.put(peer.number, user);
        }
    }

    /** Of these entries; who has left is forgotten afterwards. */
    List<Writer> of(List<LogEntry> entries) {
        Set<Key> keys = new LinkedHashSet<>();
        shown.clear();
        for (LogEntry entry : entries) {
            addKeys(keys, entry);
            if (keys.size() >= WRITERS_MAX) {
                break;
            }
        }
        List<Writer> writers = new ArrayList<>(keys.size());
        for (Key key : keys) {
            writers.add(new Writer(key.client, key.user, awareness.newest(key.client)));
        }
        forgetDeparted();
        return List.copyOf(writers);
    }

    private record Key(long client, @Nullable String user) {}

    private void addKeys(Set<Key> keys, LogEntry entry) {
        String user = users.get(entry.sender());
        for (int section = 0; section < entry.outline().sections(); section++) {
            long client = entry.outline().client(section);
            keys.add(new Key(client, user));
            wroteAs.merge(entry.sender(), client, (known, other) -> known.equals(other) ? known : Writer.UNKNOWN);
        }
        if (entry.outline().sections() == 0) {
            keys.add(new Key(shown.computeIfAbsent(entry.sender(), this::makerOfDeletions), user));
        }
    }

    /** A deletion says nothing of its maker; but the peer may show one client as its own, or write as one. */
    private long makerOfDeletions(long peerNumber) {
        long client = awareness.onlyClientOf(peerNumber);
        return client != Writer.UNKNOWN || peerNumber == LivePeer.NOBODY
                ? client
                : wroteAs.getOrDefault(peerNumber, Writer.UNKNOWN);
    }

    private void forgetDeparted() {
        awareness.forgetDeparted();
        if (!users.isEmpty() || !wroteAs.isEmpty()) {
            Set<Long> present = new HashSet<>();
            peers.all().forEach(peer -> present.add(peer.number));
            users.keySet().retainAll(present);
            wroteAs.keySet().retainAll(present);
        }
    }
}
