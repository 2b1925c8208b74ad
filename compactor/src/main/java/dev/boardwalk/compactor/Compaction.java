package dev.boardwalk.compactor;

import dev.boardwalk.store.BackgroundService.Progress;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.FoldBacklog;
import dev.boardwalk.store.FoldCandidate;
import dev.boardwalk.store.FoldHorizon;
import dev.boardwalk.store.StoreException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the operations that no snapshot contains into backlog.
 *
 * <p>For each document: read, fold, put the object, read it back, prove it, publish by compare-and-set. Nothing is
 * removed, and nothing refers to an object that was not proven, so a run may end anywhere: the next one finds by the
 * operations themselves what is left. Two runs at once do no harm: who publishes second has worked for nothing.
 */
final class Compaction {
    private static final Logger log = LoggerFactory.getLogger(Compaction.class);

    /** Permits are counted in this unit, so that they fit an int. */
    private static final int WEIGHT_UNIT_BYTES = 1024;

    private final Database database;
    private final FoldBacklog backlog;
    private final BlobStore objects;
    private final CompactionLimits limits;
    private final Semaphore weight;
    private final int weightMax;

    Compaction(Database database, BlobStore objects, CompactionLimits limits) {
        this.database = database;
        this.backlog = database.foldBacklog();
        this.objects = objects;
        this.limits = limits;
        this.weightMax = Math.clamp(limits.bytes() / WEIGHT_UNIT_BYTES, 1, Integer.MAX_VALUE);
        this.weight = new Semaphore(weightMax);
    }

    /** Folds every document with uncovered operations. */
    CompactionReport run() {
        return run(1, 1);
    }

    /**
     * Folds the documents with at least so many uncovered operations or bytes.
     *
     * @throws StoreException if the database cannot be read or the objects refuse us; what is published stays
     */
    CompactionReport run(long operationsMin, long bytesMin) {
        long startNanos = System.nanoTime();
        Tally tally = new Tally();
        run(operationsMin, bytesMin, tally, Progress.NONE);
        return tally.report(Duration.ofNanos(System.nanoTime() - startNanos));
    }

    /** The same, counted together with other work. */
    void run(long operationsMin, long bytesMin, Tally tally, Progress progress) {
        OffsetDateTime since = backlog.coveredFrom();
        FoldHorizon until = backlog.horizon();
        AtomicReference<StoreException> failure = new AtomicReference<>();
        List<FoldCandidate> page = new ArrayList<>(backlog.due());
        @Nullable EntityId after = null;
        long found = 0;
        do {
            List<FoldCandidate> changed =
                    backlog.changed(since, until, operationsMin, bytesMin, after, limits.pageEntities());
            after = changed.isEmpty() ? null : changed.getLast().entity();
            page.addAll(changed);
            found += page.size();
            fold(page, until, tally, new Told(progress, tally, found), failure);
            page.clear();
        } while (after != null && failure.get() == null);
        if (tally.failed.sum() == 0 && failure.get() == null && operationsMin <= 1) {
            backlog.finished(until);
        }
        StoreException away = failure.get();
        if (away != null) {
            log.error(
                    "compaction stopped early, the next run goes on code={} failed={}",
                    away.code(),
                    tally.failed.sum(),
                    away);
        }
    }

    /** Progress in documents. */
    private record Told(Progress progress, Tally tally, long found) {
        void step() {
            progress.at("documents", tally.documents(), found);
        }
    }

    private void fold(
            List<FoldCandidate> page,
            FoldHorizon until,
            Tally tally,
            Told told,
            AtomicReference<StoreException> failure) {
        LinkedBlockingQueue<FoldCandidate> work = new LinkedBlockingQueue<>(page);
        List<Future<?>> workers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < Math.min(limits.threads(), page.size()); i++) {
                workers.add(threads.submit(() -> work(work, until, tally, told, failure)));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new StoreException.Unavailable("the compaction was told to stop", stop);
        } catch (ExecutionException bug) {
            throw new IllegalStateException("a thread of the compaction failed", bug.getCause());
        }
    }

    private void work(
            LinkedBlockingQueue<FoldCandidate> work,
            FoldHorizon until,
            Tally tally,
            Told told,
            AtomicReference<StoreException> failure) {
        FoldingWorker worker = new FoldingWorker(database, objects, until, limits, tally);
        try {
            for (FoldCandidate next = work.poll(); next != null && failure.get() == null; next = work.poll()) {
                foldWithin(worker, next);
                told.step();
            }
            if (failure.get() == null) {
                worker.finish();
            }
        } catch (StoreException away) {
            failure.compareAndSet(null, away);
            tally.failed.add(1 + work.size());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            failure.compareAndSet(null, new StoreException.Unavailable("the compaction was told to stop", stop));
        }
    }

    /** Waits until the documents under work leave room for this one. */
    private void foldWithin(FoldingWorker worker, FoldCandidate candidate) throws InterruptedException {
        int permits = Math.clamp(candidate.bytes() / WEIGHT_UNIT_BYTES, 1, weightMax);
        weight.acquire(permits);
        try {
            worker.fold(candidate);
        } finally {
            weight.release(permits);
        }
    }
}
