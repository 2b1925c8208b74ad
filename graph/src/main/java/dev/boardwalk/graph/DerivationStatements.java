package dev.boardwalk.graph;

import dev.boardwalk.graph.DerivedDifference.Of;
import dev.boardwalk.graph.DerivedDifference.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements by which derived elements and claims get into the database, each for a whole batch. */
final class DerivationStatements {
    private static final String LOCK_NAMES = "select graph.lock_names(?::bigint[], ?::text[], false)";

    private static final String REMOVE_CLAIMS = """
            delete from graph.claim c
            using unnest(?::bigint[], ?::bigint[], ?::bigint[]) as gone (org_id, entity_id, hash)
            where c.org_id = gone.org_id and c.claimant_id = gone.entity_id and not c.by_hand and c.claim_hash = gone.hash
            """;

    private static final String REMOVE_ELEMENTS = """
            delete from graph.element x
            using unnest(?::bigint[], ?::bigint[], ?::bigint[]) as gone (org_id, entity_id, hash)
            where x.org_id = gone.org_id and x.entity_id = gone.entity_id and x.key_hash = gone.hash
            """;

    private static final String ADD_ELEMENTS = """
            insert into graph.element
                (org_id, entity_id, project_id, key_hash, name, type, title, reference, vertex_id, vertex_project_id)
            select n.org_id, n.entity_id, n.project_id, n.hash, n.name, n.type, n.title, n.reference,
                   graph.entity_vertex(found.entity_id), found.project_id
            from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[])
              as n (org_id, entity_id, project_id, hash, name, type, title, reference)
            left join lateral graph.resolved(n.org_id, n.project_id, n.reference) found on n.reference is not null
            """;

    private static final String CHANGE_ELEMENTS = """
            update graph.element x
            set type = n.type, title = n.title, reference = n.reference,
                vertex_id = graph.entity_vertex(found.entity_id), vertex_project_id = found.project_id
            from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[])
              as n (org_id, entity_id, project_id, hash, name, type, title, reference)
            left join lateral graph.resolved(n.org_id, n.project_id, n.reference) found on n.reference is not null
            where x.org_id = n.org_id and x.entity_id = n.entity_id and x.key_hash = n.hash
            """;

    /** An end is an element of the same board, an entity by name, or (neither is given) the claiming entity itself. */
    private static final String ADD_CLAIMS = """
            insert into graph.claim
                (org_id, claimant_id, by_hand, claim_hash, project_id, type, source, source_id, source_project_id,
                 target, target_id, target_project_id)
            select n.org_id, n.entity_id, false, n.hash, n.project_id, n.type,
                   n.source,
                   case when n.source is not null then graph.entity_vertex(s.entity_id)
                        when n.source_element is not null then graph.element_vertex(se.element_id)
                        else graph.entity_vertex(n.entity_id) end,
                   case when n.source is not null then s.project_id else n.project_id end,
                   n.target,
                   case when n.target is not null then graph.entity_vertex(t.entity_id)
                        when n.target_element is not null then graph.element_vertex(te.element_id)
                        else graph.entity_vertex(n.entity_id) end,
                   case when n.target is not null then t.project_id else n.project_id end
            from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::bigint[])
              as n (org_id, entity_id, project_id, hash, type, source, source_element, target, target_element)
            left join graph.element se
              on se.org_id = n.org_id and se.entity_id = n.entity_id and se.key_hash = n.source_element
            left join graph.element te
              on te.org_id = n.org_id and te.entity_id = n.entity_id and te.key_hash = n.target_element
            left join lateral graph.resolved(n.org_id, n.project_id, n.source) s on n.source is not null
            left join lateral graph.resolved(n.org_id, n.project_id, n.target) t on n.target is not null
            """;

    private static final String NOTE = """
            insert into graph.derived (org_id, entity_id, digests, ignored, ignored_example) values (?, ?, ?, ?, ?)
            on conflict (org_id, entity_id) do update
            set digests = excluded.digests, ignored = excluded.ignored, ignored_example = excluded.ignored_example
            """;

    private static final String FORGET = "delete from graph.derived where org_id = ? and entity_id = ?";

    private final Connection connection;

    DerivationStatements(Connection connection) {
        this.connection = connection;
    }

    /**
     * So that no entity of a name that is about to be looked for appears or goes unseen; and whoever makes or deletes an
     * entity writes the rows that refer to it, so that they and this flush cannot each wait for a row of the other.
     */
    void lockNames(DerivedDifference difference) throws SQLException {
        SqlColumns names = new SqlColumns();
        difference.elementsNew.forEach(
                each -> name(names, each.entity(), each.item().reference()));
        difference.elementsChanged.forEach(
                each -> name(names, each.entity(), each.item().reference()));
        for (Of<DerivedItem.Claim> each : difference.claimsNew) {
            name(names, each.entity(), byName(each.item().source()));
            name(names, each.entity(), byName(each.item().target()));
        }
        difference.namesBefore.forEach(each -> name(names, each.entity(), each.item()));
        if (!names.isEmpty()) {
            try (PreparedStatement lock = connection.prepareStatement(LOCK_NAMES)) {
                names.bind(lock, "int8", "text");
                lock.execute();
            }
        }
    }

    private static void name(SqlColumns names, DerivedEntity entity, @Nullable String reference) {
        if (reference != null) {
            names.row(entity.organisationId(), reference);
        }
    }

    void remove(DerivedDifference difference) throws SQLException {
        remove(REMOVE_CLAIMS, difference.claimsGone);
        remove(REMOVE_ELEMENTS, difference.elementsGone);
    }

    private void remove(String sql, List<Row> gone) throws SQLException {
        SqlColumns keys = new SqlColumns();
        gone.forEach(row -> keys.row(row.entity().organisationId(), row.entity().entityId(), row.hash()));
        execute(sql, keys, "int8", "int8", "int8");
    }

    void add(DerivedDifference difference) throws SQLException {
        elements(ADD_ELEMENTS, difference.elementsNew);
        elements(CHANGE_ELEMENTS, difference.elementsChanged);
        SqlColumns claims = new SqlColumns();
        for (Of<DerivedItem.Claim> each : difference.claimsNew) {
            DerivedItem.Claim claim = each.item();
            claims.row(
                    each.entity().organisationId(),
                    each.entity().entityId(),
                    each.entity().projectId(),
                    claim.hash(),
                    claim.type(),
                    byName(claim.source()),
                    element(claim.source()),
                    byName(claim.target()),
                    element(claim.target()));
        }
        execute(ADD_CLAIMS, claims, "int8", "int8", "int8", "int8", "text", "text", "int8", "text", "int8");
    }

    private void elements(String sql, List<Of<DerivedItem.Element>> elements) throws SQLException {
        SqlColumns values = new SqlColumns();
        for (Of<DerivedItem.Element> each : elements) {
            DerivedItem.Element element = each.item();
            values.row(
                    each.entity().organisationId(),
                    each.entity().entityId(),
                    each.entity().projectId(),
                    element.hash(),
                    element.name(),
                    element.type(),
                    element.title(),
                    element.reference());
        }
        execute(sql, values, "int8", "int8", "int8", "int8", "text", "text", "text", "text");
    }

    /** Remembers what was derived, so that the next flush can tell what changed. */
    void note(List<DerivedEntity> entities) throws SQLException {
        try (PreparedStatement note = connection.prepareStatement(NOTE);
                PreparedStatement forget = connection.prepareStatement(FORGET)) {
            for (DerivedEntity entity : entities) {
                DerivedContent content = entity.content();
                PreparedStatement statement = entity.digests().length == 0 && content.ignored() == 0 ? forget : note;
                statement.setLong(1, entity.organisationId());
                statement.setLong(2, entity.entityId());
                if (statement == note) {
                    statement.setObject(3, entity.digests());
                    statement.setInt(4, content.ignored());
                    statement.setString(5, content.ignoredExample());
                }
                statement.addBatch();
            }
            note.executeBatch();
            forget.executeBatch();
        }
    }

    /** Of this transaction. */
    long position() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select public.current_position()");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private void execute(String sql, SqlColumns values, String... types) throws SQLException {
        if (values.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            values.bind(statement, types);
            statement.executeUpdate();
        }
    }

    private static @Nullable String byName(End end) {
        return end instanceof End.ByName(String reference) ? reference : null;
    }

    private static @Nullable Long element(End end) {
        return end instanceof End.OfElement(String name) ? Hashes.of("element", name) : null;
    }
}
