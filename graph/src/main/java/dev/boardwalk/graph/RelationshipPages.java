package dev.boardwalk.graph;

import dev.boardwalk.graph.Relationships.Filter;
import dev.boardwalk.graph.Relationships.Page;
import dev.boardwalk.graph.Relationships.Relationship;
import dev.boardwalk.graph.Relationships.Unresolved;
import dev.boardwalk.store.EntityKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists the relationships of a vertex, page by page, as they are in the database. Blocks. */
final class RelationshipPages {
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

    private final Connection connection;

    RelationshipPages(Connection connection) {
        this.connection = connection;
    }

    /** Fails with {@link GraphException.NotFound} or {@link GraphException.InvalidCursor}. */
    Page page(EntityKey key, @Nullable String element, Filter filter) throws SQLException {
        RelationshipCursor from = RelationshipCursor.read(filter.cursor());
        VertexStatements statements = new VertexStatements(connection);
        Subject subject = statements.find(key, element, false);
        Set<Long> projects = filter.projects() == null
                ? null
                : Set.copyOf(statements
                        .projects(key.organisation(), filter.projects())
                        .values());
        List<Row> rows = rows(subject, filter, projects, from);
        boolean more = rows.size() > filter.limit();
        List<Row> shown = more ? rows.subList(0, filter.limit()) : rows;
        List<Relationship> described = describe(statements, key, shown);
        List<Unresolved> unresolved =
                filter.cursor() == null && element == null && projects == null ? unresolved(subject) : List.of();
        return new Page(described, more ? shown.getLast().cursor().text() : null, unresolved);
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

    private List<Row> rows(Subject subject, Filter filter, @Nullable Set<Long> projects, RelationshipCursor from)
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

    private List<Unresolved> unresolved(Subject subject) throws SQLException {
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
}
