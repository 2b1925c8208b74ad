package dev.boardwalk.graph;

import dev.boardwalk.graph.DerivedDifference.Of;
import dev.boardwalk.graph.DerivedDifference.References;
import dev.boardwalk.graph.DerivedDifference.Row;
import dev.boardwalk.graph.DerivedDifference.Stored;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements by which derived elements and claims get into the database, each for a whole batch. */
final class DerivationStatements {
    /** Rows of entities that this transaction has flushed, and that are not deleted. */
    private static final String JUST_WRITTEN = """
            select e.org_id, e.entity_id, e.project_id, d.digests,
                   case when exists (
                       select from graph.vertex_change v
                       where v.position = e.position and v.org_id = e.org_id and v.entity_id = e.entity_id)
                   then e.position end
            from unnest(?::bigint[], ?::bigint[]) as flushed (org_id, entity_id)
            join public.entity e on e.org_id = flushed.org_id and e.entity_id = flushed.entity_id
            left join graph.derived d on d.org_id = e.org_id and d.entity_id = e.entity_id
            where e.deleted_at is null and e.position = (select public.current_position())
            order by e.org_id, e.entity_id
            """;

    private static final String STORED_ELEMENTS = """
            select part.n, x.key_hash, x.name, x.type, x.title, x.reference
            from unnest(?::integer[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
              as part (n, org_id, entity_id, from_hash, through_hash)
            join graph.element x on x.org_id = part.org_id and x.entity_id = part.entity_id
             and x.key_hash between part.from_hash and part.through_hash
            """;

    private static final String STORED_CLAIMS = """
            select part.n, c.claim_hash, c.source, c.target
            from unnest(?::integer[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
              as part (n, org_id, entity_id, from_hash, through_hash)
            join graph.claim c on c.org_id = part.org_id and c.claimant_id = part.entity_id and not c.by_hand
             and c.claim_hash between part.from_hash and part.through_hash
            """;

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

    /** Tells also of whom this transaction changed the name, type or title. */
    List<DerivedEntity> justWritten(long[] organisations, long[] entities, Derivation.Writes renamed)
            throws SQLException {
        List<DerivedEntity> found = new ArrayList<>(entities.length);
        try (PreparedStatement query = connection.prepareStatement(JUST_WRITTEN)) {
            query.setObject(1, organisations);
            query.setObject(2, entities);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(new DerivedEntity(rows.getLong(1), rows.getLong(2), rows.getLong(3), longs(rows, 4)));
                    if (rows.getObject(5) != null) {
                        renamed.wrote(rows.getLong(1), rows.getLong(5));
                    }
                }
            }
        }
        return found;
    }

    static long[] longs(ResultSet row, int column) throws SQLException {
        java.sql.Array stored = row.getArray(column);
        if (stored == null) {
            return new long[0];
        }
        Long[] boxed = (Long[]) stored.getArray();
        long[] values = new long[boxed.length];
        for (int at = 0; at < values.length; at++) {
            values[at] = boxed[at];
        }
        return values;
    }

    /** Reads the parts that differ and compares them item by item. */
    DerivedDifference difference(List<DerivedEntity> changed) throws SQLException {
        List<Stored> stored = new ArrayList<>(changed.size());
        SqlColumns parts = new SqlColumns();
        for (int n = 0; n < changed.size(); n++) {
            stored.add(new Stored());
            DerivedEntity entity = changed.get(n);
            for (int part = 0; part < entity.parts(); part++) {
                if (entity.partDiffers(part)) {
                    parts.row(
                            n,
                            entity.organisationId(),
                            entity.entityId(),
                            DerivedContent.from(part, entity.parts()),
                            DerivedContent.through(part, entity.parts()));
                }
            }
        }
        try (PreparedStatement query = connection.prepareStatement(STORED_ELEMENTS)) {
            parts.bind(query, "int4", "int8", "int8", "int8", "int8");
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    DerivedItem.Element element = DerivedItem.Element.of(
                            rows.getString(3), rows.getString(4), rows.getString(5), rows.getString(6));
                    stored.get(rows.getInt(1)).elements.put(rows.getLong(2), element);
                }
            }
        }
        try (PreparedStatement query = connection.prepareStatement(STORED_CLAIMS)) {
            parts.bind(query, "int4", "int8", "int8", "int8", "int8");
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    stored.get(rows.getInt(1))
                            .claims
                            .put(rows.getLong(2), new References(rows.getString(3), rows.getString(4)));
                }
            }
        }
        DerivedDifference difference = new DerivedDifference();
        for (int n = 0; n < changed.size(); n++) {
            difference.compare(changed.get(n), stored.get(n));
        }
        return difference;
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
