package dev.boardwalk.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** Which other gateways there are, and what they committed: by this a gateway notices what the relay lost. Blocks. */
public final class GatewayDirectory {

    /** Those that retired lately as well: the last that they did may not have arrived. */
    private static final String OTHERS = """
            select gateway_id, last_tick, retired_at is null and claimed_by is null and lease_until > clock_timestamp() as alive,
                   cluster_address
            from public.gateway
            where gateway_id <> ? and (retired_at is null or retired_at > now() - interval '10 minutes')
            order by gateway_id
            """;

    /**
     * Of the given entities those that a gateway has changed in the given ticks: journal rows, or the operations into
     * which a flush has turned them. The time bound only leaves partitions out.
     */
    private static final String CHANGED = """
            select wanted.org_id, wanted.entity_id
            from unnest(?::bigint[], ?::bigint[]) as wanted (org_id, entity_id)
            where exists (
                select from crdt.journal j
                where j.org_id = wanted.org_id and j.entity_id = wanted.entity_id and j.gateway_id = ?
                  and j.tick > ? and j.tick <= ? and j.created_at > now() - interval '2 hours')
            or exists (
                select from crdt.operation o
                where o.org_id = wanted.org_id and o.entity_id = wanted.entity_id and o.gateway_id = ?
                  and o.last_tick > ? and o.first_tick <= ? and o.created_at > now() - interval '2 hours')
            """;

    private static final String SECRET = "select secret from public.relay_secret";

    private final DataSource connections;

    GatewayDirectory(DataSource connections) {
        this.connections = connections;
    }

    /** All gateways but this one that live, died without being recovered yet, or retired within minutes. */
    public List<OtherGateway> others(long gatewayId) {
        try (Connection connection = connections.getConnection();
                PreparedStatement read = connection.prepareStatement(OTHERS)) {
            read.setLong(1, gatewayId);
            List<OtherGateway> others = new ArrayList<>();
            try (ResultSet row = read.executeQuery()) {
                while (row.next()) {
                    others.add(new OtherGateway(row.getLong(1), row.getLong(2), row.getBoolean(3), row.getString(4)));
                }
            }
            return others;
        } catch (SQLException failure) {
            throw SqlErrors.of("look for gateways besides " + gatewayId, failure);
        }
    }

    /**
     * Those of the given entities that a gateway changed in ticks above {@code after} up to {@code through}, none of them
     * older than an hour.
     */
    public List<EntityId> changed(long gatewayId, long after, long through, List<EntityId> among) {
        Long[] organisations = new Long[among.size()];
        Long[] entities = new Long[among.size()];
        for (int at = 0; at < among.size(); at++) {
            organisations[at] = among.get(at).organisation().value();
            entities[at] = among.get(at).number();
        }
        try (Connection connection = connections.getConnection();
                PreparedStatement read = connection.prepareStatement(CHANGED)) {
            read.setArray(1, connection.createArrayOf("int8", organisations));
            read.setArray(2, connection.createArrayOf("int8", entities));
            for (int at = 3; at <= 6; at += 3) {
                read.setLong(at, gatewayId);
                read.setLong(at + 1, after);
                read.setLong(at + 2, through);
            }
            List<EntityId> changed = new ArrayList<>();
            try (ResultSet row = read.executeQuery()) {
                while (row.next()) {
                    changed.add(new EntityId(new OrganisationId(row.getLong(1)), row.getLong(2)));
                }
            }
            return changed;
        } catch (SQLException failure) {
            throw SqlErrors.of("look for what gateway " + gatewayId + " changed after tick " + after, failure);
        }
    }

    /** The word by which gateways on this database know each other. */
    public UUID secret() {
        try (Connection connection = connections.getConnection();
                PreparedStatement read = connection.prepareStatement(SECRET);
                ResultSet row = read.executeQuery()) {
            row.next();
            return row.getObject(1, UUID.class);
        } catch (SQLException failure) {
            throw SqlErrors.of("read the secret of the relay", failure);
        }
    }
}
