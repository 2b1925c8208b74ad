package dev.boardwalk.compactor;

import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.OperationPartition;
import dev.boardwalk.store.OperationPartitions;
import dev.boardwalk.store.OperationPartitions.Uncovered;
import dev.boardwalk.store.PartitionDigest;
import dev.boardwalk.store.StoreException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is past its retention and safe elsewhere, by whole partitions: operations that are archived and in proven
 * snapshots, flushed journals, and changes that everybody has read.
 *
 * <p>A partition is archived, detached, compared once more with what was archived, and dropped. A run may end anywhere in
 * between; the next one goes on there. A partition that turns out to have changed is attached again.
 */
final class Pruning {
    private static final Logger log = LoggerFactory.getLogger(Pruning.class);

    private final Database database;
    private final BlobStore objects;
    private final OperationPartitions partitions;
    private final Duration retention;

    Pruning(Database database, BlobStore objects, Duration retention) {
        this.database = database;
        this.objects = objects;
        this.partitions = database.operationPartitions();
        this.retention = retention;
    }

    /**
     * Prunes all that can go now; what cannot is left to the next run.
     *
     * @throws StoreException if the database or the objects are away
     */
    void run(Tally tally) {
        for (OperationPartition left : partitions.detached()) {
            finish(left, tally);
        }
        // Documents that still are in no snapshot after twice the time are kept aside, so that one that cannot be
        // folded does not hold back everybody's operations.
        Set<OperationPartition> overdue = new HashSet<>(partitions.expired(retention.multipliedBy(2)));
        for (OperationPartition partition : partitions.expired(retention)) {
            prune(partition, overdue.contains(partition), tally);
        }
        tally.partitionsDropped.add(database.partitions().dropFlushedJournal());
        tally.partitionsDropped.add(database.partitions().dropReadChanges(retention));
    }

    private void prune(OperationPartition partition, boolean overdue, Tally tally) {
        List<Uncovered> uncovered = partitions.uncovered(partition);
        boolean waits = !overdue && uncovered.stream().anyMatch(document -> !document.quarantined());
        if (waits) {
            log.info(
                    "operations wait for their snapshots partition={} documents={}",
                    partition.table(),
                    uncovered.size());
            tally.partitionsWaiting.increment();
            return;
        }
        try {
            Optional<PartitionDigest> archived = partitions.archived(partition);
            if (archived.isEmpty() || !archived.get().equals(partitions.digest(partition))) {
                archive(partition, uncovered, tally);
            }
            partitions.detach(partition);
            FaultPoint.DETACHED.reached();
            finish(partition, tally);
        } catch (StoreException.Fenced | StoreException.Rejected overtaken) {
            log.info(
                    "another run prunes this partition partition={} cause=\"{}\"",
                    partition.table(),
                    overtaken.getMessage());
            tally.overtaken.increment();
        } catch (StoreException.ObjectDamaged | StoreException.ObjectMissing left) {
            log.error("partition not pruned, left to the next run partition={}", partition.table(), left);
            tally.failed.increment();
        }
    }

    private void archive(OperationPartition partition, List<Uncovered> uncovered, Tally tally) {
        Set<EntityId> aside = uncovered.stream().map(Uncovered::entity).collect(Collectors.toSet());
        List<EntityId> unproven = new PartitionArchiving(database, objects, partition).run(aside, tally);
        for (EntityId entity : unproven) {
            log.error(
                    "operations kept, their snapshot does not prove them entity={} partition={}",
                    entity,
                    partition.table());
        }
        tally.kept.add(aside.size() + unproven.size());
        tally.failed.add(unproven.size());
    }

    /** Of a detached partition: nobody writes to it any more, so now it is certain whether all of it is archived. */
    private void finish(OperationPartition partition, Tally tally) {
        PartitionDigest present = partitions.digest(partition);
        Optional<PartitionDigest> archived = partitions.archived(partition);
        if (archived.isEmpty() || !archived.get().equals(present)) {
            log.error("partition is not what was archived, attached again partition={}", partition.table());
            partitions.attach(partition);
            tally.failed.increment();
            return;
        }
        if (!partitions.drop(partition, present)) {
            return;
        }
        FaultPoint.DROPPED.reached();
        tally.pruned.add(present.operations());
        tally.partitionsDropped.increment();
    }
}
