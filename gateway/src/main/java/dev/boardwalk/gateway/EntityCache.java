package dev.boardwalk.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The budget in bytes for entities in memory. Entities in use are never evicted, but what they take comes off the budget
 * of those that are kept in case somebody comes back; among these Caffeine chooses.
 *
 * <p>Only entities that are wholly flushed are idle, so that an eviction loses nothing: it asks the owner, who drops the
 * entity unless it was taken up again. May be used from any thread.
 */
final class EntityCache {
    private final long budgetBytes;
    private final GatewayMeters meters;
    private final Cache<LiveSlot, Integer> idle;
    private final Policy.Eviction<LiveSlot, Integer> eviction;
    private final Map<EntityShard, Long> pinned = new ConcurrentHashMap<>();

    EntityCache(long budgetBytes, GatewayMeters meters) {
        this.budgetBytes = budgetBytes;
        this.meters = meters;
        this.idle = Caffeine.newBuilder()
                .maximumWeight(budgetBytes)
                .weigher((LiveSlot _, Integer bytes) -> bytes)
                .executor(Runnable::run)
                .evictionListener((slot, _, _) -> {
                    if (slot != null) {
                        slot.shard().execute(() -> slot.shard().evict(slot));
                    }
                })
                .build();
        this.eviction = idle.policy().eviction().orElseThrow();
    }

    /** Nobody needs the entity now; it may be evicted from now on. */
    void idle(LiveSlot slot, long bytes) {
        idle.put(slot, (int) Math.min(bytes, Integer.MAX_VALUE));
    }

    /** The entity is in use, or not in memory any more. */
    void busy(LiveSlot slot) {
        idle.invalidate(slot);
    }

    /** Bytes of the entities of one shard that are in use. */
    void pinned(EntityShard shard, long bytes) {
        pinned.put(shard, bytes);
        long all = 0;
        for (long each : pinned.values()) {
            all += each;
        }
        meters.pinnedBytes.set(all);
        meters.entityBytes.set(all + eviction.weightedSize().orElse(0));
        long left = Math.max(0, budgetBytes - all);
        if (eviction.getMaximum() != left) {
            eviction.setMaximum(left);
        }
    }
}
