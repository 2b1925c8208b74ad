package dev.boardwalk.graph;

import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.Transactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
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
        try (Connection connection = connections.getConnection()) {
            return new RelationshipPages(connection).page(key, element, filter);
        } catch (SQLException failure) {
            throw GraphSql.failed("list relationships of entity " + key, failure);
        }
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
