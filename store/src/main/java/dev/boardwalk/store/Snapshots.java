package dev.boardwalk.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of all entities: read to be folded or checked, and published. Blocks; safe from any thread and from several
 * processes at once.
 */
public final class Snapshots {

    private static final String SNAPSHOT = """
            select s.org_id, s.entity_id, s.snapshot_id, p.name as project, e.name, s.size, s.sha256_bytes,
                   s.state_vector_bytes, s.object, s.object_offset, s.object_length, s.state_bytes
            from crdt.snapshot s
            join public.entity e on e.org_id = s.org_id and e.entity_id = s.entity_id
            join public.project p on p.org_id = e.org_id and p.project_id = e.project_id
            """;

    private static final String NEWEST = SNAPSHOT + """
            join unnest(?::bigint[], ?::bigint[]) as asked (org_id, entity_id)
              on asked.org_id = e.org_id and asked.entity_id = e.entity_id
            where s.snapshot_id = e.snapshot_id
            """;

    private static final String PAGE = SNAPSHOT + """
            where (s.org_id, s.entity_id, s.snapshot_id) > (?, ?, ?)
            order by s.org_id, s.entity_id, s.snapshot_id
            limit ?
            """;

    private final DataSource connections;
    private final @Nullable BlobStore objects;
    private final @Nullable SnapshotFallback fallback;

    Snapshots(DataSource connections, @Nullable BlobStore objects, @Nullable SnapshotFallback fallback) {
        this.connections = connections;
        this.objects = objects;
        this.fallback = fallback;
    }

    /**
     * What a fold of this entity starts from; its snapshot is checked against its hash. If that one is damaged, an older
     * one and the operations since take its place.
     */
    public FoldInput read(EntityId entity, FoldHorizon until) {
        return new FoldReader(connections, objects, fallback).read(entity, until);
    }

    /**
     * The newest snapshots of these entities, as their rows describe them; entities without one are left out.
     *
     * @param entities not more than a page: inline states come with the rows
     */
    public List<StoredSnapshot> newest(List<EntityId> entities) {
        return ask("read the snapshots of " + entities.size() + " entities", connection -> {
            try (PreparedStatement read = connection.prepareStatement(NEWEST)) {
                read.setArray(
                        1,
                        connection.createArrayOf(
                                "int8",
                                entities.stream()
                                        .map(it -> it.organisation().value())
                                        .toArray()));
                read.setArray(
                        2,
                        connection.createArrayOf(
                                "int8", entities.stream().map(EntityId::number).toArray()));
                return stored(read);
            }
        });
    }

    /**
     * Makes each the newest snapshot of its entity unless another came first, all in one transaction.
     *
     * @return those that were published
     */
    public List<EntityId> publish(List<NewSnapshot> snapshots) {
        return ask(
                "publish " + snapshots.size() + " snapshots",
                connection ->
                        Transactions.run(connection, () -> new SnapshotPublication(connection).publish(snapshots)));
    }

    /**
     * All snapshots, newest or not, in order of their ids.
     *
     * @param after the last one of the page before, null at first
     */
    public List<StoredSnapshot> page(@Nullable StoredSnapshot after, int limit) {
        return ask("list snapshots", connection -> {
            try (PreparedStatement list = connection.prepareStatement(PAGE)) {
                list.setLong(
                        1, after == null ? 0 : after.entity().organisation().value());
                list.setLong(2, after == null ? 0 : after.entity().number());
                list.setLong(3, after == null ? 0 : after.snapshotId());
                list.setInt(4, limit);
                return stored(list);
            }
        });
    }

    private static List<StoredSnapshot> stored(PreparedStatement list) throws SQLException {
        List<StoredSnapshot> found = new ArrayList<>();
        try (ResultSet row = list.executeQuery()) {
            while (row.next()) {
                found.add(stored(row));
            }
        }
        return found;
    }

    private static StoredSnapshot stored(ResultSet row) throws SQLException {
        return new StoredSnapshot(
                EntityId.ofRow(row),
                row.getString("project"),
                row.getString("name"),
                row.getLong("snapshot_id"),
                row.getLong("size"),
                row.getBytes("sha256_bytes"),
                row.getBytes("state_vector_bytes"),
                row.getString("object") == null ? null : place(row),
                row.getBytes("state_bytes"));
    }

    static SnapshotPlace place(ResultSet row) throws SQLException {
        return new SnapshotPlace(
                row.getString("object"),
                row.getLong("object_offset"),
                row.getInt("object_length"),
                row.getLong("size"),
                row.getBytes("sha256_bytes"));
    }

    private <T extends @Nullable Object> T ask(String attempted, Ask<T> question) {
        return Ask.ask(connections, attempted, question);
    }
}
