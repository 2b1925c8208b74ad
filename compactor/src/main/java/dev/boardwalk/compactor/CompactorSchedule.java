package dev.boardwalk.compactor;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import com.google.errorprone.annotations.MustBeClosed;
import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BackgroundService;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Runs compactions at their intervals: one at a time over all processes that have the same database, by a row in it. A
 * process that dies at it is replaced within some ten seconds.
 */
final class CompactorSchedule implements BackgroundService.Running {
    /** A document with so many uncovered operations does not wait for its hour: each would be part of every load. */
    static final long EARLY_OPERATIONS = 500;

    static final long EARLY_BYTES = 8L << 20;

    /** Looks for such documents within one interval. */
    private static final int LOOKS_PER_INTERVAL = 12;

    private static final Duration POLL = Duration.ofSeconds(1);

    /** Four missed ones, the least that the scheduler allows, and the runner counts as dead. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private static final int HEARTBEATS_MISSED_MAX = 4;

    /** A run that is told to stop ends within a document; should it not, nothing is lost by leaving it. */
    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    private final Compaction compaction;
    private final AtomicLong runs = new AtomicLong();
    private final AtomicLong failedRuns = new AtomicLong();
    private final AtomicLong entities = new AtomicLong();
    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong quarantined = new AtomicLong();
    private final AtomicLong lastMillis = new AtomicLong();
    private final Scheduler scheduler;

    private CompactorSchedule(BackgroundContext context) {
        this.compaction = new Compaction(context.database(), context.objects(), CompactionLimits.DEFAULTS);
        Duration interval = context.snapshotInterval();
        Duration looks = interval.dividedBy(LOOKS_PER_INTERVAL);
        this.scheduler = Scheduler.create(context.database().connections())
                .tableName("crdt.scheduled_tasks")
                .startTasks(
                        recurring("compaction", interval, 1, 1),
                        recurring(
                                "early-compaction",
                                looks.compareTo(POLL) < 0 ? POLL : looks,
                                EARLY_OPERATIONS,
                                EARLY_BYTES))
                .threads(1)
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
        return schedule;
    }

    private RecurringTask<Void> recurring(String name, Duration every, long operationsMin, long bytesMin) {
        return Tasks.recurring(name, FixedDelay.of(every)).execute((_, _) -> run(operationsMin, bytesMin));
    }

    private void run(long operationsMin, long bytesMin) {
        boolean done = false;
        try {
            CompactionReport report = compaction.run(operationsMin, bytesMin);
            entities.addAndGet(report.entities());
            operations.addAndGet(report.operations());
            quarantined.addAndGet(report.quarantined());
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
        return Map.of(
                "runs", runs::get,
                "failed_runs", failedRuns::get,
                "folded_entities", entities::get,
                "folded_operations", operations::get,
                "quarantined_documents", quarantined::get,
                "last_run_milliseconds", lastMillis::get);
    }

    @Override
    public void close() {
        scheduler.stop();
    }
}
