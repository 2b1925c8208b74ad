package dev.boardwalk.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what stands in for a snapshot whose object is damaged or gone: the next older one that can be read, and all
 * operations since, from the table and the archive. Blocks; safe from any thread.
 *
 * <p>A damaged snapshot is never served. It is counted, told in the log as an error, and noted for the compactor.
 */
final class SnapshotFallback {
    private static final Logger log = LoggerFactory.getLogger(SnapshotFallback.class);

    /** The last one is the document before its first snapshot. */
    private static final String OLDER = """
            select s.snapshot_id, s.sha256_bytes, s.size, s.state_vector_bytes, s.object, s.object_offset,
                   s.object_length, s.covered_position, s.covered_from
            from crdt.snapshot s
            where s.org_id = ? and s.entity_id = ? and s.snapshot_id <> ? and s.covered_position <= ?
            union all
            select null, null, null, null, null, null, null, 0, e.created_at - interval '1 minute'
            from public.entity e where e.org_id = ? and e.entity_id = ?
            order by covered_position desc, snapshot_id desc nulls last
            """;

    private static final String INLINE =
            "select state_bytes from crdt.snapshot where org_id = ? and entity_id = ? and snapshot_id = ?";

    private static final String OPERATIONS = """
            select operation_id, format, update_bytes from crdt.operation
            where org_id = ? and entity_id = ? and created_at >= ? and position >= ?
            order by operation_id
            """;

    private static final String NOTE = """
            insert into crdt.damaged_snapshot (org_id, entity_id, snapshot_id, reason) values (?, ?, ?, ?)
            on conflict do nothing
            """;

    /**
     * What stands in.
     *
     * @param snapshot null if the operations alone are everything
     * @param coveredPosition operations at or above it are not in {@code snapshot}
     * @param coveredFrom no such operation was created before
     * @param operations all of them that are in the table or the archive now, in order
     */
    record Base(
            StoredPiece.@Nullable Snapshot snapshot,
            long coveredPosition,
            OffsetDateTime coveredFrom,
            List<StoredPiece.Operation> operations) {}

    private record Candidate(
            @Nullable Long id,
            @Nullable SnapshotPlace place,
            byte @Nullable [] stateVector,
            long coveredPosition,
            OffsetDateTime coveredFrom) {}

    private final DataSource connections;
    private final BlobStore objects;
    private final AtomicLong damaged;

    /** @param damaged counts every damaged snapshot that somebody needed */
    SnapshotFallback(DataSource connections, BlobStore objects, AtomicLong damaged) {
        this.connections = connections;
        this.objects = objects;
        this.damaged = damaged;
    }

    /**
     * What stands in for this snapshot of the entity.
     *
     * @throws RuntimeException {@code damage} itself if nothing suffices
     */
    Base find(EntityId entity, long snapshotId, long coveredPosition, StoreException damage) {
        damaged.incrementAndGet();
        log.error(
                "snapshot damaged, not served entity={} snapshot={} cause=\"{}\"",
                entity,
                snapshotId,
                damage.getMessage());
        note(entity, snapshotId, damage);
        long floor = new OperationArchive(connections, objects).floor(entity);
        for (Candidate candidate : older(entity, snapshotId, coveredPosition)) {
            if (candidate.coveredPosition < floor) {
                break;
            }
            try {
                Base base = read(entity, candidate);
                if (base.snapshot() == null && base.operations().isEmpty()) {
                    // A snapshot is made of operations: if there are none, they are lost and not just elsewhere.
                    break;
                }
                log.warn("older snapshot and operations stand in entity={} snapshot={}", entity, candidate.id);
                return base;
            } catch (StoreException.ObjectDamaged | StoreException.ObjectMissing another) {
                damage.addSuppressed(another);
            }
        }
        log.error("nothing stands in for the damaged snapshot entity={} snapshot={}", entity, snapshotId);
        throw damage;
    }

    private Base read(EntityId entity, Candidate candidate) {
        StoredPiece.Snapshot snapshot = null;
        Long id = candidate.id;
        if (id != null && candidate.stateVector != null) {
            byte[] state = state(entity, id, candidate.place);
            snapshot = new StoredPiece.Snapshot(id, state, candidate.stateVector);
        }
        // The table first: what leaves it is in the archive before.
        Map<Long, StoredPiece.Operation> operations = new LinkedHashMap<>();
        for (StoredPiece.Operation row : rows(entity, candidate)) {
            operations.put(row.operationId(), row);
        }
        List<StoredPiece.Operation> all = new ArrayList<>();
        for (LoggedOperation archived :
                new OperationArchive(connections, objects).since(entity, candidate.coveredPosition)) {
            if (!operations.containsKey(archived.operationId())) {
                all.add(archived.piece());
            }
        }
        all.addAll(operations.values());
        return new Base(snapshot, candidate.coveredPosition, candidate.coveredFrom, List.copyOf(all));
    }

    private byte[] state(EntityId entity, long id, @Nullable SnapshotPlace place) {
        String what = "snapshot " + id + " of entity " + entity;
        if (place == null) {
            throw new StoreException.ObjectMissing(what + " is in no object", null);
        }
        Optional<byte[]> inline = Ask.ask(connections, "read " + what, connection -> {
            try (PreparedStatement read = connection.prepareStatement(INLINE)) {
                read.setLong(1, entity.organisation().value());
                read.setLong(2, entity.number());
                read.setLong(3, id);
                try (ResultSet row = read.executeQuery()) {
                    return row.next() ? Optional.ofNullable(row.getBytes(1)) : Optional.empty();
                }
            }
        });
        if (inline.isEmpty()) {
            return place.read(objects, what);
        }
        PackedState.check(inline.get(), place.size(), place.sha256(), what);
        return inline.get();
    }

    private List<Candidate> older(EntityId entity, long snapshotId, long coveredPosition) {
        return Ask.ask(connections, "find older snapshots of entity " + entity, connection -> {
            try (PreparedStatement find = connection.prepareStatement(OLDER)) {
                find.setLong(1, entity.organisation().value());
                find.setLong(2, entity.number());
                find.setLong(3, snapshotId);
                find.setLong(4, coveredPosition);
                find.setLong(5, entity.organisation().value());
                find.setLong(6, entity.number());
                List<Candidate> found = new ArrayList<>();
                try (ResultSet row = find.executeQuery()) {
                    while (row.next()) {
                        long id = row.getLong("snapshot_id");
                        boolean none = row.wasNull();
                        found.add(new Candidate(
                                none ? null : id,
                                none || row.getString("object") == null ? null : Snapshots.place(row),
                                row.getBytes("state_vector_bytes"),
                                row.getLong("covered_position"),
                                row.getObject("covered_from", OffsetDateTime.class)));
                    }
                }
                return found;
            }
        });
    }

    private List<StoredPiece.Operation> rows(EntityId entity, Candidate candidate) {
        return Ask.ask(connections, "read the operations of entity " + entity, connection -> {
            try (PreparedStatement read = connection.prepareStatement(OPERATIONS)) {
                read.setLong(1, entity.organisation().value());
                read.setLong(2, entity.number());
                read.setObject(3, candidate.coveredFrom);
                read.setLong(4, candidate.coveredPosition);
                List<StoredPiece.Operation> found = new ArrayList<>();
                try (ResultSet row = read.executeQuery()) {
                    while (row.next()) {
                        found.add(StoredPiece.Operation.ofRow(row));
                    }
                }
                return found;
            }
        });
    }

    /** Only a note: a database that cannot take it now will tell in other ways. */
    private void note(EntityId entity, long snapshotId, StoreException damage) {
        try {
            Ask.ask(connections, "note a damaged snapshot of entity " + entity, connection -> {
                try (PreparedStatement insert = connection.prepareStatement(NOTE)) {
                    insert.setLong(1, entity.organisation().value());
                    insert.setLong(2, entity.number());
                    insert.setLong(3, snapshotId);
                    insert.setString(4, JsonText.plain(String.valueOf(damage.getMessage())));
                    return insert.executeUpdate();
                }
            });
        } catch (StoreException unnoted) {
            log.warn("damaged snapshot not noted entity={} cause=\"{}\"", entity, unnoted.toString());
        }
    }
}
