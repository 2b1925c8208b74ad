package dev.boardwalk.graph;

import dev.boardwalk.graph.DerivedDifference.References;
import dev.boardwalk.graph.DerivedDifference.Stored;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What earlier flushes derived, read back so far as it may differ from what a flush derives now. Blocks. */
final class StoredDerivations {
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

    private final Connection connection;

    StoredDerivations(Connection connection) {
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

    private static long[] longs(ResultSet row, int column) throws SQLException {
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
}
