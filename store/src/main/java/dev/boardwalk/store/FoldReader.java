package dev.boardwalk.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads what a fold starts from: the newest snapshot that can be read, and all operations that it does not contain. */
final class FoldReader {
    private static final String NEWEST = """
            select s.snapshot_id, s.sha256_bytes, s.size, s.state_bytes, s.object, s.object_offset, s.object_length,
                   coalesce(s.covered_position, 0) as covered_position,
                   coalesce(s.covered_from, e.created_at - interval '1 minute') as covered_from
            from public.entity e
            left join crdt.snapshot s
              on s.org_id = e.org_id and s.entity_id = e.entity_id and s.snapshot_id = e.snapshot_id
            where e.org_id = ? and e.entity_id = ?
            """;

    private static final String OPERATIONS = """
            select operation_id, format, position, created_at,
                   case when position < ? then update_bytes end as update_bytes
            from crdt.operation
            where org_id = ? and entity_id = ? and created_at >= ? and position >= ?
            order by created_at, operation_id
            """;

    private static final String KEPT = """
            select operation_id, format, update_bytes from crdt.kept_operation
            where org_id = ? and entity_id = ? order by operation_id
            """;

    private record Newest(
            @Nullable Long id,
            byte @Nullable [] inline,
            @Nullable SnapshotPlace place,
            long coveredPosition,
            OffsetDateTime coveredFrom) {}

    private final DataSource connections;
    private final @Nullable BlobStore objects;
    private final @Nullable SnapshotFallback fallback;

    FoldReader(DataSource connections, @Nullable BlobStore objects, @Nullable SnapshotFallback fallback) {
        this.connections = connections;
        this.objects = objects;
        this.fallback = fallback;
    }

    FoldInput read(EntityId entity, FoldHorizon until) {
        Newest newest =
                Ask.ask(connections, "read the snapshot of entity " + entity, connection -> newest(connection, entity));
        try {
            return read(
                    entity,
                    newest.id,
                    state(entity, newest),
                    newest.coveredPosition,
                    newest.coveredFrom,
                    List.of(),
                    until);
        } catch (StoreException.ObjectDamaged | StoreException.ObjectMissing damage) {
            if (fallback == null || newest.id == null) {
                throw damage;
            }
            SnapshotFallback.Base base = fallback.find(entity, newest.id, newest.coveredPosition, damage);
            byte[] state = base.snapshot() == null ? null : base.snapshot().state();
            return read(entity, newest.id, state, base.coveredPosition(), base.coveredFrom(), base.operations(), until);
        }
    }

    private byte @Nullable [] state(EntityId entity, Newest newest) {
        String what = "snapshot of entity " + entity;
        SnapshotPlace place = newest.place;
        if (place == null) {
            return newest.inline;
        }
        if (newest.inline == null) {
            if (objects == null) {
                throw new StoreException.Unsuitable(what + " lies in an object and no object storage is set", null);
            }
            return place.read(objects, what);
        }
        PackedState.check(newest.inline, place.size(), place.sha256(), "inline " + what);
        return newest.inline;
    }

    /** @param more operations that may not be in the table any more */
    private FoldInput read(
            EntityId entity,
            @Nullable Long snapshotId,
            byte @Nullable [] state,
            long coveredPosition,
            OffsetDateTime coveredFrom,
            List<StoredPiece.Operation> more,
            FoldHorizon until) {
        return Ask.ask(connections, "read the operations of entity " + entity, connection -> {
            List<StoredPiece.Operation> operations = new ArrayList<>();
            List<StoredPiece.Operation> kept = kept(connection, entity);
            OffsetDateTime from = until.from();
            try (PreparedStatement read = connection.prepareStatement(OPERATIONS)) {
                read.setLong(1, until.position());
                setEntity(read, 2, entity);
                read.setObject(4, coveredFrom);
                read.setLong(5, coveredPosition);
                try (ResultSet row = read.executeQuery()) {
                    while (row.next()) {
                        OffsetDateTime createdAt = row.getObject("created_at", OffsetDateTime.class);
                        if (row.getBytes("update_bytes") != null) {
                            operations.add(StoredPiece.Operation.ofRow(row));
                        } else if (createdAt.isBefore(from)) {
                            from = createdAt;
                        }
                    }
                }
            }
            return new FoldInput(
                    entity,
                    snapshotId,
                    state,
                    once(more, kept, operations),
                    kept.stream().map(StoredPiece.Operation::operationId).toList(),
                    from);
        });
    }

    @SafeVarargs
    private static List<StoredPiece.Operation> once(List<StoredPiece.Operation>... parts) {
        List<StoredPiece.Operation> all = new ArrayList<>();
        Set<Long> known = new HashSet<>();
        for (List<StoredPiece.Operation> part : parts) {
            for (StoredPiece.Operation operation : part) {
                if (known.add(operation.operationId())) {
                    all.add(operation);
                }
            }
        }
        return List.copyOf(all);
    }

    private static List<StoredPiece.Operation> kept(Connection connection, EntityId entity) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(KEPT)) {
            setEntity(read, 1, entity);
            List<StoredPiece.Operation> kept = new ArrayList<>();
            try (ResultSet row = read.executeQuery()) {
                while (row.next()) {
                    kept.add(StoredPiece.Operation.ofRow(row));
                }
            }
            return kept;
        }
    }

    private static Newest newest(Connection connection, EntityId entity) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(NEWEST)) {
            setEntity(read, 1, entity);
            try (ResultSet row = read.executeQuery()) {
                if (!row.next()) {
                    throw new StoreException.NotFound("there is no entity " + entity);
                }
                long id = row.getLong("snapshot_id");
                boolean none = row.wasNull();
                return new Newest(
                        none ? null : id,
                        row.getBytes("state_bytes"),
                        none || row.getString("object") == null ? null : Snapshots.place(row),
                        row.getLong("covered_position"),
                        row.getObject("covered_from", OffsetDateTime.class));
            }
        }
    }

    private static void setEntity(PreparedStatement statement, int at, EntityId entity) throws SQLException {
        statement.setLong(at, entity.organisation().value());
        statement.setLong(at + 1, entity.number());
    }
}
