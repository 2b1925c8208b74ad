package dev.boardwalk.graph;

import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.Transactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Relationships one by one: listed as they are in the database, and set or removed by hand. What is set by hand stays
 * until it is removed by hand (or its source deleted), whatever the content says. All calls block; call them on virtual
 * threads.
 */
public final class Relationships {
    /** Longest properties of a relationship, in UTF-16 units. */
    public static final int PROPERTIES_LENGTH_MAX = 65_536;

    private static final int UNRESOLVED_MAX = 100;

    /** Ways of one page's rows: first those that go out, then those that come in. */
    private static final String PAGE = """
            with edge as (
                select 0 as way, type, target_id as other, target_project_id as other_project, source_id, target_id
                from graph.edge where org_id = ? and source_id = ? and ?
                union all
                select 1, type, source_id, source_project_id, source_id, target_id
                from graph.edge where org_id = ? and target_id = ? and ?
            )
            select way, type, other, hand.claim_hash is not null, hand.properties::text
            from edge
            left join lateral (
                select c.claim_hash, c.properties from graph.claim c
                where c.org_id = ? and edge.source_id >> 48 = 3 and c.claimant_id = (edge.source_id & 281474976710655)
                  and c.by_hand and c.source_id = edge.source_id and c.target_id = edge.target_id and c.type = edge.type
                limit 1
            ) hand on true
            where (?::text[] is null or type = any (?::text[]))
              and (?::bigint[] is null or other_project = any (?::bigint[]))
              and (way, type, other) > (?, ?, ?)
            order by way, type, other
            limit ?
            """;

    private static final String UNRESOLVED = """
            select type, coalesce(case when source_id is null then source end, target) from graph.claim
            where org_id = ? and claimant_id = ? and (source_id is null or target_id is null)
            order by 1, 2
            limit ?
            """;

    private static final String PUT = """
            insert into graph.claim
                (org_id, claimant_id, by_hand, claim_hash, project_id, type, source_id, source_project_id,
                 target, target_id, target_project_id, properties)
            values (?, ?, true, ?, ?, ?, graph.entity_vertex(?), ?, ?, graph.entity_vertex(?), ?, ?::jsonb)
            on conflict (org_id, claimant_id, by_hand, claim_hash) do update set properties = excluded.properties
            where claim.properties is distinct from excluded.properties
            """;

    private static final String REMOVE = """
            delete from graph.claim
            where org_id = ? and claimant_id = ? and by_hand and type = ? and target = any (?)
            """;

    private static final String RESOLVE = """
            select found.entity_id, found.project_id, p.name, e.name
            from graph.resolved(?, ?, ?) found
            join public.entity e on e.org_id = ? and e.entity_id = found.entity_id
            join public.project p on p.org_id = ? and p.project_id = found.project_id
            """;

    private final DataSource connections;
    private final RelationshipIndex index;

    Relationships(DataSource connections, RelationshipIndex index) {
        this.connections = connections;
        this.index = index;
    }

    /**
     * One relationship of a vertex.
     *
     * @param direction OUT if the vertex that was asked about is the source
     * @param other the vertex at the other end
     * @param byHand whether it is (also) set by hand
     * @param properties JSON, of those set by hand
     */
    public record Relationship(
            Direction direction,
            String type,
            VertexFacts other,
            boolean byHand,
            @Nullable String properties) {}

    /** A claim about something that does not exist (yet). */
    public record Unresolved(String type, String reference) {}

    /**
     * A page of relationships.
     *
     * @param nextCursor null if this is the last
     * @param unresolved references of the entity to nothing, on the first page
     */
    public record Page(
            List<Relationship> relationships, @Nullable String nextCursor, List<Unresolved> unresolved) {}

    /**
     * Which relationships are wanted.
     *
     * @param direction null for both
     * @param types null for all
     * @param projects names of the only projects that the caller may see; null means all
     * @param cursor of the page before; null for the first
     */
    public record Filter(
            @Nullable Direction direction,
            @Nullable Set<String> types,
            @Nullable Collection<String> projects,
            @Nullable String cursor,
            int limit) {}

    /** Fails with {@link GraphException.NotFound} or {@link GraphException.InvalidCursor}. */
    public Page page(EntityKey key, @Nullable String element, Filter filter) {
        RelationshipCursor from = RelationshipCursor.read(filter.cursor());
        try (Connection connection = connections.getConnection()) {
            VertexStatements statements = new VertexStatements(connection);
            Subject subject = statements.find(key, element, false);
            Set<Long> projects = filter.projects() == null
                    ? null
                    : Set.copyOf(statements
                            .projects(key.organisation(), filter.projects())
                            .values());
            List<Row> rows = rows(connection, subject, filter, projects, from);
            boolean more = rows.size() > filter.limit();
            List<Row> shown = more ? rows.subList(0, filter.limit()) : rows;
            List<Relationship> described = describe(statements, key, shown);
            List<Unresolved> unresolved = filter.cursor() == null && element == null && projects == null
                    ? unresolved(connection, subject)
                    : List.of();
            return new Page(described, more ? shown.getLast().cursor().text() : null, unresolved);
        } catch (SQLException failure) {
            throw GraphSql.failed("list relationships of entity " + key, failure);
        }
    }

    private record Row(
            int way,
            String type,
            long other,
            boolean byHand,
            @Nullable String properties) {
        RelationshipCursor cursor() {
            return new RelationshipCursor(way, type, other);
        }
    }

    private static List<Row> rows(
            Connection connection,
            Subject subject,
            Filter filter,
            @Nullable Set<Long> projects,
            RelationshipCursor from)
            throws SQLException {
        long organisation = subject.organisation().value();
        try (PreparedStatement query = connection.prepareStatement(PAGE)) {
            query.setLong(1, organisation);
            query.setLong(2, subject.vertex());
            query.setBoolean(3, filter.direction() != Direction.IN);
            query.setLong(4, organisation);
            query.setLong(5, subject.vertex());
            query.setBoolean(6, filter.direction() != Direction.OUT);
            query.setLong(7, organisation);
            for (int at : new int[] {8, 9}) {
                query.setArray(
                        at,
                        filter.types() == null
                                ? null
                                : connection.createArrayOf(
                                        "text", filter.types().toArray()));
            }
            for (int at : new int[] {10, 11}) {
                query.setArray(at, projects == null ? null : connection.createArrayOf("int8", projects.toArray()));
            }
            query.setInt(12, from.way());
            query.setString(13, from.type());
            query.setLong(14, from.other());
            query.setInt(15, filter.limit() + 1);
            List<Row> rows = new ArrayList<>();
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    rows.add(new Row(
                            result.getInt(1),
                            result.getString(2),
                            result.getLong(3),
                            result.getBoolean(4),
                            result.getString(5)));
                }
            }
            return rows;
        }
    }

    private static List<Relationship> describe(VertexStatements statements, EntityKey key, List<Row> rows)
            throws SQLException {
        Set<Long> others = new HashSet<>();
        rows.forEach(row -> others.add(row.other()));
        Map<Long, VertexFacts> facts = new HashMap<>();
        statements.describe(key.organisation(), others).forEach(each -> facts.put(each.vertex(), each.facts()));
        List<Relationship> described = new ArrayList<>();
        for (Row row : rows) {
            VertexFacts other = facts.get(row.other());
            // Unless it has gone meanwhile.
            if (other != null) {
                Direction direction = row.way() == 0 ? Direction.OUT : Direction.IN;
                described.add(new Relationship(direction, row.type(), other, row.byHand(), row.properties()));
            }
        }
        return described;
    }

    private static List<Unresolved> unresolved(Connection connection, Subject subject) throws SQLException {
        List<Unresolved> found = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(UNRESOLVED)) {
            query.setLong(1, subject.organisation().value());
            query.setLong(2, subject.entityId());
            query.setInt(3, UNRESOLVED_MAX);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(new Unresolved(rows.getString(1), rows.getString(2)));
                }
            }
        }
        return found;
    }

    /**
     * Sets a relationship by hand; setting it again replaces its properties.
     *
     * @param target name of an entity in the same project, or {@code project/name}
     * @param projects names of the only projects that the caller may see; null means all
     * @param properties JSON of an object
     * @return the position from which on the index has it
     * @throws GraphException.NotFound if one of the two does not exist
     */
    public long put(
            EntityKey source, String type, String target, @Nullable Collection<String> projects, String properties) {
        return change(source, "set a relationship of entity " + source, (connection, subject) -> {
            Target found = target(connection, subject, target);
            if (found == null || projects != null && !projects.contains(found.project())) {
                throw new GraphException.NotFound("entity " + target + " does not exist");
            }
            String reference = found.reference(subject);
            lock(connection, subject, reference);
            if (!found.equals(target(connection, subject, target))) {
                throw new GraphException.NotFound("entity " + target + " was deleted or replaced meanwhile");
            }
            long organisation = subject.organisation().value();
            try (PreparedStatement put = connection.prepareStatement(PUT)) {
                put.setLong(1, organisation);
                put.setLong(2, subject.entityId());
                put.setLong(3, Hashes.of("hand", type, reference));
                put.setLong(4, subject.projectId());
                put.setString(5, type);
                put.setLong(6, subject.entityId());
                put.setLong(7, subject.projectId());
                put.setString(8, reference);
                put.setLong(9, found.entityId());
                put.setLong(10, found.projectId());
                put.setString(11, properties);
                put.executeUpdate();
            }
        });
    }

    /** Removes what was set by hand; it stays if content claims it too. Nothing happens if there is nothing. */
    public long remove(EntityKey source, String type, String target) {
        return change(source, "remove a relationship of entity " + source, (connection, subject) -> {
            Target found = target(connection, subject, target);
            String[] names = found == null ? new String[] {target} : new String[] {target, found.reference(subject)};
            try (PreparedStatement remove = connection.prepareStatement(REMOVE)) {
                remove.setLong(1, subject.organisation().value());
                remove.setLong(2, subject.entityId());
                remove.setString(3, type);
                remove.setArray(4, connection.createArrayOf("text", names));
                remove.executeUpdate();
            }
        });
    }

    private interface Change {
        void in(Connection connection, Subject subject) throws SQLException;
    }

    private long change(EntityKey source, String attempted, Change change) {
        try (Connection connection = connections.getConnection()) {
            return Transactions.retried(connection, () -> {
                Subject subject = new VertexStatements(connection).find(source, null, false);
                change.in(connection, subject);
                long position = new DerivationStatements(connection).position();
                index.wrote(source.organisation().value(), position);
                return position;
            });
        } catch (SQLException failure) {
            throw GraphSql.failed(attempted, failure);
        }
    }

    /** So that neither end is deleted until the commit. */
    private static void lock(Connection connection, Subject subject, String reference) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("""
                select e.entity_id, graph.lock_names(array[e.org_id], array[?], false)
                from (
                    select org_id, entity_id from public.entity
                    where org_id = ? and entity_id = ? and deleted_at is null for share
                ) e
                """)) {
            lock.setString(1, reference);
            lock.setLong(2, subject.organisation().value());
            lock.setLong(3, subject.entityId());
            try (ResultSet held = lock.executeQuery()) {
                if (!held.next()) {
                    throw new GraphException.NotFound("the entity was deleted meanwhile");
                }
            }
        }
    }

    private record Target(long entityId, long projectId, String project, String name) {
        String reference(Subject from) {
            return from.projectId() == projectId ? name : project + "/" + name;
        }
    }

    private static @Nullable Target target(Connection connection, Subject subject, String reference)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(RESOLVE)) {
            query.setLong(1, subject.organisation().value());
            query.setLong(2, subject.projectId());
            query.setString(3, reference);
            query.setLong(4, subject.organisation().value());
            query.setLong(5, subject.organisation().value());
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? new Target(row.getLong(1), row.getLong(2), row.getString(3), row.getString(4))
                        : null;
            }
        }
    }
}
