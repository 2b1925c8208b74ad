package dev.boardwalk.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The statement by which snapshots become the newest of their entities: compare-and-set, for many at once. */
final class SnapshotPublication {
    /** Rows are locked in the order of flushes. A released document leaves the quarantine with its snapshot. A key
     * whose object is being removed cannot be published. */
    private static final String PUBLISH = """
            with given as (
                select * from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bytea[], ?::bigint[], ?::bytea[],
                    ?::bigint[], ?::timestamptz[], ?::text[], ?::bigint[], ?::bigint[], ?::bytea[])
                as given (org_id, entity_id, parent_id, sha256_bytes, size, state_vector_bytes,
                    covered_position, covered_from, object, object_offset, object_length, state_bytes)
            ), held as materialized (
                select e.org_id, e.entity_id from public.entity e
                join given on given.org_id = e.org_id and given.entity_id = e.entity_id
                where e.snapshot_id is not distinct from given.parent_id
                  and not exists (select from crdt.orphan_object o
                                  where o.object = given.object and o.doomed_position is not null)
                order by e.org_id, e.entity_id
                for no key update of e
            ), made as (
                insert into crdt.snapshot (org_id, entity_id, parent_id, sha256_bytes, size, state_vector_bytes,
                    covered_position, covered_from, object, object_offset, object_length, state_bytes)
                select given.* from given join held using (org_id, entity_id)
                returning org_id, entity_id, snapshot_id
            ), healed as (
                delete from crdt.quarantine q using made where q.org_id = made.org_id and q.entity_id = made.entity_id
            ), mended as (
                delete from crdt.damaged_snapshot d using made
                where d.org_id = made.org_id and d.entity_id = made.entity_id
            )
            update public.entity e set snapshot_id = made.snapshot_id
            from made where e.org_id = made.org_id and e.entity_id = made.entity_id
            returning e.org_id, e.entity_id
            """;

    private static final String REMOVE_KEPT =
            "delete from crdt.kept_operation where org_id = ? and entity_id = ? and operation_id = any(?)";

    private static final Comparator<NewSnapshot> LOCK_ORDER = Comparator.comparingLong(
                    (NewSnapshot snapshot) -> snapshot.entity().organisation().value())
            .thenComparingLong(snapshot -> snapshot.entity().number());

    private final Connection connection;

    SnapshotPublication(Connection connection) {
        this.connection = connection;
    }

    List<EntityId> publish(List<NewSnapshot> snapshots) throws SQLException {
        List<NewSnapshot> ordered = snapshots.stream().sorted(LOCK_ORDER).toList();
        try (PreparedStatement publish = connection.prepareStatement(PUBLISH)) {
            publish.setArray(
                    1, array("int8", ordered, it -> it.entity().organisation().value()));
            publish.setArray(2, array("int8", ordered, it -> it.entity().number()));
            publish.setArray(3, array("int8", ordered, NewSnapshot::parent));
            publish.setArray(4, bytes(ordered, it -> it.place().sha256()));
            publish.setArray(5, array("int8", ordered, it -> it.place().size()));
            publish.setArray(6, bytes(ordered, NewSnapshot::stateVector));
            publish.setArray(7, array("int8", ordered, NewSnapshot::coveredPosition));
            publish.setArray(8, array("text", ordered, it -> it.coveredFrom().toString()));
            publish.setArray(9, array("text", ordered, it -> it.place().object()));
            publish.setArray(10, array("int8", ordered, it -> it.place().offset()));
            publish.setArray(11, array("int8", ordered, it -> (long) it.place().length()));
            publish.setArray(12, bytes(ordered, NewSnapshot::inline));
            List<EntityId> published = new ArrayList<>();
            try (ResultSet row = publish.executeQuery()) {
                while (row.next()) {
                    published.add(new EntityId(new OrganisationId(row.getLong(1)), row.getLong(2)));
                }
            }
            removeKept(snapshots, Set.copyOf(published));
            return published;
        }
    }

    private void removeKept(List<NewSnapshot> snapshots, Set<EntityId> published) throws SQLException {
        for (NewSnapshot snapshot : snapshots) {
            if (!snapshot.kept().isEmpty() && published.contains(snapshot.entity())) {
                try (PreparedStatement remove = connection.prepareStatement(REMOVE_KEPT)) {
                    remove.setLong(1, snapshot.entity().organisation().value());
                    remove.setLong(2, snapshot.entity().number());
                    remove.setArray(
                            3, connection.createArrayOf("int8", snapshot.kept().toArray()));
                    remove.executeUpdate();
                }
            }
        }
    }

    private Array array(String type, List<NewSnapshot> snapshots, Function<NewSnapshot, @Nullable Object> value)
            throws SQLException {
        @Nullable Object[] values = new @Nullable Object[snapshots.size()];
        for (int at = 0; at < values.length; at++) {
            values[at] = value.apply(snapshots.get(at));
        }
        return connection.createArrayOf(type, values);
    }

    /** The driver takes bytes in an array of their own type only. */
    private Array bytes(List<NewSnapshot> snapshots, Function<NewSnapshot, byte @Nullable []> value)
            throws SQLException {
        byte[][] values = new byte[snapshots.size()][];
        for (int at = 0; at < values.length; at++) {
            byte[] bytes = value.apply(snapshots.get(at));
            if (bytes != null) {
                values[at] = bytes;
            }
        }
        return connection.createArrayOf("bytea", values);
    }
}
