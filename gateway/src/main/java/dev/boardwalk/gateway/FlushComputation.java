package dev.boardwalk.gateway;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.crdt.EngineFailure;
import dev.boardwalk.crdt.Folded;
import dev.boardwalk.gateway.live.Base;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.FlushedEntity;
import dev.boardwalk.store.GatewayLease;
import dev.boardwalk.store.OperationFormat;
import dev.boardwalk.store.UpdateBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a flush computes of each entity with the native engine: one merged update, the whole state, its JSON.
 *
 * <p>The result is checked against what the updates are known to contain. An entity with which the engine fails, or comes
 * to something else, is kept as it came and marked, and costs the others nothing. Blocks; for virtual threads.
 */
final class FlushComputation {

    /** One entity ready to be written, and the content that it lives on with afterwards. */
    record Computed(FlushJob job, FlushedEntity row, Base base) {}

    private static final Logger log = LoggerFactory.getLogger(FlushComputation.class);

    private final GatewayMeters meters;

    FlushComputation(GatewayMeters meters) {
        this.meters = meters;
    }

    /** Computes a batch to be written under a lease, as many entities at a time as there are processors. */
    List<Computed> compute(List<FlushJob> jobs, GatewayLease lease) throws InterruptedException {
        if (jobs.size() == 1) {
            return List.of(compute(jobs.getFirst(), lease));
        }
        int threads = Math.min(jobs.size(), Runtime.getRuntime().availableProcessors());
        try (ExecutorService workers =
                Executors.newFixedThreadPool(threads, Thread.ofVirtual().factory())) {
            List<Callable<Computed>> tasks = new ArrayList<>(jobs.size());
            jobs.forEach(job -> tasks.add(() -> compute(job, lease)));
            List<Computed> computed = new ArrayList<>(jobs.size());
            for (Future<Computed> task : workers.invokeAll(tasks)) {
                computed.add(task.get());
            }
            return computed;
        } catch (ExecutionException failure) {
            throw new IllegalStateException("the flush of " + jobs.size() + " entities failed", failure.getCause());
        }
    }

    private Computed compute(FlushJob job, GatewayLease lease) {
        Content content = new Content(job.work().base().pieces(), job.work().updates());
        FlushedEntity row = row(
                        job.slot().id(),
                        job.slot().key().toString(),
                        content,
                        Authors.of(job.work().writers()),
                        job.firstTick(lease),
                        job.lastTick(lease))
                .readAt(job.rowPosition());
        return new Computed(job, row, content.folded != null ? content.folded : content.expected.base());
    }

    /**
     * Computes one entity out of the store.
     *
     * @param name for the log
     * @param before what earlier flushes and other gateways wrote
     * @param updates what this flush writes; if there are none, only the projection is written
     */
    FlushedEntity row(
            EntityId id, String name, List<byte[]> before, List<byte[]> updates, long firstTick, long lastTick) {
        return row(id, name, new Content(before, updates), Authors.ofUpdates(updates), firstTick, lastTick);
    }

    private FlushedEntity row(
            EntityId id, String name, Content content, @Nullable String authors, long firstTick, long lastTick) {
        try {
            Folded folded = content.fold();
            Optional<byte[]> merged = content.updates.isEmpty() ? Optional.empty() : Engine.merge(content.updates);
            return FlushedEntity.projected(
                    id,
                    merged.isPresent() ? OperationFormat.MERGED : OperationFormat.BATCH,
                    merged.orElseGet(() -> UpdateBatch.encode(content.updates)),
                    authors,
                    firstTick,
                    lastTick,
                    EntityProjection.of(folded));
        } catch (EngineFailure | IllegalStateException failure) {
            meters.quarantined();
            log.error("entity stored without projection entity={} id={}", name, id, failure);
            return FlushedEntity.quarantined(
                    id,
                    OperationFormat.BATCH,
                    UpdateBatch.encode(content.updates),
                    firstTick,
                    lastTick,
                    String.valueOf(failure.getMessage()));
        }
    }

    /** What one entity is made of, and what the engine made of it. */
    private static final class Content {
        private final List<byte[]> updates;
        private final StoredContent expected;
        private @Nullable Base folded;

        Content(List<byte[]> before, List<byte[]> updates) {
            List<byte[]> all = new ArrayList<>(before);
            all.addAll(updates);
            this.updates = updates;
            this.expected = StoredContent.of(all);
        }

        /** The state as one update becomes the new base, if it contains exactly what was put in. */
        Folded fold() {
            Folded result = Engine.fold(null, expected.base().pieces(), Engine.Projection.JSON);
            StoredContent content = StoredContent.of(List.of(result.state()));
            if (result.pending()
                    || !content.leftOver().isEmpty()
                    || !content.base().known().equals(expected.base().known())
                    || !Arrays.equals(content.base().deletes(), expected.base().deletes())) {
                throw new IllegalStateException("the engine's state differs from what the updates contain: expected "
                        + expected.base().known() + ", got " + content.base().known());
            }
            folded = content.base();
            return result;
        }
    }
}
