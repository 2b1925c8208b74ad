package dev.boardwalk.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * The removal for good of what was deleted longer ago than its grace: all rows of an organisation or a project, some
 * entities at a time. Objects go when no row has named them for their own grace. Blocks.
 *
 * <p>A run may end anywhere; the next one finds what is left. What has been flushed late is found by the entities' ids only
 * while their rows are there, so that these go last; readers of the change feed hear of each entity that goes.
 */
public final class Purge {
    /** Tables with rows of one entity, by its number; those that others refer to come after them. */
    static final List<String> OF_ENTITIES = List.of(
            "crdt.version",
            "crdt.seed",
            "crdt.fork",
            "crdt.quarantine",
            "crdt.damaged_snapshot",
            "crdt.archive",
            "crdt.archive_floor",
            "crdt.kept_operation",
            "crdt.snapshot",
            "crdt.operation",
            "crdt.journal",
            "graph.element",
            "graph.derived",
            "search.document",
            "search.embedding",
            "search.unembedded",
            "search.failure",
            "public.attachment",
            "public.attachment_upload",
            "public.webhook_event");

    /** Tables with rows of an organisation that are not of one entity. */
    static final List<String> OF_ORGANISATIONS = List.of(
            "graph.claim",
            "graph.edge",
            "graph.edge_change",
            "graph.vertex_change",
            "search.vocabulary",
            "crdt.retention_policy",
            "public.member",
            "public.revocation",
            "public.idempotency_key",
            "public.project");

    private static final String OVER = "deleted_at < now() - ? * interval '1 microsecond'";

    private static final String ENTITIES = """
            select e.org_id, e.entity_id
            from public.organisation o
            join public.entity e on e.org_id = o.org_id
            where o.%1$s and o.purged_at is null
            union all
            select e.org_id, e.entity_id
            from public.project p
            join public.entity e on e.org_id = p.org_id and e.project_id = p.project_id
            where p.%1$s
            limit ?
            """.formatted(OVER);

    private static final String GIVEN = "from unnest(?::bigint[], ?::bigint[]) as gone (org_id, entity_id)";

    /** Relationships, elements and the vertex go with this; the index and search hear of it. */
    private static final String MARK = """
            with marked as (
                update public.entity e
                set deleted_at = now(), snapshot_id = null, position = public.current_position()
                %s where e.org_id = gone.org_id and e.entity_id = gone.entity_id and e.deleted_at is null
                returning e.org_id, e.entity_id, e.position
            )
            insert into public.change (org_id, entity_id, kind, position)
            select org_id, entity_id, 'deleted', position from marked
            """.formatted(GIVEN);

    private static final String LET_GO = """
            update public.entity e set snapshot_id = null
            %s where e.org_id = gone.org_id and e.entity_id = gone.entity_id and e.snapshot_id is not null
            """.formatted(GIVEN);

    private static final String DELETE = """
            delete from %s t using unnest(?::bigint[], ?::bigint[]) as gone (org_id, entity_id)
            where t.org_id = gone.org_id and t.entity_id = gone.entity_id
            """;

    private static final String FORKS = """
            delete from crdt.fork t using unnest(?::bigint[], ?::bigint[]) as gone (org_id, entity_id)
            where t.org_id = gone.org_id and t.source_entity_id = gone.entity_id
            """;

    private static final String CLAIMS = """
            delete from graph.claim c using unnest(?::bigint[], ?::bigint[]) as gone (org_id, entity_id)
            where c.org_id = gone.org_id
              and (c.claimant_id = gone.entity_id or c.by_hand and (
                   c.source_id = graph.entity_vertex(gone.entity_id) or c.target_id = graph.entity_vertex(gone.entity_id)))
            """;

    private static final String PROJECTS = """
            with over as (
                select p.org_id, p.project_id, p.name from public.project p
                where p.%s and not exists (
                    select from public.entity e where e.org_id = p.org_id and e.project_id = p.project_id)
            ), policies as (
                delete from crdt.retention_policy r using over
                where r.org_id = over.org_id and r.project_id = over.project_id
            ), members as (
                delete from public.member m using over where m.org_id = over.org_id and m.project = over.name
            ), noted as (
                insert into public.audit (org_id, actor, action, subject)
                select org_id, 'boardwalk', 'project.purged', name from over
            )
            delete from public.project p using over where p.org_id = over.org_id and p.project_id = over.project_id
            """.formatted(OVER);

    private static final String ORGANISATIONS = """
            select o.org_id from public.organisation o
            where o.%s and o.purged_at is null and not exists (select from public.entity e where e.org_id = o.org_id)
            """.formatted(OVER);

    private static final String FORGET_NAME = """
            with gone as (
                update public.organisation set name = 'purged:' || org_id, purged_at = now() where org_id = ?
                returning org_id
            )
            insert into public.audit (org_id, actor, action, subject)
            select org_id, 'boardwalk', 'organisation.purged', org_id::text from gone
            """;

    private final DataSource connections;

    Purge(DataSource connections) {
        this.connections = connections;
    }

    /** Removes so many entities whose time is over; answers how many there were. */
    public int entities(Duration grace, int limit) {
        return Ask.ask(
                connections,
                "purge what was deleted",
                connection -> Transactions.retried(connection, () -> {
                    List<Long> organisations = new ArrayList<>();
                    List<Long> entities = new ArrayList<>();
                    find(connection, grace, limit, organisations, entities);
                    if (!entities.isEmpty()) {
                        remove(connection, organisations, entities);
                    }
                    return entities.size();
                }));
    }

    private static void find(
            Connection connection, Duration grace, int limit, List<Long> organisations, List<Long> entities)
            throws SQLException {
        try (PreparedStatement find = connection.prepareStatement(ENTITIES)) {
            find.setLong(1, Partitions.micros(grace));
            find.setLong(2, Partitions.micros(grace));
            find.setInt(3, limit);
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    organisations.add(row.getLong(1));
                    entities.add(row.getLong(2));
                }
            }
        }
    }

    private static void remove(Connection connection, List<Long> organisations, List<Long> entities)
            throws SQLException {
        List<String> statements = new ArrayList<>(List.of(MARK, LET_GO, FORKS, CLAIMS));
        OF_ENTITIES.forEach(table -> statements.add(DELETE.formatted(table)));
        statements.add(DELETE.formatted("public.entity"));
        for (String sql : statements) {
            try (PreparedStatement remove = connection.prepareStatement(sql)) {
                remove.setArray(1, connection.createArrayOf("int8", organisations.toArray()));
                remove.setArray(2, connection.createArrayOf("int8", entities.toArray()));
                remove.executeUpdate();
            }
        }
    }

    /** Removes projects and organisations whose time is over and that have no entities left; answers how many. */
    public int emptied(Duration grace) {
        return Ask.ask(connections, "purge projects and organisations", connection -> {
            int projects = Transactions.retried(connection, () -> {
                try (PreparedStatement remove = connection.prepareStatement(PROJECTS)) {
                    remove.setLong(1, Partitions.micros(grace));
                    return remove.executeUpdate();
                }
            });
            List<Long> organisations = organisations(connection, grace);
            for (long organisation : organisations) {
                Transactions.retried(connection, () -> removeOrganisation(connection, organisation));
            }
            return projects + organisations.size();
        });
    }

    private static List<Long> organisations(Connection connection, Duration grace) throws SQLException {
        try (PreparedStatement find = connection.prepareStatement(ORGANISATIONS)) {
            find.setLong(1, Partitions.micros(grace));
            List<Long> found = new ArrayList<>();
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    found.add(row.getLong(1));
                }
            }
            return found;
        }
    }

    private static int removeOrganisation(Connection connection, long organisation) throws SQLException {
        List<String> statements = new ArrayList<>();
        OF_ORGANISATIONS.forEach(table -> statements.add("delete from " + table + " where org_id = ?"));
        statements.add(FORGET_NAME);
        for (String sql : statements) {
            try (PreparedStatement remove = connection.prepareStatement(sql)) {
                remove.setLong(1, organisation);
                remove.executeUpdate();
            }
        }
        return 1;
    }
}
