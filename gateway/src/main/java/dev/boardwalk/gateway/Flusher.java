package dev.boardwalk.gateway;

import dev.boardwalk.gateway.live.LiveEvent;
import dev.boardwalk.store.CommittedTick;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.FlushOutcome;
import dev.boardwalk.store.FlushWriter;
import dev.boardwalk.store.FlushedEntity;
import dev.boardwalk.store.GatewayLease;
import dev.boardwalk.store.StoreException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
 * Turns committed ticks into operations and properties: one virtual thread that flushes what is asked for at once and
 * everything at each interval, in batches.
 *
 * <p>A round over everything notes first how far the ticks are committed, then asks the shards what is dirty; because the
 * shards hear of a commit before that note changes, nothing up to the note can be missed. When all of it is written, the
 * gateway's flushed tick moves up to the note. Whatever fails stays dirty and holds the note back.
 *
 * <p>Requests may come from any thread.
 */
final class Flusher {

    /** Entities of one transaction. */
    private static final int BATCH_ENTITIES = 50;

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private static final FlushOutcome NOTHING_WRITTEN = new FlushOutcome(0, List.of(), List.of(), List.of());

    private static final Logger log = LoggerFactory.getLogger(Flusher.class);

    private final Duration interval;
    private final FlushWriter writer;
    private final FlushComputation computation;
    private final JournalFlush journalFlush;
    private final Registration registration;
    private final Ticker ticker;
    private final GatewayMeters meters;

    private final FlushRequests requests = new FlushRequests();
    private volatile List<EntityShard> shards = List.of();
    private volatile boolean stopping;

    // The rest belongs to the thread.
    /** Whether everything that this round saw was written. */
    private boolean complete = true;

    private @Nullable CommittedTick flushedThrough;
    /** Flushed entities whose properties somebody else wrote in between. */
    private final Set<LiveSlot> overtaken = new LinkedHashSet<>();

    Flusher(
            Duration interval,
            FlushWriter writer,
            FlushComputation computation,
            JournalFlush journalFlush,
            Registration registration,
            Ticker ticker,
            GatewayMeters meters) {
        this.interval = interval;
        this.writer = writer;
        this.computation = computation;
        this.journalFlush = journalFlush;
        this.registration = registration;
        this.ticker = ticker;
        this.meters = meters;
    }

    void start(List<EntityShard> all) {
        shards = List.copyOf(all);
        Thread.ofVirtual().name("flusher").start(this::run);
    }

    /** Flushes one entity soon. */
    void request(LiveSlot slot) {
        requests.one(slot);
    }

    /** Flushes one entity at once; completes when what was committed before the call is written. */
    Future<Void> flush(LiveSlot slot) {
        return requests.oneNow(slot);
    }

    /** Flushes everything; completes when what was committed before the call is written. */
    Future<Void> flushEverything() {
        return requests.everything();
    }

    /** A slot left memory with ticks that are not flushed; they are read back from the journal. */
    void abandoned(LiveSlot slot) {
        requests.abandoned(slot);
    }

    /** Ends the thread after what it is doing; nothing is flushed any more. */
    void stop() {
        stopping = true;
        requests.wakeUp();
    }

    private void run() {
        long nextRoundNanos = System.nanoTime() + interval.toNanos();
        while (!stopping) {
            try {
                requests.await(nextRoundNanos - System.nanoTime());
                if (stopping) {
                    break;
                }
                if (requests.everythingWanted() || nextRoundNanos - System.nanoTime() <= 0) {
                    nextRoundNanos = System.nanoTime() + interval.toNanos();
                    flushRound();
                } else {
                    flushWanted();
                }
            } catch (InterruptedException _) {
                break;
            } catch (RuntimeException failure) {
                if (stopping) {
                    break;
                }
                meters.flushFailed();
                log.warn("flush failed, trying again cause=\"{}\"", failure.toString(), worthATrace(failure));
                pause();
            }
        }
        requests.fail(new GatewayException.Draining("flush: the gateway is going down"));
    }

    /** A database that is away explains itself; anything else needs its stack trace. */
    private static @Nullable Throwable worthATrace(RuntimeException failure) {
        return failure instanceof StoreException ? null : failure;
    }

    /** Flushes what was asked for; requests that come meanwhile wait for the next batch. */
    private void flushWanted() throws InterruptedException {
        List<LiveSlot> batch;
        while (!stopping && !(batch = requests.next(BATCH_ENTITIES)).isEmpty()) {
            writeBatch(beginFlush(batch));
            requests.done(batch);
            requests.take();
        }
    }

    private void flushRound() throws InterruptedException {
        complete = true;
        List<LiveSlot> settled = settledAmongAbandoned();
        Ticker.Point point = ticker.committedThrough();
        List<LiveSlot> dirty = new ArrayList<>();
        for (EntityShard shard : shards) {
            dirty.addAll(shard.dirtySlots().await());
        }
        for (int from = 0; from < dirty.size(); from += BATCH_ENTITIES) {
            flushWanted();
            writeBatch(beginFlush(dirty.subList(from, Math.min(dirty.size(), from + BATCH_ENTITIES))));
        }
        flushWanted();
        requests.take();
        // A slot that was dropped during this round announced itself before it could be missed above.
        // Under a lost lease there is nothing to say: whoever took it over flushes those ticks.
        if (point.lease().equals(registration.lease())) {
            flushAbandoned(point);
            settled.forEach(requests.abandonedSlots()::remove);
            noteFlushed(point);
        }
        requests.everythingDone();
    }

    private List<FlushJob> beginFlush(List<LiveSlot> slots) {
        Map<EntityShard, List<LiveSlot>> byShard = new LinkedHashMap<>();
        for (LiveSlot slot : slots) {
            byShard.computeIfAbsent(slot.shard(), _ -> new ArrayList<>()).add(slot);
        }
        List<FlushJob> jobs = new ArrayList<>();
        byShard.forEach((shard, part) -> jobs.addAll(shard.beginFlush(part).await()));
        return jobs;
    }

    private void writeBatch(List<FlushJob> jobs) throws InterruptedException {
        if (jobs.isEmpty()) {
            return;
        }
        long startNanos = System.nanoTime();
        boolean written = false;
        try {
            GatewayLease lease = registration.lease();
            List<FlushComputation.Computed> computed = computation.compute(jobs, lease);
            // What consists of other gateways' updates alone, they flush; here it only becomes the new base.
            List<FlushedEntity> rows = computed.stream()
                    .filter(each -> each.job().hasOwn())
                    .map(FlushComputation.Computed::row)
                    .toList();
            FlushOutcome outcome = rows.isEmpty() ? NOTHING_WRITTEN : writer.write(lease, rows, null);
            Set<EntityId> unwritten = report(outcome);
            for (FlushComputation.Computed each : computed) {
                FlushJob job = each.job();
                LiveEvent.FlushDone done = new LiveEvent.FlushDone(job.work(), each.base());
                if (unwritten.contains(job.slot().id())) {
                    complete = false;
                    tell(job, slot -> slot.flushFailed(job));
                } else if (outcome.superseded().contains(job.slot().id())) {
                    overtaken.add(job.slot());
                    tell(job, slot -> slot.flushed(job, done, 0));
                } else {
                    tell(job, slot -> slot.flushed(job, done, job.hasOwn() ? outcome.position() : 0));
                }
            }
            written = true;
            projectOvertaken(lease);
            meters.flushed(jobs.size(), Duration.ofNanos(System.nanoTime() - startNanos));
        } finally {
            if (!written) {
                jobs.forEach(job -> tell(job, slot -> slot.flushFailed(job)));
            }
        }
    }

    /**
     * Another gateway flushed these entities meanwhile, and may have had what this one did not: their properties are
     * computed once more from all that is stored. Read again, the entity knows what the row now contains.
     */
    private void projectOvertaken(GatewayLease lease) {
        for (LiveSlot slot : List.copyOf(overtaken)) {
            journalFlush.project(lease, slot.id());
            overtaken.remove(slot);
            slot.shard().execute(() -> {
                if (!slot.gone()) {
                    slot.rereadNeeded();
                }
            });
        }
    }

    private static void tell(FlushJob job, Consumer<LiveSlot> news) {
        LiveSlot slot = job.slot();
        slot.shard().execute(() -> {
            slot.shard().touch(slot);
            news.accept(slot);
        });
    }

    /** Answers which entities could not be written at all. */
    private Set<EntityId> report(FlushOutcome outcome) {
        for (FlushOutcome.Refused each : outcome.quarantined()) {
            meters.quarantined();
            log.error("entity stored without projection id={} reason=\"{}\"", each.entity(), each.reason());
        }
        Set<EntityId> unwritten = new HashSet<>();
        for (FlushOutcome.Refused each : outcome.unwritten()) {
            meters.flushFailed();
            log.error("entity not flushed, it stays in the journal id={} reason=\"{}\"", each.entity(), each.reason());
            unwritten.add(each.entity());
        }
        return unwritten;
    }

    private void flushAbandoned(Ticker.Point point) {
        CommittedTick through = point.tick();
        if (through == null) {
            return;
        }
        for (LiveSlot slot : requests.abandonedSlots()) {
            journalFlush.flush(point.lease(), slot.id(), through.tick());
        }
    }

    /** Abandoned slots whose ticks are all committed now, so that one more flush covers them. */
    private List<LiveSlot> settledAmongAbandoned() {
        return requests.abandonedSlots().stream()
                .filter(slot -> slot.shard().settled(slot).await())
                .toList();
    }

    private void noteFlushed(Ticker.Point point) {
        CommittedTick through = point.tick();
        GatewayLease lease = registration.lease();
        if (!complete
                || through == null
                || through.equals(flushedThrough)
                || !point.lease().equals(lease)) {
            return;
        }
        report(writer.write(lease, List.of(), through));
        flushedThrough = through;
    }

    private void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(PAUSE_AFTER_FAILURE.toNanos());
        } catch (InterruptedException _) {
            stopping = true;
        }
    }
}
