package dev.boardwalk.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads operations that were moved into object storage. Blocks; safe from any thread.
 *
 * <p>An operation is in the archive before its row goes, so for a while it is in both: who reads both leaves out what
 * has the same {@link LoggedOperation#operationId}. Blocks of one entity are in order of time and do not overlap.
 */
public final class OperationArchive {
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    static final String BLOCK = """
            select a.org_id, a.entity_id, a.object_id, a.from_at, a.to_at, a.to_position, a.operations,
                   b.object, a.object_offset, a.object_length, a.size, a.sha256_bytes
            from crdt.archive a
            join crdt.archive_object b on b.object_id = a.object_id
            """;

    private static final String BETWEEN = BLOCK + """
            where a.org_id = ? and a.entity_id = ? and a.to_at >= ? and a.from_at < ?
            order by a.to_at, a.object_id, a.object_offset
            """;

    private static final String SINCE_POSITION = BLOCK + """
            where a.org_id = ? and a.entity_id = ? and a.to_position >= ?
            order by a.to_at, a.object_id, a.object_offset
            """;

    private static final String PAGE = BLOCK + """
            where (a.org_id, a.entity_id, a.to_at, a.object_id, a.object_offset) > (?, ?, ?, ?, ?)
            order by a.org_id, a.entity_id, a.to_at, a.object_id, a.object_offset
            limit ?
            """;

    private static final String FLOOR = "select position from crdt.archive_floor where org_id = ? and entity_id = ?";

    private final DataSource connections;
    private final @Nullable BlobStore objects;

    OperationArchive(DataSource connections, @Nullable BlobStore objects) {
        this.connections = connections;
        this.objects = objects;
    }

    /**
     * Archived operations of an entity that were created at or after {@code from} and before {@code until}, in order.
     *
     * @throws StoreException.ObjectMissing if an object is gone
     * @throws StoreException.ObjectDamaged if an object is not what was put
     */
    public List<LoggedOperation> read(EntityId entity, Instant from, Instant until) {
        List<LoggedOperation> found = new ArrayList<>();
        for (ArchivedBlock block : blocks(entity, from, until)) {
            for (LoggedOperation operation : block.read(objects())) {
                if (!operation.createdAt().isBefore(from)
                        && operation.createdAt().isBefore(until)) {
                    found.add(operation);
                }
            }
        }
        return found;
    }

    /** Archived operations of an entity at or above a position, in order; fails like {@link #read}. */
    public List<LoggedOperation> since(EntityId entity, long position) {
        List<ArchivedBlock> blocks =
                Ask.ask(connections, "find archived operations of entity " + entity, connection -> {
                    try (PreparedStatement find = connection.prepareStatement(SINCE_POSITION)) {
                        setEntity(find, entity);
                        find.setLong(3, position);
                        return blocks(find);
                    }
                });
        List<LoggedOperation> found = new ArrayList<>();
        for (ArchivedBlock block : blocks) {
            for (LoggedOperation operation : block.read(objects())) {
                if (operation.position() >= position) {
                    found.add(operation);
                }
            }
        }
        return found;
    }

    /** Where {@link #read} finds what it reads, without reading it. */
    public List<ArchivedBlock> blocks(EntityId entity, Instant from, Instant until) {
        return Ask.ask(connections, "find archived operations of entity " + entity, connection -> {
            try (PreparedStatement find = connection.prepareStatement(BETWEEN)) {
                setEntity(find, entity);
                find.setObject(3, at(from));
                find.setObject(4, at(until));
                return blocks(find);
            }
        });
    }

    /** Operations of the entity below this position are not in the archive any more; 0 if none were removed. */
    public long floor(EntityId entity) {
        return Ask.ask(connections, "see how far the archive of entity " + entity + " goes back", connection -> {
            try (PreparedStatement find = connection.prepareStatement(FLOOR)) {
                setEntity(find, entity);
                try (ResultSet row = find.executeQuery()) {
                    return row.next() ? row.getLong(1) : 0L;
                }
            }
        });
    }

    /**
     * All blocks, in order of their entities.
     *
     * @param after the last one of the page before, null at first
     */
    public List<ArchivedBlock> page(@Nullable ArchivedBlock after, int limit) {
        return Ask.ask(connections, "list the archive", connection -> {
            try (PreparedStatement list = connection.prepareStatement(PAGE)) {
                list.setLong(
                        1, after == null ? 0 : after.entity().organisation().value());
                list.setLong(2, after == null ? 0 : after.entity().number());
                list.setObject(3, after == null ? OffsetDateTime.MIN : at(after.to()));
                list.setLong(4, after == null ? 0 : after.objectId());
                list.setLong(5, after == null ? 0 : after.place().offset());
                list.setInt(6, limit);
                return blocks(list);
            }
        });
    }

    static List<ArchivedBlock> blocks(PreparedStatement find) throws SQLException {
        List<ArchivedBlock> found = new ArrayList<>();
        try (ResultSet row = find.executeQuery()) {
            while (row.next()) {
                found.add(new ArchivedBlock(
                        EntityId.ofRow(row),
                        row.getLong("object_id"),
                        row.getObject("from_at", OffsetDateTime.class).toInstant(),
                        row.getObject("to_at", OffsetDateTime.class).toInstant(),
                        row.getLong("to_position"),
                        row.getInt("operations"),
                        new SnapshotPlace(
                                row.getString("object"),
                                row.getLong("object_offset"),
                                row.getInt("object_length"),
                                row.getLong("size"),
                                row.getBytes("sha256_bytes"))));
            }
        }
        return found;
    }

    private static void setEntity(PreparedStatement statement, EntityId entity) throws SQLException {
        statement.setLong(1, entity.organisation().value());
        statement.setLong(2, entity.number());
    }

    /** Extremes of Java lie outside of what Postgres knows. */
    private static OffsetDateTime at(Instant instant) {
        Instant known = instant.isBefore(Instant.EPOCH) ? Instant.EPOCH : instant.isAfter(LATEST) ? LATEST : instant;
        return known.atOffset(ZoneOffset.UTC);
    }

    private BlobStore objects() {
        if (objects == null) {
            throw new StoreException.Unsuitable("operations lie in the archive and no object storage is set", null);
        }
        return objects;
    }
}
