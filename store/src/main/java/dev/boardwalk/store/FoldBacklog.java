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

/**
 * What waits to be folded: how far operations can be folded now, which entities have some that no snapshot contains, and how
 * far the compactor is. Blocks; safe from any thread and from several processes at once.
 */
public final class FoldBacklog {

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

    private final DataSource connections;

    FoldBacklog(DataSource connections) {
        this.connections = connections;
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

    private static List<FoldCandidate> candidates(PreparedStatement find) throws SQLException {
        List<FoldCandidate> found = new ArrayList<>();
        try (ResultSet row = find.executeQuery()) {
            while (row.next()) {
                found.add(new FoldCandidate(EntityId.ofRow(row), row.getLong("operations"), row.getLong("size")));
            }
        }
        return found;
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
