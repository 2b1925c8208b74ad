package dev.boardwalk.compactor;

import dev.boardwalk.store.ArchiveWriter;
import dev.boardwalk.store.ArchivedBlock;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.LoggedOperation;
import dev.boardwalk.store.OperationPartition;
import dev.boardwalk.store.OperationPartitions;
import dev.boardwalk.store.PartitionDigest;
import dev.boardwalk.store.StoreException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Moves the operations of one partition into the archive: put, read back, compared with the rows one by one, and proven
 * to be in the newest snapshots. Belongs to one thread.
 */
final class PartitionArchiving {
    private static final int BLOCKS_PER_PAGE = 64;

    private final Database database;
    private final BlobStore objects;
    private final OperationPartitions partitions;
    private final OperationPartition partition;

    PartitionArchiving(Database database, BlobStore objects, OperationPartition partition) {
        this.database = database;
        this.objects = objects;
        this.partitions = database.operationPartitions();
        this.partition = partition;
    }

    /**
     * Archives all rows.
     *
     * @param uncovered documents that are in no snapshot anyway: their operations are kept for loads, besides
     * @return documents whose operations had to be kept though a snapshot should have them
     * @throws StoreException.ObjectDamaged if what was read back is not what the rows are
     * @throws StoreException.Fenced if another run took the partition over
     */
    List<EntityId> run(Set<EntityId> uncovered, Tally tally) {
        PartitionDigest digest = partitions.digest(partition);
        ArchiveWriter writer = database.archiveWriter(partition, objects);
        Rows rows = new Rows();
        while (rows.hasNext()) {
            writer.add(rows.next());
        }
        tally.archivedBytes.add(writer.finish());
        FaultPoint.ARCHIVED.reached();
        List<EntityId> unproven = prove(writer, digest, uncovered);
        FaultPoint.PROVEN.reached();
        uncovered.forEach(entity -> partitions.keep(partition, entity));
        unproven.forEach(entity -> partitions.keep(partition, entity));
        FaultPoint.KEPT.reached();
        writer.complete(digest);
        FaultPoint.COMPLETED.reached();
        return unproven;
    }

    private List<EntityId> prove(ArchiveWriter writer, PartitionDigest digest, Set<EntityId> uncovered) {
        CoverProof cover = new CoverProof(database.snapshots(), objects);
        Rows rows = new Rows();
        long compared = 0;
        @Nullable ArchivedBlock last = null;
        do {
            List<ArchivedBlock> page = writer.page(last, BLOCKS_PER_PAGE);
            for (ArchivedBlock block : page) {
                List<LoggedOperation> operations = block.read(objects);
                operations.forEach(operation -> compare(operation, rows));
                compared += operations.size();
                if (!uncovered.contains(block.entity())) {
                    cover.add(block.entity(), operations);
                }
            }
            last = page.isEmpty() ? null : page.getLast();
        } while (last != null);
        if (rows.hasNext() || compared != digest.operations()) {
            throw new StoreException.ObjectDamaged(
                    "the archive of " + partition.table() + " has " + compared + " operations of "
                            + digest.operations(),
                    null);
        }
        return cover.unproven();
    }

    private void compare(LoggedOperation archived, Rows rows) {
        if (!rows.hasNext() || !rows.next().equals(archived)) {
            throw new StoreException.ObjectDamaged(archived + " is archived as something else than its row is", null);
        }
    }

    /** The rows in their order, some megabytes in memory at a time. */
    private final class Rows implements Iterator<LoggedOperation> {
        private List<LoggedOperation> page = partitions.page(partition, null);
        private int at;

        @Override
        public boolean hasNext() {
            if (at == page.size() && !page.isEmpty()) {
                page = partitions.page(partition, page.getLast());
                at = 0;
            }
            return at < page.size();
        }

        @Override
        public LoggedOperation next() {
            return page.get(at++);
        }
    }
}
