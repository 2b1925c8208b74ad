package dev.boardwalk.compactor;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import com.google.errorprone.annotations.MustBeClosed;
import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BackgroundService;
import dev.boardwalk.store.BackgroundService.Progress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs compactions at their intervals: one at a time over all processes that have the same database, by a row in it. A
 * process that dies at it is replaced within some ten seconds.
 */
final class CompactorSchedule implements BackgroundService.Running {
    private static final Logger log = LoggerFactory.getLogger(CompactorSchedule.class);

    /** A document with so many uncovered operations does not wait for its hour: each would be part of every load. */
    static final long EARLY_OPERATIONS = 500;

    static final long EARLY_BYTES = 8L << 20;

    /** Looks for such documents within one interval. */
    private static final int LOOKS_PER_INTERVAL = 12;

    /** Once a day with snapshots every hour: it walks over everything that is stored. */
    private static final int INTERVALS_PER_THINNING = 24;

    private static final Duration POLL = Duration.ofSeconds(1);

    /** Four missed ones, the least that the scheduler allows, and the runner counts as dead. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private static final int HEARTBEATS_MISSED_MAX = 4;

    /** A run that is told to stop ends within a document; should it not, nothing is lost by leaving it. */
    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    private final CompactorRun work;
    private final CompactorWatch watch;
    private final AtomicLong runs = new AtomicLong();
    private final AtomicLong failedRuns = new AtomicLong();
    private final AtomicLong entities = new AtomicLong();
    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong quarantined = new AtomicLong();
    private final AtomicLong pruned = new AtomicLong();
    private final AtomicLong lastMillis = new AtomicLong();
    private final Scheduler scheduler;

    private CompactorSchedule(BackgroundContext context) {
        this.work = new CompactorRun(context, CompactionLimits.DEFAULTS);
        this.watch = new CompactorWatch(context.database().foldBacklog());
        Duration interval = context.snapshotInterval();
        Duration looks = interval.dividedBy(LOOKS_PER_INTERVAL);
        this.scheduler = Scheduler.create(context.database().connections())
                .tableName("crdt.scheduled_tasks")
                .startTasks(
                        recurring("compaction", interval, () -> work.run(false, Progress.NONE)),
                        recurring(
                                "thinning",
                                interval.multipliedBy(INTERVALS_PER_THINNING),
                                () -> work.run(true, Progress.NONE)),
                        recurring(
                                "early-compaction",
                                looks.compareTo(POLL) < 0 ? POLL : looks,
                                () -> work.early(EARLY_OPERATIONS, EARLY_BYTES)))
                .threads(1)
                .executorService(Executors.newSingleThreadExecutor(CompactorSchedule::runner))
                .pollingInterval(POLL)
                .heartbeatInterval(HEARTBEAT)
                .missedHeartbeatsLimit(HEARTBEATS_MISSED_MAX)
                .shutdownMaxWait(STOP_MAX)
                .build();
    }

    @MustBeClosed
    @SuppressWarnings("MustBeClosedChecker")
    static CompactorSchedule start(BackgroundContext context) {
        CompactorSchedule schedule = new CompactorSchedule(context);
        schedule.scheduler.start();
        schedule.watch.start();
        return schedule;
    }

    /** What fails outside of a run, such as noting whose turn it is while the database is away, is tried again soon. */
    private static Thread runner(Runnable work) {
        return Thread.ofPlatform()
                .name("compactor")
                .uncaughtExceptionHandler(
                        (_, failure) -> log.warn("no compaction now, trying again cause=\"{}\"", failure.toString()))
                .unstarted(work);
    }

    private RecurringTask<Void> recurring(String name, Duration every, Supplier<CompactionReport> run) {
        return Tasks.recurring(name, FixedDelay.of(every)).execute((_, _) -> count(run));
    }

    private void count(Supplier<CompactionReport> run) {
        boolean done = false;
        try {
            CompactionReport report = run.get();
            entities.addAndGet(report.entities());
            operations.addAndGet(report.operations());
            quarantined.addAndGet(report.quarantined());
            pruned.addAndGet(report.pruned());
            lastMillis.set(report.time().toMillis());
            done = report.failed() == 0;
        } finally {
            runs.incrementAndGet();
            if (!done) {
                failedRuns.incrementAndGet();
            }
        }
    }

    @Override
    public Map<String, LongSupplier> gauges() {
        Map<String, LongSupplier> gauges = new HashMap<>(watch.gauges());
        gauges.put("runs", runs::get);
        gauges.put("failed_runs", failedRuns::get);
        gauges.put("folded_entities", entities::get);
        gauges.put("folded_operations", operations::get);
        gauges.put("pruned_operations", pruned::get);
        gauges.put("newly_quarantined_documents", quarantined::get);
        gauges.put("last_run_milliseconds", lastMillis::get);
        return gauges;
    }

    @Override
    public void close() {
        watch.close();
        scheduler.stop();
    }
}
