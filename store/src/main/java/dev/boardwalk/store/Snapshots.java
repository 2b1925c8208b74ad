package dev.boardwalk.store;

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

    /** Released from quarantine, kept aside for want of a snapshot, or with a snapshot that cannot be read. */
    private static final String DUE = """
            select e.org_id, e.entity_id, 0 as operations, e.size
            from (
                select org_id, entity_id from crdt.quarantine where released_at is not null
                union select org_id, entity_id from crdt.kept_operation
                union select org_id, entity_id from crdt.damaged_snapshot
            ) due
            join public.entity e on e.org_id = due.org_id and e.entity_id = due.entity_id
            where not exists (
                select from crdt.quarantine q
                where q.org_id = due.org_id and q.entity_id = due.entity_id and q.released_at is null)
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

    private static final String RELEASE_BY_NAME = """
            update crdt.quarantine q set released_at = now()
            from public.entity e
            join public.project p on p.org_id = e.org_id and p.project_id = e.project_id
            where q.org_id = e.org_id and q.entity_id = e.entity_id and q.released_at is null
              and e.org_id = ? and p.name = ? and e.name = ?
            """;

    private static final String HEALTH = """
            select extract(epoch from clock_timestamp() - coalesce(c.finished_at, (
                       select min(created_at) from public.organisation)))::bigint as lag,
                   (select coalesce(extract(epoch from clock_timestamp() - min(a.xact_start)), 0)::bigint
                    from pg_stat_activity a
                    where a.backend_xid is not null) as horizon_age,
                   (select count(*) from crdt.quarantine where released_at is null) as quarantined,
                   (select count(*) from crdt.kept_operation) as kept,
                   (select count(*) from crdt.damaged_snapshot) as damaged
            from crdt.compaction c
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

    /** Documents that are to be folded though they have no new operations: released ones, mostly. */
    public List<FoldCandidate> due() {
        return ask("find documents that are due", connection -> {
            try (PreparedStatement find = connection.prepareStatement(DUE)) {
                return candidates(find);
            }
        });
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

    /** The same for an entity by its name. */
    public boolean release(EntityKey entity) {
        return ask("release entity " + entity, connection -> {
            try (PreparedStatement update = connection.prepareStatement(RELEASE_BY_NAME)) {
                update.setLong(1, entity.organisation().value());
                update.setString(2, entity.project());
                update.setString(3, entity.name());
                return update.executeUpdate() > 0;
            }
        });
    }

    /** How the compactor is doing, in the database's words. */
    public CompactionHealth health() {
        return ask("see how the compactor is doing", connection -> {
            try (Statement statement = connection.createStatement()) {
                ResultSet row = one(statement, HEALTH);
                return new CompactionHealth(
                        row.getLong("lag"),
                        row.getLong("horizon_age"),
                        row.getLong("quarantined"),
                        row.getLong("kept"),
                        row.getLong("damaged"));
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

    static SnapshotPlace place(ResultSet row) throws SQLException {
        return new SnapshotPlace(
                row.getString("object"),
                row.getLong("object_offset"),
                row.getInt("object_length"),
                row.getLong("size"),
                row.getBytes("sha256_bytes"));
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

    private <T extends @Nullable Object> T ask(String attempted, Ask<T> question) {
        return Ask.ask(connections, attempted, question);
    }

    private static ResultSet one(Statement statement, String sql) throws SQLException {
        ResultSet row = statement.executeQuery(sql);
        row.next();
        return row;
    }
}
