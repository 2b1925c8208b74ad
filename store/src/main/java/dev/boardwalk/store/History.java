package dev.boardwalk.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What entities were: the newest snapshot from before a time, and the operations after it up to that time, out of the
 * table or the archive. Blocks; safe from any thread.
 *
 * <p>An edit counts from the flush that wrote it into an operation. A snapshot that is damaged is never given out: an
 * older one and more operations take its place.
 */
public final class History {
    private static final Logger log = LoggerFactory.getLogger(History.class);

    /** Columns of times have microseconds. */
    private static final long MICROSECOND_NANOS = 1_000;

    /** The one that is not deleted comes first. */
    private static final String FIND = """
            select e.org_id, e.entity_id, e.ulid, e.created_at, e.deleted_at, clock_timestamp() as now
            from public.project p
            join public.entity e on e.org_id = p.org_id and e.project_id = p.project_id
            where p.org_id = ? and p.name = ? and e.name = ?
            order by e.deleted_at desc nulls first
            limit 1
            """;

    /** A snapshot holds only operations that were created before it. */
    private static final String SNAPSHOTS = """
            select snapshot_id, sha256_bytes, size, state_vector_bytes, covered_position, covered_from, created_at,
                   object, object_offset, object_length
            from crdt.snapshot
            where org_id = ? and entity_id = ? and created_at <= ?
            order by created_at desc, snapshot_id desc
            """;

    private static final String INLINE =
            "select state_bytes from crdt.snapshot where org_id = ? and entity_id = ? and snapshot_id = ?";

    private static final String OPERATIONS = """
            select org_id, entity_id, operation_id, position, created_at, format, update_bytes, authors, gateway_id,
                   first_tick, last_tick
            from crdt.operation
            where org_id = ? and entity_id = ? and created_at >= ? and created_at <= ? and position >= ?
            order by created_at, operation_id
            """;

    static final Comparator<LoggedOperation> ORDER =
            Comparator.comparing(LoggedOperation::createdAt).thenComparingLong(LoggedOperation::operationId);

    private final DataSource connections;
    private final @Nullable BlobStore objects;
    private final OperationArchive archive;

    History(DataSource connections, @Nullable BlobStore objects, OperationArchive archive) {
        this.connections = connections;
        this.objects = objects;
        this.archive = archive;
    }

    /** Fails with {@link StoreException.NotFound}, or with {@link StoreException.Deleted} if there was such an entity. */
    public HistorySubject find(EntityKey key) {
        return Ask.ask(connections, "find entity " + key, connection -> {
            try (PreparedStatement find = connection.prepareStatement(FIND)) {
                find.setLong(1, key.organisation().value());
                find.setString(2, key.project());
                find.setString(3, key.name());
                try (ResultSet row = find.executeQuery()) {
                    if (!row.next()) {
                        throw new StoreException.NotFound("entity " + key.place() + " does not exist");
                    }
                    if (row.getObject("deleted_at") != null) {
                        throw new StoreException.Deleted("entity " + key.place() + " was deleted");
                    }
                    return new HistorySubject(
                            new EntityId(key.organisation(), row.getLong("entity_id")),
                            key,
                            row.getObject("ulid", UUID.class),
                            instant(row, "created_at"),
                            instant(row, "now"));
                }
            }
        });
    }

    /**
     * What an entity consisted of.
     *
     * @param time not before the entity was created
     * @throws StoreException.NotKept if retention has removed the operations between the last version before and then
     * @throws StoreException.ObjectDamaged if what is damaged cannot be made up for; likewise ObjectMissing
     */
    public Moment at(HistorySubject subject, Instant time) {
        return moment(subject, time, Long.MAX_VALUE, snapshots(subject.id(), time));
    }

    /**
     * What an entity consisted of at the end of a span, with all operations of the span by themselves: the snapshot is
     * one from before it. Fails like {@link #at}.
     */
    public Moment over(HistorySubject subject, Instant from, Instant until) {
        return moment(subject, until, Long.MAX_VALUE, snapshots(subject.id(), from));
    }

    /** The state of a version, which its operations make up for if it is damaged. Fails like {@link #at}. */
    public Moment of(HistorySubject subject, Version version) {
        List<Snapshot> candidates = snapshots(subject.id(), version.createdAt());
        candidates.removeIf(snapshot -> snapshot.number > version.number());
        Snapshot itself = candidates.stream()
                .filter(snapshot -> snapshot.number == version.number())
                .findFirst()
                .orElseThrow(() -> new StoreException.NotFound("version " + version.number() + " is gone"));
        try {
            byte[] state = state(subject.id(), itself);
            return new Moment(
                    version.createdAt(), state, List.of(), itself.coveredPosition, version.createdAt(), List.of());
        } catch (StoreException.ObjectDamaged | StoreException.ObjectMissing damage) {
            // Named ones hold all that was there; the compactor's what lay below the horizon.
            long below = version.name() == null ? itself.coveredPosition : Long.MAX_VALUE;
            return moment(subject, version.createdAt(), below, candidates);
        }
    }

    private record Snapshot(
            long number,
            SnapshotPlace place,
            boolean inObject,
            byte[] stateVector,
            long coveredPosition,
            Instant coveredFrom,
            Instant createdAt) {}

    private List<Snapshot> snapshots(EntityId entity, Instant until) {
        return Ask.ask(connections, "find snapshots of entity " + entity, connection -> {
            try (PreparedStatement find = connection.prepareStatement(SNAPSHOTS)) {
                find.setLong(1, entity.organisation().value());
                find.setLong(2, entity.number());
                find.setObject(3, until.atOffset(ZoneOffset.UTC));
                List<Snapshot> found = new ArrayList<>();
                try (ResultSet row = find.executeQuery()) {
                    while (row.next()) {
                        String object = row.getString("object");
                        found.add(new Snapshot(
                                row.getLong("snapshot_id"),
                                new SnapshotPlace(
                                        object == null ? "" : object,
                                        row.getLong("object_offset"),
                                        row.getInt("object_length"),
                                        row.getLong("size"),
                                        row.getBytes("sha256_bytes")),
                                object != null,
                                row.getBytes("state_vector_bytes"),
                                row.getLong("covered_position"),
                                instant(row, "covered_from"),
                                instant(row, "created_at")));
                    }
                }
                return found;
            }
        });
    }

    private Moment moment(HistorySubject subject, Instant time, long belowPosition, List<Snapshot> newestFirst) {
        List<byte[]> witnesses = new ArrayList<>();
        for (Snapshot snapshot : newestFirst) {
            try {
                return moment(subject, time, belowPosition, snapshot, state(subject.id(), snapshot), witnesses);
            } catch (StoreException.ObjectDamaged | StoreException.ObjectMissing damage) {
                log.error(
                        "snapshot is damaged and not used snapshot={} entity={}",
                        snapshot.number,
                        subject.key(),
                        damage);
                witnesses.add(snapshot.stateVector);
            }
        }
        return moment(subject, time, belowPosition, null, null, witnesses);
    }

    private Moment moment(
            HistorySubject subject,
            Instant time,
            long belowPosition,
            @Nullable Snapshot snapshot,
            byte @Nullable [] state,
            List<byte[]> witnesses) {
        long position = snapshot == null ? 0 : snapshot.coveredPosition;
        Instant from = snapshot == null ? subject.createdAt().minusSeconds(60) : snapshot.coveredFrom;
        List<LoggedOperation> operations = new ArrayList<>(operations(subject.id(), from, time, position));
        operations.removeIf(operation -> operation.position() >= belowPosition);
        if (archive.floor(subject.id()) > position) {
            throw new StoreException.NotKept("of entity " + subject.key() + " at " + time
                    + " only the versions before and after are kept, not the changes between them");
        }
        Instant changedAt = snapshot == null ? subject.createdAt() : snapshot.createdAt;
        for (LoggedOperation operation : operations) {
            position = Math.max(position, operation.position());
            changedAt = operation.createdAt();
        }
        return new Moment(time, state, List.copyOf(operations), position, changedAt, List.copyOf(witnesses));
    }

    /** The table before the archive: an operation is in the archive before it leaves the table. */
    private List<LoggedOperation> operations(EntityId entity, Instant from, Instant until, long position) {
        List<LoggedOperation> rows = Ask.ask(connections, "read operations of entity " + entity, connection -> {
            try (PreparedStatement read = connection.prepareStatement(OPERATIONS)) {
                read.setLong(1, entity.organisation().value());
                read.setLong(2, entity.number());
                read.setObject(3, from.atOffset(ZoneOffset.UTC));
                read.setObject(4, until.atOffset(ZoneOffset.UTC));
                read.setLong(5, position);
                List<LoggedOperation> found = new ArrayList<>();
                try (ResultSet row = read.executeQuery()) {
                    while (row.next()) {
                        found.add(LoggedOperation.ofRow(row));
                    }
                }
                return found;
            }
        });
        List<LoggedOperation> archived = archive.read(entity, from, until.plusNanos(MICROSECOND_NANOS));
        return archived.isEmpty() ? rows : merged(archived, rows, position);
    }

    private static List<LoggedOperation> merged(
            List<LoggedOperation> archived, List<LoggedOperation> rows, long position) {
        Set<Long> known = new HashSet<>();
        List<LoggedOperation> all = new ArrayList<>(rows);
        rows.forEach(row -> known.add(row.operationId()));
        for (LoggedOperation operation : archived) {
            if (operation.position() >= position && known.add(operation.operationId())) {
                all.add(operation);
            }
        }
        all.sort(ORDER);
        return all;
    }

    /** The row's copy, or else the object's; one that is not what was stored is not given out. */
    private byte[] state(EntityId entity, Snapshot snapshot) {
        String what = "snapshot " + snapshot.number + " of entity " + entity;
        Optional<byte[]> row = Ask.ask(connections, "read " + what, connection -> {
            try (PreparedStatement read = connection.prepareStatement(INLINE)) {
                read.setLong(1, entity.organisation().value());
                read.setLong(2, entity.number());
                read.setLong(3, snapshot.number);
                try (ResultSet found = read.executeQuery()) {
                    return found.next() ? Optional.ofNullable(found.getBytes(1)) : Optional.empty();
                }
            }
        });
        if (row.isPresent()) {
            byte[] inline = row.get();
            PackedState.check(inline, snapshot.place.size(), snapshot.place.sha256(), what);
            return inline;
        }
        if (!snapshot.inObject) {
            throw new StoreException.ObjectMissing(what + " was removed meanwhile", null);
        }
        if (objects == null) {
            throw new StoreException.Unsuitable(what + " lies in an object and no object storage is set", null);
        }
        return snapshot.place.read(objects, what);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
