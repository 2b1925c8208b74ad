package dev.boardwalk.gateway;

import dev.boardwalk.gateway.Registration.Membership;
import dev.boardwalk.store.CommittedTick;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.GatewayLease;
import dev.boardwalk.store.JournalEntry;
import dev.boardwalk.store.StoreException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's group commit: gathers the updates of all shards and writes them to the journal, one tick at a time.
 *
 * <p>The next tick starts when the last one returned. A lone update goes at once; under load a tick waits a little, so
 * that it carries more and the database works less for each. A tick that fails is tried again, the same updates under
 * the same number, until it is committed: the store makes that safe to repeat. Nothing overtakes it, so an entity's
 * updates are never reordered. When another gateway has taken this one for dead, the updates that are not committed go
 * out again under the new registration.
 *
 * <p>State belongs to one context; {@link #submit} and {@link #committedThrough} may be called from any thread.
 */
final class Ticker {

    /** An update that waits for its commit. */
    record Unsaved(LiveSlot slot, long sequence, byte[] update) {}

    /** An entity's updates up to this sequence number are committed. */
    record Saved(LiveSlot slot, long throughSequence, GatewayLease lease, CommittedTick tick) {}

    /** How far the ticks under a lease are committed, and handed to the shards; null before the first. */
    record Point(GatewayLease lease, @Nullable CommittedTick tick) {}

    /** Ticks of fewer updates than this do not wait for company. */
    private static final int FEW_UPDATES = 4;

    private static final Duration LINGER = Duration.ofMillis(25);
    /** From so many updates in a tick on, what a commit costs matters more than 25 ms. */
    private static final int MANY_UPDATES = 20;

    private static final Duration LINGER_BUSY = Duration.ofMillis(50);
    private static final Duration LINGER_MAX = Duration.ofMillis(100);
    /** A commit slower than this is a sign of a database with too much to do. */
    private static final Duration SLOW_COMMIT = Duration.ofMillis(40);

    private static final long RETRY_MILLIS_MIN = 50;
    private static final long RETRY_MILLIS_MAX = 1_000;
    private static final int TICK_UPDATES_MAX = 20_000;
    private static final long TICK_BYTES_MAX = 16L << 20;

    private static final Logger log = LoggerFactory.getLogger(Ticker.class);

    private final Context context;
    private final Registration registration;
    private final Relay relay;
    private final GatewayMeters meters;

    private final ArrayDeque<Unsaved> waiting = new ArrayDeque<>();
    private final List<Promise<Void>> idleWaiters = new ArrayList<>();
    private @Nullable Tick underWay;
    private boolean lingering;
    private long lastStartNanos = System.nanoTime();
    private Duration lastTook = Duration.ZERO;
    private int lastUpdates;
    private volatile Point committedThrough;
    private volatile boolean stopped;

    Ticker(Context context, Registration registration, Relay relay, GatewayMeters meters) {
        this.context = context;
        this.registration = registration;
        this.relay = relay;
        this.meters = meters;
        this.committedThrough = new Point(registration.lease(), null);
    }

    /** Takes over updates, in order; each entity's always come from the one shard that owns it. */
    void submit(List<Unsaved> updates) {
        long bytes = 0;
        for (Unsaved update : updates) {
            bytes += update.update.length;
        }
        meters.pendingBytes.addAndGet(bytes);
        context.runOnContext(_ -> {
            waiting.addAll(updates);
            startWhenDue();
        });
    }

    /** The last committed tick. What the shards were told of it came before this changed. */
    Point committedThrough() {
        return committedThrough;
    }

    /** The last committed tick under this lease, 0 if there is none. May be called from any thread. */
    long lastTick(GatewayLease lease) {
        Point last = committedThrough;
        return last.tick != null && last.lease.equals(lease) ? last.tick.tick() : 0;
    }

    /** Completes when everything that was submitted before this call is committed. */
    Future<Void> idle() {
        Promise<Void> idle = Promise.promise();
        context.runOnContext(_ -> {
            idleWaiters.add(idle);
            completeIdle();
        });
        return idle.future();
    }

    /** Starts no tick any more; what waits stays uncommitted. May be called from any thread. */
    void stop() {
        stopped = true;
    }

    private void startWhenDue() {
        if (stopped || underWay != null || lingering || waiting.isEmpty()) {
            return;
        }
        long lingerMillis = lingerMillis();
        if (lingerMillis <= 0) {
            start();
            return;
        }
        lingering = true;
        context.owner()
                .setTimer(
                        lingerMillis,
                        _ -> context.runOnContext(_ -> {
                            lingering = false;
                            start();
                        }));
    }

    private long lingerMillis() {
        if (waiting.size() < FEW_UPDATES && lastUpdates < FEW_UPDATES) {
            return 0;
        }
        Duration linger = LINGER;
        if (lastTook.compareTo(SLOW_COMMIT) > 0) {
            linger = LINGER_MAX;
        } else if (lastUpdates >= MANY_UPDATES) {
            linger = LINGER_BUSY;
        }
        return linger.minusNanos(System.nanoTime() - lastStartNanos).toMillis();
    }

    private void start() {
        Membership membership = registration.membership();
        Tick tick = new Tick(membership, nextNumber(membership));
        while (!waiting.isEmpty() && tick.updates < TICK_UPDATES_MAX && tick.bytes < TICK_BYTES_MAX) {
            tick.add(waiting.removeFirst());
        }
        underWay = tick;
        lastStartNanos = System.nanoTime();
        attempt(tick, RETRY_MILLIS_MIN);
    }

    private long nextNumber(Membership membership) {
        Point last = committedThrough;
        return last.tick != null && last.lease.equals(membership.lease()) ? last.tick.tick() + 1 : 1;
    }

    private void attempt(Tick tick, long retryMillis) {
        if (stopped) {
            return;
        }
        tick.membership
                .journal()
                .append(tick.number, tick.entries())
                .onComplete(result -> context.runOnContext(_ -> {
                    if (result.succeeded()) {
                        committed(tick, result.result());
                    } else {
                        failed(tick, result.cause(), retryMillis);
                    }
                }));
    }

    private void committed(Tick tick, CommittedTick committed) {
        lastTook = Duration.ofNanos(System.nanoTime() - lastStartNanos);
        lastUpdates = tick.updates;
        meters.ticked(tick.updates, lastTook);
        meters.pendingBytes.addAndGet(-tick.bytes);
        tick.tellShards(committed);
        committedThrough = new Point(tick.membership.lease(), committed);
        if (!relay.alone()) {
            relay.committed(tick.membership.lease(), committed.tick(), tick.contents());
        }
        underWay = null;
        completeIdle();
        startWhenDue();
    }

    private void failed(Tick tick, Throwable cause, long retryMillis) {
        meters.tickRetried();
        if (cause instanceof StoreException.Fenced) {
            log.warn(
                    "tick refused because another gateway took over lease={} tick={}",
                    tick.membership.lease(),
                    tick.number);
            meters.fenced();
            registration
                    .replace(tick.membership.lease())
                    .onComplete(result -> context.runOnContext(_ -> {
                        if (result.succeeded()) {
                            tick.moveTo(result.result(), nextNumber(result.result()));
                            attempt(tick, RETRY_MILLIS_MIN);
                        } else {
                            retryLater(tick, result.cause(), retryMillis);
                        }
                    }));
        } else {
            retryLater(tick, cause, retryMillis);
        }
    }

    private void retryLater(Tick tick, Throwable cause, long retryMillis) {
        if (retryMillis == RETRY_MILLIS_MIN || retryMillis == RETRY_MILLIS_MAX) {
            log.warn(
                    "tick not committed, trying again lease={} tick={} updates={} pendingBytes={} cause=\"{}\"",
                    tick.membership.lease(),
                    tick.number,
                    tick.updates,
                    meters.pendingBytes,
                    cause.toString());
        }
        context.owner()
                .setTimer(
                        retryMillis,
                        _ -> context.runOnContext(_ -> attempt(tick, Math.min(retryMillis * 2, RETRY_MILLIS_MAX))));
    }

    private void completeIdle() {
        if (underWay == null && waiting.isEmpty()) {
            idleWaiters.forEach(Promise::complete);
            idleWaiters.clear();
        }
    }

    /** One group commit under way: the same updates at every try. */
    private static final class Tick {
        private final Map<LiveSlot, List<Unsaved>> bySlot = new LinkedHashMap<>();
        private Membership membership;
        private long number;
        private int updates;
        private long bytes;
        private @Nullable List<JournalEntry> entries;

        Tick(Membership membership, long number) {
            this.membership = membership;
            this.number = number;
        }

        void moveTo(Membership newMembership, long newNumber) {
            membership = newMembership;
            number = newNumber;
        }

        void add(Unsaved update) {
            bySlot.computeIfAbsent(update.slot, _ -> new ArrayList<>()).add(update);
            updates++;
            bytes += update.update.length;
        }

        List<JournalEntry> entries() {
            List<JournalEntry> known = entries;
            if (known == null) {
                known = merged();
                entries = known;
            }
            return known;
        }

        /** One row for each entity: two slots of one entity meet in a tick when it was reloaded in between. */
        private List<JournalEntry> merged() {
            Map<EntityId, List<byte[]>> byEntity = new LinkedHashMap<>();
            bySlot.forEach((slot, unsaved) -> {
                List<byte[]> target = byEntity.computeIfAbsent(slot.id(), _ -> new ArrayList<>());
                unsaved.forEach(update -> target.add(update.update));
            });
            List<JournalEntry> rows = new ArrayList<>(byEntity.size());
            byEntity.forEach((id, list) -> rows.add(new JournalEntry(id, list)));
            return rows;
        }

        /** What the other gateways are told. */
        List<RelayMessage.Contents> contents() {
            List<RelayMessage.Contents> contents = new ArrayList<>(bySlot.size());
            bySlot.forEach((slot, unsaved) -> contents.add(new RelayMessage.Contents(
                    slot.key(), slot.id(), unsaved.stream().map(Unsaved::update).toList())));
            return contents;
        }

        void tellShards(CommittedTick committed) {
            Map<EntityShard, List<Saved>> byShard = new LinkedHashMap<>();
            bySlot.forEach((slot, unsaved) -> byShard.computeIfAbsent(slot.shard(), _ -> new ArrayList<>())
                    .add(new Saved(slot, unsaved.getLast().sequence, membership.lease(), committed)));
            byShard.forEach(EntityShard::committed);
        }
    }
}
