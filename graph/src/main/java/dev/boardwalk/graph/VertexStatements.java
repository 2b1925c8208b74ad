package dev.boardwalk.graph;

import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.EntityUlid;
import dev.boardwalk.store.OrganisationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statements between names and vertices. */
final class VertexStatements {
    private static final String FIND = """
            select e.entity_id, e.project_id, graph.entity_vertex(e.entity_id),
                   x.key_hash is not null, case when x.reference is null then graph.element_vertex(x.element_id) else x.vertex_id end,
                   x.reference
            from public.project p
            join public.entity e on e.org_id = p.org_id and e.project_id = p.project_id
            left join graph.element x on x.org_id = e.org_id and x.entity_id = e.entity_id and x.key_hash = ? and x.name = ?
            where p.org_id = ? and p.name = ? and e.name = ? and e.deleted_at is null
            """;

    private static final String ELEMENTS = """
            select graph.element_vertex(element_id) from graph.element
            where org_id = ? and entity_id = ? and reference is null
            """;

    /** "limit 1" keeps each lookup one of its own in an index: joined, they would read through the organisation. */
    private static final String DESCRIBE = """
            select asked.n, e.ulid, e.name, p.name, coalesce(x.type, e.type),
                   case when x.org_id is null then e.title else x.title end, x.name
            from unnest(?::integer[], ?::bigint[]) as asked (n, vertex)
            left join lateral (
                select x.org_id, x.entity_id, x.type, x.title, x.name from graph.element x
                where x.org_id = ? and asked.vertex >> 48 = 4 and x.element_id = (asked.vertex & 281474976710655)
                limit 1) x on true
            cross join lateral (
                select e.org_id, e.project_id, e.ulid, e.name, e.type, e.title, e.deleted_at from public.entity e
                where e.org_id = ? and e.entity_id = coalesce(x.entity_id,
                    case when asked.vertex >> 48 = 3 then asked.vertex & 281474976710655 end)
                limit 1) e
            join public.project p on p.org_id = e.org_id and p.project_id = e.project_id
            where e.deleted_at is null
            order by asked.n
            """;

    private static final String PROJECTS = "select project_id from public.project where org_id = ? and name = any (?)";

    private final Connection connection;

    VertexStatements(Connection connection) {
        this.connection = connection;
    }

    /**
     * The entity of this name, or an element of it.
     *
     * @throws GraphException.NotFound naming what is missing
     */
    Subject find(EntityKey key, @Nullable String element, boolean withElements) throws SQLException {
        String what = "entity " + key.project() + "/" + key.name();
        try (PreparedStatement query = connection.prepareStatement(FIND)) {
            query.setLong(1, element == null ? 0 : Hashes.of("element", element));
            query.setString(2, element == null ? "" : element);
            query.setLong(3, key.organisation().value());
            query.setString(4, key.project());
            query.setString(5, key.name());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new GraphException.NotFound(what + " does not exist");
                }
                if (element != null && !row.getBoolean(4)) {
                    throw new GraphException.NotFound("element " + element + " of " + what + " does not exist");
                }
                long vertex = row.getLong(element == null ? 3 : 5);
                if (row.wasNull()) {
                    throw new GraphException.NotFound("element " + element + " of " + what + " stands for entity "
                            + row.getString(6) + ", which does not exist");
                }
                long entity = row.getLong(1);
                List<Long> elements =
                        withElements && element == null ? elements(key.organisation(), entity) : List.of();
                return new Subject(key.organisation(), entity, row.getLong(2), vertex, elements);
            }
        }
    }

    private List<Long> elements(OrganisationId organisation, long entity) throws SQLException {
        List<Long> found = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(ELEMENTS)) {
            query.setLong(1, organisation.value());
            query.setLong(2, entity);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getLong(1));
                }
            }
        }
        return found;
    }

    /** What is known of these vertices, in their order; those that have gone meanwhile are left out. */
    List<VertexInfo> describe(OrganisationId organisation, List<Reached> reached) throws SQLException {
        if (reached.isEmpty()) {
            return List.of();
        }
        SqlColumns asked = new SqlColumns();
        for (int n = 0; n < reached.size(); n++) {
            asked.row(n, reached.get(n).vertex());
        }
        List<VertexInfo> known = new ArrayList<>(reached.size());
        try (PreparedStatement query = connection.prepareStatement(DESCRIBE)) {
            asked.bind(query, "int4", "int8");
            query.setLong(3, organisation.value());
            query.setLong(4, organisation.value());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    Reached each = reached.get(rows.getInt(1));
                    known.add(new VertexInfo(
                            EntityUlid.text(rows.getObject(2, UUID.class)),
                            rows.getString(3),
                            rows.getString(4),
                            rows.getString(5),
                            rows.getString(6),
                            rows.getString(7),
                            each.depth(),
                            each.via()));
                }
            }
        }
        return known;
    }

    /** The number of a project; fails with {@link GraphException.NotFound}. */
    long project(OrganisationId organisation, String name) throws SQLException {
        Set<Long> found = projects(organisation, List.of(name));
        if (found == null || found.isEmpty()) {
            throw new GraphException.NotFound("project " + name + " does not exist");
        }
        return found.iterator().next();
    }

    /** The numbers of these projects, as far as there are such; null for null, which means all. */
    @Nullable
    Set<Long> projects(OrganisationId organisation, @Nullable Collection<String> names) throws SQLException {
        if (names == null) {
            return null;
        }
        Set<Long> numbers = new HashSet<>();
        try (PreparedStatement query = connection.prepareStatement(PROJECTS)) {
            query.setLong(1, organisation.value());
            query.setArray(2, connection.createArrayOf("text", names.toArray()));
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    numbers.add(rows.getLong(1));
                }
            }
        }
        return numbers;
    }
}
