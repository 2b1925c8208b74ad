package dev.boardwalk.gateway.live;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The events that wait for an entity to load, bounded. */
final class LoadingQueue {
    private final LiveLimits limits;
    private final ArrayDeque<LiveEvent> events = new ArrayDeque<>(0);
    private long bytes;

    LoadingQueue(LiveLimits limits) {
        this.limits = limits;
    }

    /** Puts an event at the end; answers false if there is no room. */
    boolean offer(LiveEvent event) {
        long size = bytesOf(event);
        if (events.size() >= limits.loadingEventsMax() || bytes + size > limits.loadingBytesMax()) {
            return false;
        }
        events.add(event);
        bytes += size;
        return true;
    }

    @Nullable
    LiveEvent poll() {
        LiveEvent event = events.poll();
        if (event != null) {
            bytes -= bytesOf(event);
        }
        return event;
    }

    void clear() {
        events.clear();
        bytes = 0;
    }

    long weightBytes() {
        return bytes;
    }

    private static long bytesOf(LiveEvent event) {
        return switch (event) {
            case LiveEvent.PeerUpdate update -> weightOf(update.update());
            case LiveEvent.PeerSyncStep2 step2 -> weightOf(step2.update());
            case LiveEvent.PeerRefusedUpdate refused -> weightOf(refused.update());
            case LiveEvent.PeerSyncStep1 step1 -> step1.stateVector().weightBytes();
            case LiveEvent.PeerAwareness awareness -> weightOf(awareness);
            case LiveEvent.PeerMark mark -> mark.payload().length;
            case LiveEvent.RelayedUpdates relayed ->
                relayed.updates().stream().mapToLong(LoadingQueue::weightOf).sum();
            default -> 0;
        };
    }

    private static long weightOf(ValidUpdate update) {
        return (long) update.bytes().length + update.outline().weightBytes();
    }

    private static long weightOf(LiveEvent.PeerAwareness awareness) {
        long weight = 0;
        for (var entry : awareness.awareness().entries()) {
            byte[] json = entry.json();
            weight += 64 + (json == null ? 0 : json.length);
        }
        return weight;
    }
}
