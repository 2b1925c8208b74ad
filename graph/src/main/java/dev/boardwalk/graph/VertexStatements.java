package dev.boardwalk.graph;

import dev.boardwalk.graph.KnownVertices.Described;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.EntityUlid;
import dev.boardwalk.store.OrganisationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
            select asked.vertex, e.entity_id, e.ulid, e.name, p.name, coalesce(x.type, e.type),
                   case when x.org_id is null then e.title else x.title end, x.name
            from unnest(?::bigint[]) as asked (vertex)
            left join lateral (
                select x.org_id, x.entity_id, x.type, x.title, x.name from graph.element x
                where x.org_id = ? and asked.vertex >> 48 = 4 and x.element_id = (asked.vertex & 281474976710655)
                limit 1) x on true
            cross join lateral (
                select e.org_id, e.entity_id, e.project_id, e.ulid, e.name, e.type, e.title, e.deleted_at from public.entity e
                where e.org_id = ? and e.entity_id = coalesce(x.entity_id,
                    case when asked.vertex >> 48 = 3 then asked.vertex & 281474976710655 end)
                limit 1) e
            join public.project p on p.org_id = e.org_id and p.project_id = e.project_id
            where e.deleted_at is null
            """;

    private static final String PROJECTS =
            "select name, project_id from public.project where org_id = ? and name = any (?)";

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
                boolean another = element != null && row.getString(6) != null;
                return new Subject(key.organisation(), entity, row.getLong(2), vertex, another, elements);
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

    /** What the database says of these vertices, in any order; those that have gone meanwhile are left out. */
    List<Described> describe(OrganisationId organisation, Collection<Long> vertices) throws SQLException {
        if (vertices.isEmpty()) {
            return List.of();
        }
        List<Described> known = new ArrayList<>(vertices.size());
        try (PreparedStatement query = connection.prepareStatement(DESCRIBE)) {
            query.setArray(1, connection.createArrayOf("int8", vertices.toArray()));
            query.setLong(2, organisation.value());
            query.setLong(3, organisation.value());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    VertexFacts facts = new VertexFacts(
                            EntityUlid.text(rows.getObject(3, UUID.class)),
                            rows.getString(4),
                            rows.getString(5),
                            rows.getString(6),
                            rows.getString(7),
                            rows.getString(8));
                    known.add(new Described(rows.getLong(1), rows.getLong(2), facts));
                }
            }
        }
        return known;
    }

    /** The numbers of these projects, as far as there are such. */
    Map<String, Long> projects(OrganisationId organisation, Collection<String> names) throws SQLException {
        Map<String, Long> numbers = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(PROJECTS)) {
            query.setLong(1, organisation.value());
            query.setArray(2, connection.createArrayOf("text", names.toArray()));
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    numbers.put(rows.getString(1), rows.getLong(2));
                }
            }
        }
        return numbers;
    }
}
