package dev.boardwalk.graph;

import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.Transactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * The repair of one organisation's graph while everything runs: derives all contents again, then brings edges and AGE's
 * tables in line with the claims, and counts what differed. Blocks.
 *
 * <p>Contents are taken page by page, their entities locked for the while, so that flushes of them wait and are not
 * overtaken. The comparison of the tables keeps writers of relationships out for one transaction.
 */
public final class GraphRebuild {
    private static final int PAGE_ENTITIES = 50;

    private static final String PAGE = """
            select e.entity_id, e.project_id, e.properties::text from public.entity e
            where e.org_id = ? and e.entity_id > ? and e.deleted_at is null
            order by e.entity_id limit ?
            for no key update
            """;

    private static final String RESOLVE = """
            select graph.resolve_names(?, array(
                select reference from graph.element where org_id = ? and reference is not null
                union select source from graph.claim where org_id = ? and source is not null
                union select target from graph.claim where org_id = ? and target is not null))
            """;

    /** Edges that nobody claims, or not so often; the trigger takes them out of AGE and tells the indexes. */
    private static final String EDGES_GONE = """
            delete from graph.edge e where e.org_id = ? and e.claims is distinct from (
                select count(*) from graph.claim c
                where c.org_id = e.org_id and c.source_id = e.source_id and c.target_id = e.target_id and c.type = e.type)
            """;

    /** Edges that AGE does not have, to be made again. */
    private static final String EDGES_UNKNOWN_TO_AGE = """
            delete from graph.edge e where e.org_id = ? and not exists (
                select from relations."_ag_label_edge" a
                where a.id operator(ag_catalog.=) ag_catalog._graphid(
                    array_position(array['DEPENDS_ON', 'CONTAINS', 'LINKS_TO', 'VERSION_OF', 'CONNECTS', 'RELATED'],
                        graph.label(e.type)) + 4, e.edge_id))
            """;

    private static final String EDGES_MISSING = """
            insert into graph.edge (org_id, source_id, target_id, type, claims, source_project_id, target_project_id)
            select org_id, source_id, target_id, type, count(*), min(source_project_id), min(target_project_id)
            from graph.claim where org_id = ? and source_id is not null and target_id is not null
            group by org_id, source_id, target_id, type
            on conflict do nothing
            """;

    private static final String ENTITIES_MISSING = """
            insert into relations."Entity" (id, properties)
            select ag_catalog._graphid(3, e.entity_id), ag_catalog.agtype_build_map_nonull(
                'org_id', e.org_id, 'entity_id', e.entity_id, 'project_id', e.project_id, 'project', p.name,
                'id', graph.ulid(e.ulid), 'name', e.name, 'type', e.type, 'title', e.title)
            from public.entity e join public.project p on p.org_id = e.org_id and p.project_id = e.project_id
            where e.org_id = ? and e.deleted_at is null
            on conflict (id) do nothing
            """;

    /** Written again as they are: the trigger makes their vertices. */
    private static final String ELEMENTS_MISSING = """
            update graph.element x set title = title where x.org_id = ? and x.reference is null and not exists (
                select from relations."Element" v where v.id operator(ag_catalog.=) ag_catalog._graphid(4, x.element_id))
            """;

    private static final String OF_ORGANISATION =
            "ag_catalog.agtype_access_operator(variadic array[properties, '\"org_id\"'::ag_catalog.agtype])"
                    + " operator(ag_catalog.=) ?::bigint::ag_catalog.agtype";

    /** What AGE has and nobody else: left over by writers that went past the triggers. */
    private static final String EDGES_TOO_MANY = """
            delete from relations."_ag_label_edge" a where %s and not exists (
                select from graph.edge e where e.org_id = ? and a.id operator(ag_catalog.=) ag_catalog._graphid(
                    array_position(array['DEPENDS_ON', 'CONTAINS', 'LINKS_TO', 'VERSION_OF', 'CONNECTS', 'RELATED'],
                        graph.label(e.type)) + 4, e.edge_id))
            """.formatted(OF_ORGANISATION);

    private static final String ENTITIES_TOO_MANY = """
            delete from relations."Entity" v where %s and not exists (
                select from public.entity e where e.org_id = ? and e.deleted_at is null
                  and v.id operator(ag_catalog.=) ag_catalog._graphid(3, e.entity_id))
            """.formatted(OF_ORGANISATION);

    private static final String ELEMENTS_TOO_MANY = """
            delete from relations."Element" v where %s and not exists (
                select from graph.element x where x.org_id = ? and x.reference is null
                  and v.id operator(ag_catalog.=) ag_catalog._graphid(4, x.element_id))
            """.formatted(OF_ORGANISATION);

    private static final String EDGES =
            "select source_id, target_id from graph.edge where org_id = ? order by source_id, target_id";

    private final DataSource connections;
    private final Derivation derivation;

    GraphRebuild(DataSource connections, Derivation derivation) {
        this.connections = connections;
        this.derivation = derivation;
    }

    /**
     * What differed, by what it was compared with.
     *
     * @param entities that were derived again
     * @param content elements and claims that were not what the contents say
     * @param edges relationships that were not what the claims say
     * @param age vertices and edges that Apache AGE lacked, or had besides
     */
    public record Report(long entities, long content, long edges, long age) {
        public boolean clean() {
            return content == 0 && edges == 0 && age == 0;
        }
    }

    /** Derives an organisation again; fails with a {@link dev.boardwalk.store.StoreException}. */
    public Report run(OrganisationId organisation) {
        return run(organisation, true);
    }

    /** The same without changing anything: what a rebuild would have to repair. */
    public Report check(OrganisationId organisation) {
        return run(organisation, false);
    }

    /**
     * Relationships that an index has too many or too few, or whose ends it does not know, compared with the tables.
     *
     * @param index asked as of a moment after this call began
     */
    public long differing(OrganisationId organisation, RelationshipIndex index) {
        try (Connection connection = connections.getConnection();
                PreparedStatement query = connection.prepareStatement(EDGES)) {
            GraphView view = index.view(organisation, null);
            query.setLong(1, organisation.value());
            long rows = 0;
            long unknown = 0;
            try (ResultSet edge = query.executeQuery()) {
                while (edge.next()) {
                    rows++;
                    unknown += view.number(edge.getLong(1)) < 0 || view.number(edge.getLong(2)) < 0 ? 1 : 0;
                }
            }
            return Math.max(unknown, Math.abs(rows - view.edges()));
        } catch (SQLException failure) {
            throw GraphSql.failed("compare the index of organisation " + organisation.value(), failure);
        }
    }

    private Report run(OrganisationId organisation, boolean keep) {
        try (Connection connection = connections.getConnection()) {
            return run(connection, organisation.value(), keep);
        } catch (SQLException failure) {
            throw GraphSql.failed("rebuild the graph of organisation " + organisation.value(), failure);
        }
    }

    private Report run(Connection connection, long organisation, boolean keep) throws SQLException {
        Page page = new Page(0, 0, 0);
        long entities = 0;
        long content = 0;
        do {
            long last = page.last;
            page = Transactions.retried(connection, () -> {
                Page derived = page(connection, organisation, last);
                end(connection, keep);
                return derived;
            });
            entities += page.entities;
            content += page.differing;
        } while (page.entities > 0);
        Report tables = Transactions.retried(connection, () -> {
            Report compared = tables(connection, organisation);
            end(connection, keep);
            return compared;
        });
        return new Report(entities, content, tables.edges, tables.age);
    }

    private record Page(long last, int entities, int differing) {}

    private Page page(Connection connection, long organisation, long after) throws SQLException {
        List<DerivedEntity> entities = new ArrayList<>();
        List<String> properties = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(PAGE)) {
            query.setLong(1, organisation);
            query.setLong(2, after);
            query.setInt(3, PAGE_ENTITIES);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    entities.add(new DerivedEntity(organisation, rows.getLong(1), rows.getLong(2), new long[0]));
                    properties.add(rows.getString(3));
                }
            }
        }
        return entities.isEmpty()
                ? new Page(after, 0, 0)
                : new Page(
                        entities.getLast().entityId(),
                        entities.size(),
                        derivation.again(connection, entities, properties));
    }

    private static Report tables(Connection connection, long organisation) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("set local statement_timeout = 0");
            statement.execute("lock table graph.claim, graph.element in share row exclusive mode");
        }
        execute(connection, RESOLVE, organisation, 4);
        long edges = execute(connection, EDGES_GONE, organisation, 1);
        // First, because AGE takes no second edge of a type between the same ends.
        long surplus = execute(connection, EDGES_TOO_MANY, organisation, 2)
                + execute(connection, ELEMENTS_TOO_MANY, organisation, 2)
                + execute(connection, ENTITIES_TOO_MANY, organisation, 2);
        long age = execute(connection, ENTITIES_MISSING, organisation, 1)
                + execute(connection, ELEMENTS_MISSING, organisation, 1)
                + execute(connection, EDGES_UNKNOWN_TO_AGE, organisation, 1);
        long made = execute(connection, EDGES_MISSING, organisation, 1);
        return new Report(0, 0, Math.max(edges, made - age), age + surplus);
    }

    /** Nothing is left to commit after a comparison. */
    private static void end(Connection connection, boolean keep) throws SQLException {
        if (!keep) {
            connection.rollback();
        }
    }

    private static long execute(Connection connection, String sql, long organisation, int times) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int at = 1; at <= times; at++) {
                statement.setLong(at, organisation);
            }
            return statement.execute() ? 0 : statement.getUpdateCount();
        }
    }
}
