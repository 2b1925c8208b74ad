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

/**
 * Which snapshots and archived operations are kept, and the removal of the others: of snapshots the last one of each hour
 * for 7 days, of each day for 90, of each month after that; of the archive 90 days; by default, since projects may have a
 * policy of their own. For ever stay the newest snapshot, the one before it with all operations since (so that a damaged
 * object can be made good), and those that a named version refers to. Blocks; safe from any thread.
 */
public final class Retention {
    private static final String PAGE = """
            with page as materialized (
                select e.org_id, e.entity_id, e.project_id, e.name, e.snapshot_id
                from public.entity e
                where (e.org_id, e.entity_id) > (?, ?) and e.snapshot_id is not null
                order by e.org_id, e.entity_id
                limit ?
            )
            """;

    private static final String LAST_OF_PAGE = PAGE + """
            select org_id, entity_id from page order by org_id desc, entity_id desc limit 1
            """;

    private static final String OLD = PAGE + """
            , numbered as (
                select s.org_id, s.entity_id, page.project_id, page.name, page.snapshot_id as newest_id, s.snapshot_id,
                       s.created_at, s.covered_position,
                       row_number() over (partition by s.org_id, s.entity_id
                                          order by s.covered_position desc, s.snapshot_id desc) as number,
                       coalesce(r.hourly_for, '7 days') as hourly_for, coalesce(r.daily_for, '90 days') as daily_for,
                       r.monthly_for
                from page
                join crdt.snapshot s on s.org_id = page.org_id and s.entity_id = page.entity_id
                left join crdt.retention_policy r on r.org_id = page.org_id and r.project_id = page.project_id
            ), kept as (
                select *, row_number() over (
                    partition by org_id, entity_id, case
                        when now() - created_at <= hourly_for then 'hour ' || date_trunc('hour', created_at)::text
                        when now() - created_at <= daily_for then 'day ' || date_trunc('day', created_at)::text
                        else 'month ' || date_trunc('month', created_at)::text end
                    order by number) as number_in_time
                from numbered
            )
            select kept.org_id, kept.entity_id, kept.snapshot_id, kept.created_at, kept.name, p.name as project
            from kept join public.project p on p.org_id = kept.org_id and p.project_id = kept.project_id
            where number > 2 and snapshot_id <> newest_id
              and (number_in_time > 1
                   or now() - kept.created_at > greatest(daily_for, monthly_for) and monthly_for is not null)
              and not exists (
                select from crdt.version v
                where v.org_id = kept.org_id and v.entity_id = kept.entity_id and v.snapshot_id = kept.snapshot_id)
            order by kept.org_id, kept.entity_id, kept.snapshot_id
            """;

    /** Should a version have been named meanwhile, its key refuses this. */
    private static final String THIN = """
            delete from crdt.snapshot s
            using unnest(?::bigint[], ?::bigint[], ?::bigint[]) as old (org_id, entity_id, snapshot_id)
            where s.org_id = old.org_id and s.entity_id = old.entity_id and s.snapshot_id = old.snapshot_id
            """;

    private static final String FORGET_ARCHIVED = PAGE + """
            , needed as (
                select page.org_id, page.entity_id, spare.covered_position,
                       now() - coalesce(r.archive_for, '90 days') as before
                from page
                cross join lateral (
                    select s.covered_position from crdt.snapshot s
                    where s.org_id = page.org_id and s.entity_id = page.entity_id
                    order by s.covered_position desc, s.snapshot_id desc offset 1 limit 1
                ) spare
                left join crdt.retention_policy r on r.org_id = page.org_id and r.project_id = page.project_id
            ), gone as (
                delete from crdt.archive a using needed
                where a.org_id = needed.org_id and a.entity_id = needed.entity_id
                  and a.to_at < needed.before and a.to_position < needed.covered_position
                returning a.org_id, a.entity_id, a.to_position, a.operations
            ), floored as (
                insert into crdt.archive_floor (org_id, entity_id, position)
                select org_id, entity_id, max(to_position) + 1 from gone group by org_id, entity_id
                on conflict (org_id, entity_id) do update
                set position = greatest(archive_floor.position, excluded.position)
            )
            select coalesce(sum(operations), 0) from gone
            """;

    private static final String FORGET_OBJECTS = """
            delete from crdt.archive_object b using crdt.archived_partition p
            where p.from_at = b.from_at and p.until_at = b.until_at and p.dropped_at is not null
              and not exists (select from crdt.archive a where a.object_id = b.object_id)
            """;

    private final DataSource connections;

    Retention(DataSource connections) {
        this.connections = connections;
    }

    /** The last of the next entities with snapshots, empty if there are no more. */
    public Optional<EntityId> next(@Nullable EntityId after, int limit) {
        return Ask.ask(connections, "list entities with snapshots", connection -> {
            try (PreparedStatement find = page(connection, LAST_OF_PAGE, after, limit);
                    ResultSet row = find.executeQuery()) {
                return row.next()
                        ? Optional.of(new EntityId(new OrganisationId(row.getLong(1)), row.getLong(2)))
                        : Optional.empty();
            }
        });
    }

    /** Snapshots of these next entities that are not kept. */
    public List<OldSnapshot> old(@Nullable EntityId after, int limit) {
        return Ask.ask(connections, "find old snapshots", connection -> {
            try (PreparedStatement find = page(connection, OLD, after, limit);
                    ResultSet row = find.executeQuery()) {
                List<OldSnapshot> found = new ArrayList<>();
                while (row.next()) {
                    found.add(new OldSnapshot(
                            EntityId.ofRow(row),
                            row.getString("project"),
                            row.getString("name"),
                            row.getLong("snapshot_id"),
                            row.getObject("created_at", OffsetDateTime.class).toInstant()));
                }
                return found;
            }
        });
    }

    /** Removes these rows; their objects stay until nothing names them. Answers how many. */
    public int thin(List<OldSnapshot> old) {
        return Ask.ask(connections, "remove " + old.size() + " old snapshots", connection -> {
            try (PreparedStatement thin = connection.prepareStatement(THIN)) {
                thin.setArray(
                        1,
                        connection.createArrayOf(
                                "int8",
                                old.stream()
                                        .map(it -> it.entity().organisation().value())
                                        .toArray()));
                thin.setArray(
                        2,
                        connection.createArrayOf(
                                "int8",
                                old.stream().map(it -> it.entity().number()).toArray()));
                thin.setArray(
                        3,
                        connection.createArrayOf(
                                "int8",
                                old.stream().map(OldSnapshot::snapshotId).toArray()));
                return thin.executeUpdate();
            }
        });
    }

    /** Forgets archived operations of these next entities that are past their time; answers how many. */
    public long forgetArchived(@Nullable EntityId after, int limit) {
        return Ask.ask(connections, "forget archived operations", connection -> {
            try (PreparedStatement forget = page(connection, FORGET_ARCHIVED, after, limit);
                    ResultSet row = forget.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    /** Forgets objects of the archive in which nothing is left that a row names; answers how many. */
    public int forgetObjects() {
        return Ask.ask(connections, "forget objects of the archive", connection -> {
            try (PreparedStatement forget = connection.prepareStatement(FORGET_OBJECTS)) {
                return forget.executeUpdate();
            }
        });
    }

    private static PreparedStatement page(Connection connection, String sql, @Nullable EntityId after, int limit)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setLong(1, after == null ? 0 : after.organisation().value());
        statement.setLong(2, after == null ? 0 : after.number());
        statement.setInt(3, limit);
        return statement;
    }
}
