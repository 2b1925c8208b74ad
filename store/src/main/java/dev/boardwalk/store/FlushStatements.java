package dev.boardwalk.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The statements of one flush transaction, each for a whole batch. */
final class FlushStatements {
    /** Longest type in characters, so that it fits its index; longer ones are cut. */
    static final int TYPE_LENGTH_MAX = 255;

    /** Longest title in characters, as a line of a list shows it; longer ones are cut. */
    static final int TITLE_LENGTH_MAX = 1_000;

    private static final int REASON_LENGTH_MAX = 1_000;

    /** Shares the row with ticks and other flushes; a takeover waits for this transaction, and is then seen by the next. */
    private static final String HOLD_LEASE = """
            with held as materialized (
                select from public.gateway where gateway_id = ? and epoch = ? and retired_at is null for key share
            )
            select public.current_position() from held
            """;

    /** An operation never lies before the time from which loads look at the entity's operations, whatever the clock does. */
    private static final String OPERATIONS = """
            insert into crdt.operation
                (org_id, entity_id, format, update_bytes, authors, gateway_id, first_tick, last_tick, position, created_at)
            select org_id, entity_id, format, update_bytes, authors::jsonb, ?, first_tick, last_tick, ?,
                   greatest(now(), e.created_at, s.covered_from)
            from unnest(?::bigint[], ?::bigint[], ?::smallint[], ?::bytea[], ?::text[], ?::bigint[], ?::bigint[])
              as flushed (org_id, entity_id, format, update_bytes, authors, first_tick, last_tick)
            left join public.entity e using (org_id, entity_id)
            left join crdt.snapshot s using (org_id, entity_id, snapshot_id)
            """;

    private static final String PROJECTIONS = """
            update public.entity e
            set properties = flushed.properties::jsonb, type = flushed.type, title = flushed.title,
                state_vector_bytes = flushed.state_vector_bytes, size = flushed.size, position = ?,
                content_tag_bytes = nullif(flushed.content_tag_bytes, ''),
                updated_at = now(), quarantined_at = null, quarantine_reason = null
            from unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::bigint[], ?::bigint[],
                        ?::bytea[])
              as flushed (org_id, entity_id, properties, type, title, state_vector_bytes, size, basis, content_tag_bytes)
            where e.org_id = flushed.org_id and e.entity_id = flushed.entity_id
              and (flushed.basis is null or flushed.basis = e.position)
            returning e.org_id, e.entity_id
            """;

    private static final String QUARANTINES = """
            update public.entity e
            set quarantined_at = coalesce(e.quarantined_at, now()), quarantine_reason = flushed.reason,
                position = ?, updated_at = now()
            from unnest(?::bigint[], ?::bigint[], ?::text[]) as flushed (org_id, entity_id, reason)
            where e.org_id = flushed.org_id and e.entity_id = flushed.entity_id
            """;

    private static final String CHANGES = """
            insert into public.change (org_id, entity_id, kind, position)
            select org_id, entity_id, 'flushed', ?
            from unnest(?::bigint[], ?::bigint[]) as flushed (org_id, entity_id)
            """;

    /** A minute of slack, since clocks are set back: it only decides which partitions are looked at. */
    private static final String FLUSHED_THROUGH = """
            update public.gateway
            set flushed_tick = greatest(flushed_tick, ?),
                flushed_from = greatest(flushed_from, ?::timestamptz - interval '1 minute')
            where gateway_id = ? and epoch = ?
            """;

    private final Connection connection;
    private final GatewayLease lease;

    FlushStatements(Connection connection, GatewayLease lease) {
        this.connection = connection;
        this.lease = lease;
    }

    /** The transaction's position; fails with {@link StoreException.Fenced}. */
    long holdLease() throws SQLException {
        try (PreparedStatement hold = connection.prepareStatement(HOLD_LEASE)) {
            hold.setLong(1, lease.gatewayId());
            hold.setLong(2, lease.epoch());
            try (ResultSet row = hold.executeQuery()) {
                if (!row.next()) {
                    throw new StoreException.Fenced("flush of " + lease + " was not written: the lease was taken over");
                }
                return row.getLong(1);
            }
        }
    }

    void operations(List<FlushedEntity> all, long position) throws SQLException {
        List<FlushedEntity> batch =
                all.stream().filter(flushed -> flushed.update().length > 0).toList();
        if (batch.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(OPERATIONS)) {
            insert.setLong(1, lease.gatewayId());
            insert.setLong(2, position);
            setIds(insert, 3, batch);
            insert.setArray(5, array("int2", batch, flushed -> flushed.format().stored()));
            insert.setArray(6, bytes(batch, FlushedEntity::update));
            insert.setArray(7, array("text", batch, FlushStatements::authors));
            insert.setArray(8, array("int8", batch, FlushedEntity::firstTick));
            insert.setArray(9, array("int8", batch, FlushedEntity::lastTick));
            insert.executeUpdate();
        }
    }

    /** Answers the entities whose projection was superseded. */
    List<EntityId> projections(List<FlushedEntity> batch, long position) throws SQLException {
        List<FlushedEntity> projected =
                batch.stream().filter(flushed -> flushed.projection() != null).toList();
        if (projected.isEmpty()) {
            return List.of();
        }
        try (PreparedStatement update = connection.prepareStatement(PROJECTIONS)) {
            update.setLong(1, position);
            setIds(update, 2, projected);
            update.setArray(4, projected("text", projected, meaning -> JsonText.storable(meaning.properties())));
            update.setArray(5, projected("text", projected, meaning -> cut(meaning.type(), TYPE_LENGTH_MAX)));
            update.setArray(6, projected("text", projected, meaning -> cut(meaning.title(), TITLE_LENGTH_MAX)));
            update.setArray(7, bytes(projected, FlushStatements::stateVector));
            update.setArray(8, projected("int8", projected, Projection::bytes));
            update.setArray(9, projected("int8", projected, Projection::basis));
            update.setArray(10, bytes(projected, FlushStatements::contentTag));
            return superseded(projected, update);
        }
    }

    private static List<EntityId> superseded(List<FlushedEntity> projected, PreparedStatement update)
            throws SQLException {
        Set<EntityId> conditional = new LinkedHashSet<>();
        for (FlushedEntity each : projected) {
            Projection meaning = each.projection();
            if (meaning != null && meaning.basis() != null) {
                conditional.add(each.entity());
            }
        }
        try (ResultSet written = update.executeQuery()) {
            while (written.next()) {
                conditional.remove(new EntityId(new OrganisationId(written.getLong(1)), written.getLong(2)));
            }
        }
        return List.copyOf(conditional);
    }

    void quarantines(List<FlushedEntity> batch, long position) throws SQLException {
        List<FlushedEntity> bad = batch.stream()
                .filter(flushed -> flushed.quarantineReason() != null)
                .toList();
        if (bad.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(QUARANTINES)) {
            update.setLong(1, position);
            setIds(update, 2, bad);
            update.setArray(4, array("text", bad, flushed -> cut(flushed.quarantineReason(), REASON_LENGTH_MAX)));
            update.executeUpdate();
        }
    }

    void changes(List<FlushedEntity> batch, long position) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(CHANGES)) {
            insert.setLong(1, position);
            setIds(insert, 2, batch);
            insert.executeUpdate();
        }
    }

    void flushedThrough(CommittedTick tick) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(FLUSHED_THROUGH)) {
            update.setLong(1, tick.tick());
            update.setObject(2, tick.at().atOffset(ZoneOffset.UTC));
            update.setLong(3, lease.gatewayId());
            update.setLong(4, lease.epoch());
            update.executeUpdate();
        }
    }

    private void setIds(PreparedStatement statement, int at, List<FlushedEntity> batch) throws SQLException {
        statement.setArray(
                at,
                array("int8", batch, flushed -> flushed.entity().organisation().value()));
        statement.setArray(
                at + 1, array("int8", batch, flushed -> flushed.entity().number()));
    }

    private Array projected(String type, List<FlushedEntity> batch, Function<Projection, @Nullable Object> value)
            throws SQLException {
        return array(type, batch, flushed -> {
            Projection meaning = flushed.projection();
            return meaning == null ? null : value.apply(meaning);
        });
    }

    private Array array(String type, List<FlushedEntity> batch, Function<FlushedEntity, @Nullable Object> value)
            throws SQLException {
        @Nullable Object[] values = new @Nullable Object[batch.size()];
        for (int at = 0; at < values.length; at++) {
            values[at] = value.apply(batch.get(at));
        }
        return connection.createArrayOf(type, values);
    }

    /** The driver takes bytes in an array of their own type only. */
    private Array bytes(List<FlushedEntity> batch, Function<FlushedEntity, byte[]> value) throws SQLException {
        byte[][] values = new byte[batch.size()][];
        for (int at = 0; at < values.length; at++) {
            values[at] = value.apply(batch.get(at));
        }
        return connection.createArrayOf("bytea", values);
    }

    private static @Nullable String authors(FlushedEntity flushed) {
        String authors = flushed.authors();
        return authors == null ? null : JsonText.storable(authors);
    }

    private static byte[] stateVector(FlushedEntity flushed) {
        return Objects.requireNonNull(flushed.projection()).stateVector();
    }

    private static byte[] contentTag(FlushedEntity flushed) {
        byte[] tag = Objects.requireNonNull(flushed.projection()).contentTag();
        return tag == null ? new byte[0] : tag;
    }

    private static @Nullable String cut(@Nullable String text, int lengthMax) {
        if (text == null) {
            return null;
        }
        String shortened = text.length() <= lengthMax ? text : text.substring(0, lengthMax);
        return JsonText.plain(shortened);
    }
}
