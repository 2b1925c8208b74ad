package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.UpdateOutline;

/**
 * One update in the {@link UpdateLog}.
 *
 * @param sequence its place in the entity's history since it was loaded
 * @param message the update as it goes to peers
 * @param outline what it contains
 * @param sender {@linkplain LivePeer#number number} of the peer it came from, or {@link LivePeer#NOBODY}. A number and not
 *     the peer, so that the log keeps no socket alive.
 * @param durable whether it was committed elsewhere before it came
 */
record LogEntry(long sequence, Outgoing message, UpdateOutline outline, long sender, boolean durable) {
    private static final int OVERHEAD_BYTES = 120;

    int bytes() {
        return message.payload().length;
    }

    long weightBytes() {
        return (long) bytes() + outline.weightBytes() + OVERHEAD_BYTES;
    }
}
