package dev.boardwalk.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What the compactor reads and publishes. Blocks; safe from any thread and from several processes at once. */
public final class Snapshots {

    /**
     * Transactions that run now may still add operations, created when they began; two minutes of slack for clocks that
     * are set back and for sessions of other roles, whose beginning is not shown. Transactions of other databases count:
     * they too hold the horizon back.
     */
    private static final String BEGINNING = """
            select least(clock_timestamp(), min(xact_start)) - interval '2 minutes'
            from pg_stat_activity
            """;

    private static final String CHANGED = """
            select o.org_id, o.entity_id, count(*) as operations,
                   sum(length(o.update_bytes)) + coalesce(max(s.size), 0) as size
            from crdt.operation o
            join public.entity e on e.org_id = o.org_id and e.entity_id = o.entity_id
            left join crdt.snapshot s
              on s.org_id = e.org_id and s.entity_id = e.entity_id and s.snapshot_id = e.snapshot_id
            left join crdt.quarantine q on q.org_id = e.org_id and q.entity_id = e.entity_id
            where o.created_at >= ? and o.position < ? and o.position >= coalesce(s.covered_position, 0)
              and q.entity_id is null and (o.org_id, o.entity_id) > (?, ?)
            group by o.org_id, o.entity_id
            having count(*) >= ? or sum(length(o.update_bytes)) >= ?
            order by o.org_id, o.entity_id
            limit ?
            """;

    private static final String RELEASED = """
            select q.org_id, q.entity_id, 0 as operations, e.size from crdt.quarantine q
            join public.entity e on e.org_id = q.org_id and e.entity_id = q.entity_id
            where q.released_at is not null
            """;

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

    private static final String COVERED_FROM = "select covered_from from crdt.compaction";

    private static final String FINISHED = """
            update crdt.compaction
            set covered_position = ?, covered_from = ?, finished_at = clock_timestamp()
            where covered_position <= ?
            """;

    private static final String QUARANTINE = """
            insert into crdt.quarantine (org_id, entity_id, reason) values (?, ?, ?)
            on conflict (org_id, entity_id) do update
            set reason = excluded.reason, created_at = now(), released_at = null
            """;

    private static final String QUARANTINED = """
            select q.org_id, q.entity_id, p.name as project, e.name, q.reason, q.created_at
            from crdt.quarantine q
            join public.entity e on e.org_id = q.org_id and e.entity_id = q.entity_id
            join public.project p on p.org_id = e.org_id and p.project_id = e.project_id
            where q.released_at is null
            order by q.created_at, q.entity_id
            limit ?
            """;

    private static final String PAGE = """
            select s.org_id, s.entity_id, s.snapshot_id, p.name as project, e.name, s.size, s.sha256_bytes,
                   s.state_vector_bytes, s.object, s.object_offset, s.object_length, s.state_bytes
            from crdt.snapshot s
            join public.entity e on e.org_id = s.org_id and e.entity_id = s.entity_id
            join public.project p on p.org_id = e.org_id and p.project_id = e.project_id
            where (s.org_id, s.entity_id, s.snapshot_id) > (?, ?, ?)
            order by s.org_id, s.entity_id, s.snapshot_id
            limit ?
            """;

    private final DataSource connections;
    private final @Nullable BlobStore objects;

    Snapshots(DataSource connections, @Nullable BlobStore objects) {
        this.connections = connections;
        this.objects = objects;
    }

    /** Up to where operations can be folded now. */
    public FoldHorizon horizon() {
        return ask("see how far operations can be folded", connection -> {
            try (Statement statement = connection.createStatement()) {
                OffsetDateTime from = one(statement, BEGINNING).getObject(1, OffsetDateTime.class);
                return new FoldHorizon(
                        one(statement, "select public.position_horizon()").getLong(1), from);
            }
        });
    }

    /** What {@link #finished} said last: no operation that is uncovered was created before. */
    public OffsetDateTime coveredFrom() {
        return ask("see how far operations are folded", connection -> {
            try (Statement statement = connection.createStatement()) {
                return one(statement, COVERED_FROM).getObject(1, OffsetDateTime.class);
            }
        });
    }

    /**
     * Entities with operations that their newest snapshot does not contain, in order of their ids; those in quarantine
     * are left out.
     *
     * @param since operations created before are not looked at
     * @param operationsMin entities with fewer operations are left out, unless they have {@code bytesMin} of them
     * @param after the last one of the page before, null at first
     */
    public List<FoldCandidate> changed(
            OffsetDateTime since,
            FoldHorizon until,
            long operationsMin,
            long bytesMin,
            @Nullable EntityId after,
            int limit) {
        return ask("find entities to fold", connection -> {
            try (PreparedStatement find = connection.prepareStatement(CHANGED)) {
                find.setObject(1, since);
                find.setLong(2, until.position());
                find.setLong(3, after == null ? 0 : after.organisation().value());
                find.setLong(4, after == null ? 0 : after.number());
                find.setLong(5, operationsMin);
                find.setLong(6, bytesMin);
                find.setInt(7, limit);
                return candidates(find);
            }
        });
    }

    /** Documents that were released from quarantine and have not been folded since. */
    public List<FoldCandidate> released() {
        return ask("find released documents", connection -> {
            try (PreparedStatement find = connection.prepareStatement(RELEASED)) {
                return candidates(find);
            }
        });
    }

    /** What a fold of this entity starts from; its snapshot is checked against its hash. */
    public FoldInput read(EntityId entity, FoldHorizon until) {
        Newest newest = ask("read the snapshot of entity " + entity, connection -> newest(connection, entity));
        byte[] state = newest.inline();
        if (state == null && newest.place() != null) {
            state = newest.place().read(objects(entity), "snapshot of entity " + entity);
        } else if (state != null && newest.place() != null) {
            PackedState.check(
                    state, newest.place().size(), newest.place().sha256(), "inline snapshot of entity " + entity);
        }
        byte[] start = state;
        return ask(
                "read the operations of entity " + entity,
                connection -> operations(connection, entity, newest, start, until));
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

    /** All operations below the horizon are in snapshots now, or in quarantine. */
    public void finished(FoldHorizon until) {
        ask("note how far operations are folded", connection -> {
            try (PreparedStatement update = connection.prepareStatement(FINISHED)) {
                update.setLong(1, until.position());
                update.setObject(2, until.from());
                update.setLong(3, until.position());
                return update.executeUpdate();
            }
        });
    }

    /** Sets a document aside that cannot be folded; its operations stay. */
    public void quarantine(EntityId entity, String reason) {
        ask("quarantine entity " + entity, connection -> {
            try (PreparedStatement insert = connection.prepareStatement(QUARANTINE)) {
                insert.setLong(1, entity.organisation().value());
                insert.setLong(2, entity.number());
                insert.setString(3, JsonText.plain(reason));
                return insert.executeUpdate();
            }
        });
    }

    /** Has the next run try a quarantined document again; answers whether it was in quarantine. */
    public boolean release(EntityId entity) {
        return ask("release entity " + entity, connection -> {
            try (PreparedStatement update = connection.prepareStatement("update crdt.quarantine set released_at = now()"
                    + " where org_id = ? and entity_id = ? and released_at is null")) {
                update.setLong(1, entity.organisation().value());
                update.setLong(2, entity.number());
                return update.executeUpdate() == 1;
            }
        });
    }

    /** Documents in quarantine, the oldest first. */
    public List<QuarantinedDocument> quarantined(int limit) {
        return ask("list the quarantine", connection -> {
            try (PreparedStatement list = connection.prepareStatement(QUARANTINED)) {
                list.setInt(1, limit);
                List<QuarantinedDocument> found = new ArrayList<>();
                try (ResultSet row = list.executeQuery()) {
                    while (row.next()) {
                        found.add(new QuarantinedDocument(
                                entity(row),
                                row.getString("project"),
                                row.getString("name"),
                                row.getString("reason"),
                                row.getObject("created_at", OffsetDateTime.class)
                                        .toInstant()));
                    }
                }
                return found;
            }
        });
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
                List<StoredSnapshot> found = new ArrayList<>();
                try (ResultSet row = list.executeQuery()) {
                    while (row.next()) {
                        found.add(stored(row));
                    }
                }
                return found;
            }
        });
    }

    private static StoredSnapshot stored(ResultSet row) throws SQLException {
        return new StoredSnapshot(
                entity(row),
                row.getString("project"),
                row.getString("name"),
                row.getLong("snapshot_id"),
                row.getLong("size"),
                row.getBytes("sha256_bytes"),
                row.getBytes("state_vector_bytes"),
                row.getString("object") == null ? null : place(row),
                row.getBytes("state_bytes"));
    }

    private record Newest(
            @Nullable Long id,
            byte @Nullable [] inline,
            @Nullable SnapshotPlace place,
            long coveredPosition,
            OffsetDateTime coveredFrom) {}

    private static Newest newest(Connection connection, EntityId entity) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(NEWEST)) {
            read.setLong(1, entity.organisation().value());
            read.setLong(2, entity.number());
            try (ResultSet row = read.executeQuery()) {
                if (!row.next()) {
                    throw new StoreException.NotFound("there is no entity " + entity);
                }
                long id = row.getLong("snapshot_id");
                boolean none = row.wasNull();
                return new Newest(
                        none ? null : id,
                        row.getBytes("state_bytes"),
                        none || row.getString("object") == null ? null : place(row),
                        row.getLong("covered_position"),
                        row.getObject("covered_from", OffsetDateTime.class));
            }
        }
    }

    private static SnapshotPlace place(ResultSet row) throws SQLException {
        return new SnapshotPlace(
                row.getString("object"),
                row.getLong("object_offset"),
                row.getInt("object_length"),
                row.getLong("size"),
                row.getBytes("sha256_bytes"));
    }

    private static FoldInput operations(
            Connection connection, EntityId entity, Newest newest, byte @Nullable [] state, FoldHorizon until)
            throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(OPERATIONS)) {
            read.setLong(1, until.position());
            read.setLong(2, entity.organisation().value());
            read.setLong(3, entity.number());
            read.setObject(4, newest.coveredFrom());
            read.setLong(5, newest.coveredPosition());
            List<StoredPiece.Operation> operations = new ArrayList<>();
            OffsetDateTime from = until.from();
            try (ResultSet row = read.executeQuery()) {
                while (row.next()) {
                    byte[] bytes = row.getBytes("update_bytes");
                    OffsetDateTime createdAt = row.getObject("created_at", OffsetDateTime.class);
                    if (bytes != null) {
                        operations.add(new StoredPiece.Operation(
                                row.getLong("operation_id"), OperationFormat.ofStored(row.getShort("format")), bytes));
                    } else if (createdAt.isBefore(from)) {
                        from = createdAt;
                    }
                }
            }
            return new FoldInput(entity, newest.id(), state, List.copyOf(operations), from);
        }
    }

    private static List<FoldCandidate> candidates(PreparedStatement find) throws SQLException {
        List<FoldCandidate> found = new ArrayList<>();
        try (ResultSet row = find.executeQuery()) {
            while (row.next()) {
                found.add(new FoldCandidate(entity(row), row.getLong("operations"), row.getLong("size")));
            }
        }
        return found;
    }

    private static EntityId entity(ResultSet row) throws SQLException {
        return new EntityId(new OrganisationId(row.getLong("org_id")), row.getLong("entity_id"));
    }

    private BlobStore objects(EntityId entity) {
        if (objects == null) {
            throw new StoreException.Unsuitable(
                    "entity " + entity + " lies in an object and no object storage is set", null);
        }
        return objects;
    }

    private interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    private <T> T ask(String attempted, Question<T> question) {
        try (Connection connection = connections.getConnection()) {
            return question.ask(connection);
        } catch (SQLException failure) {
            throw SqlErrors.of(attempted, failure);
        }
    }

    private static ResultSet one(Statement statement, String sql) throws SQLException {
        ResultSet row = statement.executeQuery(sql);
        row.next();
        return row;
    }
}
