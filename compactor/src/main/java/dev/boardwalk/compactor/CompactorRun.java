package dev.boardwalk.compactor;

import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BackgroundService.Progress;
import dev.boardwalk.store.StoreException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One whole run: fold, prune, and what retention asks for, with one report of it all. */
final class CompactorRun {
    private static final Logger log = LoggerFactory.getLogger(CompactorRun.class);

    private final Compaction compaction;
    private final Pruning pruning;
    private final Purging purging;
    private final Thinning thinning;

    CompactorRun(BackgroundContext context, CompactionLimits limits) {
        this.compaction = new Compaction(context.database(), context.objects(), limits);
        this.pruning = new Pruning(context.database(), context.objects(), context.operationRetention());
        this.purging = new Purging(context.database(), context.deletionGrace());
        this.thinning = new Thinning(context.database(), context.objects(), context.objectGrace());
    }

    /**
     * Everything; never fails for a storage that is away: the report counts what was left to the next run.
     *
     * @param thins whether retention is looked after too, which walks over all entities and objects
     */
    CompactionReport run(boolean thins, Progress progress) {
        long startNanos = System.nanoTime();
        Tally tally = new Tally();
        compaction.run(1, 1, tally, progress);
        step("pruning", tally, () -> pruning.run(tally));
        if (thins) {
            step("purging", tally, purging::run);
            step("thinning", tally, () -> thinning.run(tally));
        }
        CompactionReport report = tally.report(Duration.ofNanos(System.nanoTime() - startNanos));
        say(report);
        return report;
    }

    /** What a run that thins would remove for good. */
    List<String> removals(int linesMax) {
        return thinning.preview(linesMax);
    }

    /** Folds only documents with at least so many uncovered operations or bytes. */
    CompactionReport early(long operationsMin, long bytesMin) {
        CompactionReport report = compaction.run(operationsMin, bytesMin);
        say(report);
        return report;
    }

    private static void step(String name, Tally tally, Runnable work) {
        try {
            work.run();
        } catch (StoreException away) {
            log.error("{} stopped early, the next run goes on code={}", name, away.code(), away);
            tally.failed.increment();
        }
    }

    private static void say(CompactionReport report) {
        if (!report.nothingToDo()) {
            log.info("compaction done {}", report.line());
        }
    }
}
