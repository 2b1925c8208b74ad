package dev.boardwalk.gateway;

import dev.boardwalk.gateway.live.CloseReason;
import dev.boardwalk.gateway.live.DiffRequest;
import dev.boardwalk.gateway.live.LiveEvent;
import dev.boardwalk.gateway.live.LiveLimits;
import dev.boardwalk.gateway.live.LivePeer;
import dev.boardwalk.gateway.live.Refusal;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner of a part of the live entities: one event loop, on which everything that concerns them happens.
 *
 * <p>Work arrives as tasks from any thread and is done in passes. What a pass brings forth leaves at its end, together:
 * frames to the sockets (grouped by event loop, see {@link Outbox}), updates to the {@link Ticker}, and last the closing
 * of sockets, so that a peer gets what was said to it before.
 *
 * <p>{@link #execute} and what says so may be called from any thread; the rest belongs to the shard's context.
 */
final class EntityShard {

    private static final Logger log = LoggerFactory.getLogger(EntityShard.class);

    private final ShardServices services;
    private final LiveLimits limits;
    private final GatewayMeters meters;
    private final Frames frames;
    private final Loader loader;
    private final TaskPasses passes;

    private final Map<EntityKey, LiveSlot> slots = new HashMap<>();
    /** Slots that somebody needs in memory; those that left the map stay here until they are flushed. */
    private final Set<LiveSlot> busy = new LinkedHashSet<>();
    /** Slots with something that no flush has covered. */
    private final Set<LiveSlot> dirty = new LinkedHashSet<>();

    private final List<LiveSlot> touched = new ArrayList<>();
    private final List<Ticker.Unsaved> unsaved = new ArrayList<>();
    /** What is to be done after the frames of the pass have left: closing sockets, mostly. */
    private final List<Runnable> closes = new ArrayList<>();

    private final List<Promise<Void>> quietWaiters = new ArrayList<>();
    private int loading;
    private long position;

    EntityShard(Context context, ShardServices services) {
        this.services = services;
        this.limits = services.liveLimits();
        this.meters = services.meters();
        this.frames = new Frames(WebSocketWire.loopOf(context));
        this.loader = new Loader(context, services.store(), services.seeding(), meters);
        this.passes = new TaskPasses(context, this::endPass);
        context.owner().setPeriodic(1_000, _ -> execute(this::second));
    }

    /** Does the task in the next pass; tasks from one thread keep their order. May be called from any thread. */
    void execute(Runnable task) {
        passes.execute(task);
    }

    private void endPass() {
        if (!unsaved.isEmpty()) {
            services.ticker().submit(List.copyOf(unsaved));
            unsaved.clear();
        }
        meters.delivered(frames.leave());
        if (!closes.isEmpty()) {
            closes.forEach(Runnable::run);
            closes.clear();
        }
        for (LiveSlot slot : touched) {
            slot.touched(false);
            settle(slot);
        }
        touched.clear();
        if (loading == 0 && passes.isEmpty()) {
            quietWaiters.forEach(Promise::complete);
            quietWaiters.clear();
        }
    }

    /** Puts a slot where it belongs after what happened to it: among the busy, or into the cache. */
    private void settle(LiveSlot slot) {
        if (slot.dirty() ? dirty.add(slot) : dirty.remove(slot)) {
            meters.dirtyEntities.addAndGet(slot.dirty() ? 1 : -1);
        }
        if (slot.idle()) {
            if (busy.remove(slot) && !slot.gone()) {
                services.cache().idle(slot, slot.weigh());
            }
        } else if (busy.add(slot)) {
            services.cache().busy(slot);
        }
        if (slot.lonely()) {
            // Nobody is left to add more: what is committed can be flushed now.
            flushSoon(slot);
        }
    }

    void touch(LiveSlot slot) {
        if (!slot.touched()) {
            slot.touched(true);
            touched.add(slot);
        }
    }

    /** The slot of an entity; begins to load it if it is not in memory. */
    LiveSlot open(EntityKey key) {
        return open(key, null);
    }

    /** The same, where the application's hooks know who asks. */
    LiveSlot open(EntityKey key, @Nullable HookSession opener) {
        LiveSlot known = slots.get(key);
        if (known != null) {
            return known;
        }
        LiveSlot slot = new LiveSlot(key, this, limits);
        slots.put(key, slot);
        busy.add(slot);
        meters.entities.incrementAndGet();
        loading++;
        loader.load(key, opener)
                .onComplete(result -> execute(() -> {
                    loading--;
                    if (result.succeeded()) {
                        loaded(slot, result.result());
                    } else {
                        log.warn(
                                "entity not loaded entity={} cause=\"{}\"",
                                key,
                                result.cause().toString());
                        drop(slot, CloseCode.OVERLOADED, "the entity cannot be loaded now; try again later");
                    }
                }));
        return slot;
    }

    private void loaded(LiveSlot slot, Loader.Loaded loaded) {
        slot.loaded(
                loaded.id(),
                loaded.position(),
                new LiveEvent.Loaded(loaded.content().base()),
                loaded.seed());
        if (!loaded.content().leftOver().isEmpty()) {
            slot.handle(new LiveEvent.RelayedUpdates(loaded.content().leftOver()));
        }
        slot.rereadIfWanted();
        relay().wantPresence(slot.key());
    }

    /** What other gateways are told by. */
    Relay relay() {
        return services.relay();
    }

    /** The slot in memory, or null. */
    @Nullable
    LiveSlot find(EntityKey key) {
        return slots.get(key);
    }

    /**
     * Ends a slot's life: its peers are closed and the next one who comes loads the entity anew. What it did not flush
     * is flushed from the journal.
     */
    void drop(LiveSlot slot, CloseCode code, String reason) {
        if (slot.gone()) {
            return;
        }
        remove(slot);
        CloseReason close = new CloseReason(code.number(), reason);
        for (LivePeer peer : List.copyOf(slot.peers())) {
            close(peer, close);
        }
        if (slot.dirty()) {
            services.flusher().abandoned(slot);
        }
        slot.abandon();
    }

    /** The entity was deleted: its peers are closed; what is not flushed yet still will be. */
    void deleted(LiveSlot slot) {
        remove(slot);
        slot.handle(new LiveEvent.Closed(new CloseReason(CloseCode.NO_SUCH_ENTITY.number(), "the entity was deleted")));
    }

    /** Drops a slot that nobody needs; one that was taken up again in the meantime stays. */
    void evict(LiveSlot slot) {
        if (!slot.gone() && slot.idle()) {
            remove(slot);
            slot.abandon();
            meters.evicted();
        }
    }

    private void remove(LiveSlot slot) {
        slot.markGone();
        touch(slot);
        if (slots.remove(slot.key(), slot)) {
            meters.entities.decrementAndGet();
        }
        services.cache().busy(slot);
    }

    /** All slots, to be looked at on the shard's context. */
    Collection<LiveSlot> slots() {
        return slots.values();
    }

    /** Takes note of commits. May be called from any thread. */
    void committed(List<Ticker.Saved> saved) {
        execute(() -> {
            for (Ticker.Saved each : saved) {
                position = Math.max(position, each.tick().position());
                touch(each.slot());
                each.slot().committed(each);
            }
        });
    }

    /** All slots with something to flush. May be called from any thread. */
    Future<List<LiveSlot>> dirtySlots() {
        return ask(answer -> answer.complete(List.copyOf(dirty)));
    }

    /** Takes the work of these slots, as far as there is any. May be called from any thread. */
    Future<List<FlushJob>> beginFlush(Collection<LiveSlot> wanted) {
        return ask(answer -> {
            List<FlushJob> jobs = new ArrayList<>(wanted.size());
            for (LiveSlot slot : wanted) {
                touch(slot);
                FlushJob job = slot.beginFlush();
                if (job != null) {
                    jobs.add(job);
                }
            }
            answer.complete(jobs);
        });
    }

    /** Whether everything of the slot that went to the ticker came back. May be called from any thread. */
    Future<Boolean> settled(LiveSlot slot) {
        return ask(answer -> answer.complete(slot.settled()));
    }

    /** Completes when all that was handed over before is done, and no entity is loading. May be called from any thread. */
    Future<Void> quiet() {
        Promise<Void> quiet = Promise.promise();
        execute(() -> quietWaiters.add(quiet));
        return quiet.future();
    }

    private <T> Future<T> ask(Consumer<Promise<T>> question) {
        Promise<T> answer = Promise.promise();
        execute(() -> question.accept(answer));
        return answer.future();
    }

    void journal(LiveSlot slot, long sequence, byte[] update) {
        unsaved.add(new Ticker.Unsaved(slot, sequence, update));
    }

    void close(LivePeer peer, CloseReason reason) {
        closes.add(() -> {
            if (peer instanceof SocketPeer socket) {
                socket.closeFromShard(reason);
            } else if (peer instanceof UpdateWriter writer) {
                writer.closed(reason);
            }
        });
    }

    /** Says when all that this pass and those before it sent to the peer is written. */
    void tellWhenWritten(SocketPeer peer) {
        closes.add(peer::tellWhenWritten);
    }

    void computeDiff(LiveSlot slot, DiffRequest request) {
        services.replicas()
                .diff(request)
                .onComplete(result -> execute(() -> slot.workDone(
                        result.succeeded()
                                ? new LiveEvent.DiffReady(request, result.result())
                                : new LiveEvent.DiffFailed(request))));
    }

    /** Reads the entity's pieces again: something that another gateway committed is missing. */
    void reread(LiveSlot slot) {
        rereadNow(slot)
                .onFailure(failure ->
                        log.warn("entity not read again entity={} cause=\"{}\"", slot.key(), failure.toString()));
    }

    /** The same; completes when the entity has what was read. */
    Future<Void> rereadNow(LiveSlot slot) {
        slot.workBegins();
        Promise<Void> done = Promise.promise();
        loader.reread(slot.id())
                .onComplete(result -> execute(() -> {
                    slot.reread(result.succeeded() ? result.result() : new Loader.Stored(0, List.of()));
                    done.handle(result.mapEmpty());
                }));
        return done.future();
    }

    /** Answers whether anybody wants to know who is here. */
    boolean sayHere(EntityId entity, SocketPeer peer) {
        WebhookDelivery webhooks = services.webhooks();
        Visitor visitor = peer.visitor();
        if (webhooks == null || visitor == null) {
            return false;
        }
        webhooks.connected(entity, visitor);
        return true;
    }

    void sayLeft(EntityId entity, SocketPeer peer) {
        WebhookDelivery webhooks = services.webhooks();
        Visitor visitor = peer.visitor();
        if (webhooks != null && visitor != null) {
            webhooks.disconnected(entity, visitor);
        }
    }

    void refused(Refusal refusal) {
        meters.refused(refusal.code());
    }

    void flushSoon(LiveSlot slot) {
        slot.flushRequested();
        services.flusher().request(slot);
    }

    Frames frames() {
        return frames;
    }

    /** Position of the newest commit that this shard heard of. */
    long position() {
        return position;
    }

    private void second() {
        long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        long pinned = 0;
        for (LiveSlot slot : List.copyOf(busy)) {
            slot.handle(new LiveEvent.TimePassed(now));
            pinned += slot.measure(services.documentBytesMax());
        }
        services.cache().pinned(this, pinned);
    }
}
