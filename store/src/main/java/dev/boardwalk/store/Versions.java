package dev.boardwalk.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The kept states of entities, named and not. Blocks; safe from any thread. */
public final class Versions {
    /** States up to this size lie in the row alone; larger ones in an object. As the compactor has it. */
    private static final int INLINE_BYTES_MAX = 1 << 20;

    /** Versions of one entity that may have a name: they stay for ever. */
    public static final int NAMED_MAX = 10_000;

    private static final String LIST = """
            select s.snapshot_id, v.name, v.author, s.created_at, s.size
            from crdt.snapshot s
            left join crdt.version v
              on v.org_id = s.org_id and v.entity_id = s.entity_id and v.snapshot_id = s.snapshot_id
            where s.org_id = ? and s.entity_id = ?
            """;

    private static final String PAGE = LIST + """
              and (?::bigint is null or s.snapshot_id < ?) and (v.name is not null or not ?)
            order by s.snapshot_id desc
            limit ?
            """;

    private static final String ONE = LIST + " and s.snapshot_id = ?";

    private static final String BY_NAME = LIST + " and v.name = ?";

    private static final String COUNT = "select count(*) from crdt.version where org_id = ? and entity_id = ?";

    private static final String INSERT = """
            with made as (
                insert into crdt.snapshot (org_id, entity_id, sha256_bytes, size, state_vector_bytes, covered_position,
                    covered_from, object, object_offset, object_length, state_bytes, created_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, clock_timestamp())
                returning org_id, entity_id, snapshot_id, created_at, size
            )
            insert into crdt.version (org_id, entity_id, name, snapshot_id, author, created_at)
            select org_id, entity_id, ?, snapshot_id, ?, created_at from made
            returning snapshot_id, name, author, created_at, ?::bigint as size
            """;

    private final DataSource connections;
    private final @Nullable BlobStore objects;

    Versions(DataSource connections, @Nullable BlobStore objects) {
        this.connections = connections;
        this.objects = objects;
    }

    /**
     * A page, the newest first.
     *
     * @param before only older ones than this number, null for the newest
     * @param namedOnly whether to leave out those that the compactor made
     */
    public List<Version> page(EntityId entity, @Nullable Long before, boolean namedOnly, int limit) {
        return Ask.ask(connections, "list versions of entity " + entity, connection -> {
            try (PreparedStatement list = connection.prepareStatement(PAGE)) {
                setEntity(list, entity);
                list.setObject(3, before);
                list.setObject(4, before);
                list.setBoolean(5, namedOnly);
                list.setInt(6, limit);
                return versions(list);
            }
        });
    }

    public Optional<Version> find(EntityId entity, long number) {
        return Ask.ask(connections, "find version " + number + " of entity " + entity, connection -> {
            try (PreparedStatement find = connection.prepareStatement(ONE)) {
                setEntity(find, entity);
                find.setLong(3, number);
                return versions(find).stream().findFirst();
            }
        });
    }

    public Optional<Version> find(EntityId entity, String name) {
        return Ask.ask(connections, "find a named version of entity " + entity, connection -> {
            try (PreparedStatement find = connection.prepareStatement(BY_NAME)) {
                setEntity(find, entity);
                find.setString(3, name);
                return versions(find).stream().findFirst();
            }
        });
    }

    /**
     * Keeps a state for ever. Fails with {@link StoreException.Conflict} if the name is taken or there are too many.
     */
    public Version name(NewVersion version) {
        EntityKey.requireName("version name", version.name());
        byte[] sha256 = BlobKeys.sha256(version.state());
        SnapshotPlace place = version.state().length <= INLINE_BYTES_MAX ? null : put(version, sha256);
        return Ask.ask(connections, "name a version of entity " + version.entity(), connection -> {
            requireRoom(connection, version.entity());
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                setEntity(insert, version.entity());
                insert.setBytes(3, sha256);
                insert.setLong(4, version.state().length);
                insert.setBytes(5, version.stateVector());
                insert.setLong(6, version.horizon().position());
                insert.setObject(7, version.horizon().from());
                insert.setString(8, place == null ? null : place.object());
                insert.setObject(9, place == null ? null : place.offset());
                insert.setObject(10, place == null ? null : (long) place.length());
                insert.setBytes(11, place == null ? version.state() : null);
                insert.setString(12, version.name());
                insert.setString(13, version.author());
                insert.setLong(14, version.state().length);
                return versions(insert).getFirst();
            }
        });
    }

    /** The object first, and only then a row that names it. */
    private SnapshotPlace put(NewVersion version, byte[] sha256) {
        if (objects == null) {
            throw new StoreException.Unsuitable(
                    "a version of entity " + version.entity() + " needs an object and no object storage is set", null);
        }
        byte[] packed = PackedState.pack(version.state());
        String key = BlobKeys.ofContent(BlobKeys.sha256(packed));
        objects.put(key, packed);
        return new SnapshotPlace(key, 0, packed.length, version.state().length, sha256);
    }

    private static void requireRoom(Connection connection, EntityId entity) throws SQLException {
        try (PreparedStatement count = connection.prepareStatement(COUNT)) {
            setEntity(count, entity);
            try (ResultSet row = count.executeQuery()) {
                if (row.next() && row.getLong(1) >= NAMED_MAX) {
                    throw new StoreException.Conflict(
                            "an entity can have at most " + NAMED_MAX + " named versions", null);
                }
            }
        }
    }

    private static void setEntity(PreparedStatement statement, EntityId entity) throws SQLException {
        statement.setLong(1, entity.organisation().value());
        statement.setLong(2, entity.number());
    }

    private static List<Version> versions(PreparedStatement find) throws SQLException {
        List<Version> found = new ArrayList<>();
        try (ResultSet row = find.executeQuery()) {
            while (row.next()) {
                found.add(new Version(
                        row.getLong("snapshot_id"),
                        row.getString("name"),
                        row.getString("author"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getLong("size")));
            }
        }
        return found;
    }
}
