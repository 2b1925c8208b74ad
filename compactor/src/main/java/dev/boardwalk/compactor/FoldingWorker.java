package dev.boardwalk.compactor;

import dev.boardwalk.crdt.EngineFailure;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.FoldCandidate;
import dev.boardwalk.store.FoldHorizon;
import dev.boardwalk.store.FoldInput;
import dev.boardwalk.store.NewSnapshot;
import dev.boardwalk.store.Quarantine;
import dev.boardwalk.store.Snapshots;
import dev.boardwalk.store.StoreException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folds one document after another and publishes them in batches. Belongs to one thread. */
final class FoldingWorker {
    private static final Logger log = LoggerFactory.getLogger(FoldingWorker.class);

    private final Snapshots snapshots;
    private final Quarantine quarantine;
    private final BlobStore objects;
    private final FoldHorizon until;
    private final CompactionLimits limits;
    private final Tally tally;
    private Batch batch;

    FoldingWorker(Database database, BlobStore objects, FoldHorizon until, CompactionLimits limits, Tally tally) {
        this.snapshots = database.snapshots();
        this.quarantine = database.quarantine();
        this.objects = objects;
        this.until = until;
        this.limits = limits;
        this.tally = tally;
        this.batch = new Batch(limits);
    }

    /**
     * Folds a document; one that cannot be folded is quarantined, one that cannot be read or proven is left, and the
     * others go on.
     *
     * @throws StoreException if the database or the objects are away: the run is over then
     */
    void fold(FoldCandidate candidate) {
        FoldInput input;
        Fold fold;
        try {
            input = snapshots.read(candidate.entity(), until);
            fold = Fold.of(input);
            FaultPoint.FOLDED.reached();
        } catch (Fold.Unfoldable unfoldable) {
            quarantine(candidate.entity(), unfoldable);
            return;
        } catch (EngineFailure
                | StoreException.ObjectDamaged
                | StoreException.ObjectMissing
                | OutOfMemoryError unsure) {
            leave(candidate.entity(), unsure);
            return;
        }
        tally.folded.increment();
        tally.bytesBefore.add(candidate.bytes());
        if (fold.state().length > limits.inlineBytes()) {
            Batch alone = new Batch(limits);
            alone.add(input, fold);
            publish(alone);
            return;
        }
        batch.add(input, fold);
        if (batch.isFull()) {
            finish();
        }
    }

    /** Publishes what is folded but not yet out. */
    void finish() {
        Batch full = batch;
        batch = new Batch(limits);
        if (!full.isEmpty()) {
            publish(full);
        }
    }

    private void publish(Batch batch) {
        List<NewSnapshot> proven;
        try {
            proven = batch.store(objects, until.position());
        } catch (Fold.Unfoldable
                | EngineFailure
                | StoreException.ObjectDamaged
                | StoreException.ObjectMissing
                | OutOfMemoryError bad) {
            if (batch.size() > 1) {
                batch.alone().forEach(this::publish);
            } else {
                leave(batch.first(), bad);
            }
            return;
        }
        List<EntityId> published = snapshots.publish(proven);
        FaultPoint.PUBLISHED.reached();
        tally.entities.add(published.size());
        tally.overtaken.add(proven.size() - published.size());
        tally.operations.add(batch.operations());
        tally.bytesAfter.add(batch.stateBytes());
        tally.bytesStored.add(batch.objectBytes());
    }

    /**
     * What cannot be read or proven now may be so at the next run; nothing is published, and the operations stay. So it is
     * with a document for which the heap is too small, which must not keep the others from being folded.
     */
    private void leave(EntityId entity, Throwable reason) {
        log.error("document not folded, left to the next run entity={} reason=\"{}\"", entity, reason.getMessage());
        tally.failed.increment();
    }

    private void quarantine(EntityId entity, RuntimeException reason) {
        log.error("document quarantined, its operations are kept entity={} reason=\"{}\"", entity, reason.getMessage());
        quarantine.add(entity, String.valueOf(reason.getMessage()));
        tally.quarantined.increment();
    }
}
