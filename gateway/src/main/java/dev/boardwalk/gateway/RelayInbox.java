package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.AwarenessLimits;
import dev.boardwalk.crdt.sync.AwarenessUpdate;
import dev.boardwalk.crdt.sync.MalformedInput;
import dev.boardwalk.gateway.live.LiveEvent;
import dev.boardwalk.gateway.live.Outgoing;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What other gateways did, given to the live entities that it concerns; nothing is decoded for the rest. May be used from
 * any thread: each entity hears of it on its shard.
 */
final class RelayInbox {

    /** An entity in memory. */
    record Live(EntityKey key, EntityId id) {}

    private static final Logger log = LoggerFactory.getLogger(RelayInbox.class);

    private final Function<EntityKey, EntityShard> shardOf;
    private final List<EntityShard> shards;
    private final AwarenessLimits awarenessLimits;
    private final GatewayMeters meters;

    RelayInbox(
            Function<EntityKey, EntityShard> shardOf,
            List<EntityShard> shards,
            AwarenessLimits awarenessLimits,
            GatewayMeters meters) {
        this.shardOf = shardOf;
        this.shards = shards;
        this.awarenessLimits = awarenessLimits;
        this.meters = meters;
    }

    /** Updates that are committed. */
    void contents(RelayMessage.Contents contents) {
        EntityShard shard = shardOf.apply(contents.key());
        shard.execute(() -> {
            LiveSlot slot = shard.find(contents.key());
            if (slot == null) {
                return;
            }
            if (!slot.loaded()) {
                // What is being loaded may have been read before this was committed, and may be another entity of the
                // name.
                slot.rereadWhenLoaded();
            } else if (slot.id().equals(contents.id())) {
                take(shard, slot, contents.updates());
            }
        });
    }

    private void take(EntityShard shard, LiveSlot slot, List<byte[]> updates) {
        if (slot.idle()) {
            // Nobody is here who would see it: whoever comes next loads it.
            shard.evict(slot);
        } else if (updates.isEmpty()) {
            slot.rereadNeeded();
        } else {
            try {
                slot.handle(new LiveEvent.RelayedUpdates(StoredContent.validated(updates)));
            } catch (MalformedInput malformed) {
                meters.refused("relay-malformed");
                log.error("another gateway sent what is not an update entity={}", slot.key(), malformed);
                slot.rereadNeeded();
            }
        }
    }

    /** Awareness of an entity's peers at another gateway. */
    void presence(long gateway, RelayMessage.EntityPresence presence) {
        withLoaded(presence.key(), (_, slot) -> {
            byte[] bytes = presence.awareness();
            try {
                slot.handle(new LiveEvent.RelayedPresence(
                        gateway, AwarenessUpdate.decode(bytes, 0, bytes.length, awarenessLimits)));
            } catch (MalformedInput malformed) {
                meters.refused("relay-malformed");
                log.error("another gateway sent what is not awareness entity={}", slot.key(), malformed);
            }
        });
    }

    /** Another gateway asks who is in the entity here. */
    void presenceWanted(EntityKey key) {
        withLoaded(key, (_, slot) -> slot.handle(new LiveEvent.PresenceWanted()));
    }

    /** A peer of another gateway says that it is this client. */
    void claimed(long gateway, EntityKey key, long client) {
        withLoaded(key, (_, slot) -> slot.handle(new LiveEvent.ClientIdClaimed(gateway, client)));
    }

    /** A peer of another gateway is the client that one here says it is; it yields where both were first. */
    void taken(long gateway, EntityKey key, long client, boolean yields) {
        withLoaded(key, (_, slot) -> slot.handle(new LiveEvent.ClientIdTakenElsewhere(gateway, client, yields)));
    }

    /** A stateless message to all that are in the entity. */
    void stateless(EntityKey key, byte[] payload) {
        withLoaded(key, (_, slot) -> slot.sendStateless(Outgoing.stateless(payload)));
    }

    /** Another gateway deleted the entity. */
    void deleted(EntityKey key) {
        withLoaded(key, EntityShard::deleted);
    }

    /** Another gateway is gone. */
    void gatewayGone(long gateway) {
        LiveEvent gone = new LiveEvent.GatewayGone(gateway);
        for (EntityShard shard : shards) {
            shard.execute(() -> List.copyOf(shard.slots()).forEach(slot -> slot.handle(gone)));
        }
    }

    /** All entities in memory; those that are being loaded will be read a second time. */
    Future<List<Live>> live() {
        List<Future<List<Live>>> parts = new ArrayList<>();
        for (EntityShard shard : shards) {
            Promise<List<Live>> part = Promise.promise();
            parts.add(part.future());
            shard.execute(() -> {
                List<Live> live = new ArrayList<>();
                for (LiveSlot slot : shard.slots()) {
                    if (slot.loaded()) {
                        live.add(new Live(slot.key(), slot.id()));
                    } else {
                        slot.rereadWhenLoaded();
                    }
                }
                part.complete(live);
            });
        }
        return Future.all(parts)
                .map(all ->
                        parts.stream().flatMap(part -> part.result().stream()).toList());
    }

    /** Reads an entity again if it is still in memory; completes when it has what was read. */
    Future<Void> reread(Live live) {
        Promise<Void> done = Promise.promise();
        EntityShard shard = shardOf.apply(live.key());
        shard.execute(() -> {
            LiveSlot slot = shard.find(live.key());
            if (slot == null || !slot.loaded() || !slot.id().equals(live.id())) {
                done.complete();
            } else if (slot.idle()) {
                shard.evict(slot);
                done.complete();
            } else {
                meters.relayReread();
                shard.rereadNow(slot).onComplete(done);
            }
        });
        return done.future();
    }

    private interface SlotAction {
        void accept(EntityShard shard, LiveSlot slot);
    }

    private void withLoaded(EntityKey key, SlotAction action) {
        EntityShard shard = shardOf.apply(key);
        shard.execute(() -> {
            LiveSlot slot = shard.find(key);
            if (slot != null && slot.loaded()) {
                action.accept(shard, slot);
            }
        });
    }
}
