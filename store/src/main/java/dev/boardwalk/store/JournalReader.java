package dev.boardwalk.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads what a claimed journal still holds. Blocks. */
public final class JournalReader {

    /**
     * A scan of the partitions since the gateway's last flush, which are minutes: an index by gateway would cost every
     * tick and serve this alone.
     */
    private static final String UNFLUSHED = """
            select j.org_id, j.entity_id, min(j.tick) as first_tick, max(j.tick) as last_tick,
                   sum(length(j.updates_bytes)) as size
            from public.gateway g
            join crdt.journal j
              on j.gateway_id = g.gateway_id and j.tick > g.flushed_tick and j.created_at >= g.flushed_from
            where g.gateway_id = ? and g.epoch = ? and g.retired_at is null and (j.org_id, j.entity_id) > (?, ?)
            group by j.org_id, j.entity_id, g.gateway_id, g.flushed_from
            having not exists (
                select from crdt.operation o
                where o.org_id = j.org_id and o.entity_id = j.entity_id and o.created_at >= g.flushed_from
                  and o.gateway_id = g.gateway_id and o.last_tick >= max(j.tick))
            order by j.org_id, j.entity_id
            limit ?
            """;

    private final DataSource connections;

    JournalReader(DataSource connections) {
        this.connections = connections;
    }

    /**
     * The entities whose ticks no flush has covered, in order of their ids, {@code limit} at a time.
     *
     * <p>Recovery: claim; for each entity {@link EntityStore#load(EntityId)}, merge the pieces
     * {@link StoredPiece.Tick} of this gateway from {@code firstTick} to {@code lastTick}, flush them; retire.
     * Interrupted anywhere, it is simply begun again: entities already flushed do not appear any more.
     *
     * @param after the last entity of the previous page, null at first
     * @return empty too if the lease was lost
     */
    public List<UnflushedEntity> unflushed(GatewayLease lease, @Nullable EntityId after, int limit) {
        try (Connection connection = connections.getConnection()) {
            return unflushed(connection, lease, after, limit);
        } catch (SQLException failure) {
            throw SqlErrors.of("read the unflushed journal of " + lease, failure);
        }
    }

    List<UnflushedEntity> unflushed(Connection connection, GatewayLease lease, @Nullable EntityId after, int limit)
            throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(UNFLUSHED)) {
            read.setLong(1, lease.gatewayId());
            read.setLong(2, lease.epoch());
            read.setLong(3, after == null ? 0 : after.organisation().value());
            read.setLong(4, after == null ? 0 : after.number());
            read.setInt(5, limit);
            List<UnflushedEntity> found = new ArrayList<>();
            try (ResultSet row = read.executeQuery()) {
                while (row.next()) {
                    EntityId entity = EntityId.ofRow(row);
                    found.add(new UnflushedEntity(
                            entity, row.getLong("first_tick"), row.getLong("last_tick"), row.getLong("size")));
                }
            }
            return found;
        }
    }
}
