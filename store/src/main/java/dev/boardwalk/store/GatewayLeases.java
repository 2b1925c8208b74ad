package dev.boardwalk.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Who may write which journal. A gateway registers at its start and renews; what it leaves behind is claimed. All times
 * are the database's. Blocks.
 */
public final class GatewayLeases {
    private static final String REGISTER = """
            insert into public.gateway (address, lease_until, position, cluster_address)
            values (?, clock_timestamp() + ? * interval '1 millisecond', public.current_position(), ?)
            returning gateway_id, epoch
            """;

    private static final String RENEW = """
            update public.gateway
            set lease_until = clock_timestamp() + ? * interval '1 millisecond', position = public.current_position(),
                last_tick = greatest(last_tick, ?)
            where gateway_id = ? and epoch = ? and retired_at is null
            """;

    /**
     * The claimant must be alive itself: after a pause of the database all leases have run out, and whoever comes first
     * would otherwise claim those that are about to be renewed.
     */
    private static final String CLAIM = """
            with expired as materialized (
                select gateway_id from public.gateway
                where retired_at is null and lease_until < clock_timestamp() and gateway_id <> ?
                  and exists (
                    select from public.gateway claimant
                    where claimant.gateway_id = ? and claimant.epoch = ? and claimant.retired_at is null
                      and claimant.lease_until > clock_timestamp())
                order by lease_until
                for update skip locked
                limit ?
            )
            update public.gateway g
            set epoch = epoch + 1, claimed_by = ?, lease_until = clock_timestamp() + ? * interval '1 millisecond'
            from expired where g.gateway_id = expired.gateway_id
            returning g.gateway_id, g.epoch
            """;

    private static final String HOLD =
            "select from public.gateway where gateway_id = ? and epoch = ? and retired_at is null for update";

    private static final String RETIRE = "update public.gateway set retired_at = now() where gateway_id = ?";

    /** Kept a while for those who look; the journal rows of such a gateway are gone, or count as flushed. */
    private static final String FORGET =
            "delete from public.gateway where retired_at < now() - interval '7 days' and gateway_id <> ?";

    private final DataSource connections;
    private final Duration lease;
    private final JournalReader journal;

    GatewayLeases(DataSource connections, Duration lease, JournalReader journal) {
        this.connections = connections;
        this.lease = lease;
        this.journal = journal;
    }

    /** A new gateway, with a lease of {@link DatabaseLimits#lease()}; {@code address} is for people who look. */
    public GatewayLease register(String address) {
        return register(address, null);
    }

    /**
     * The same for a gateway with a relay.
     *
     * @param clusterAddress {@code host:port} at which other gateways reach it; null if it has none
     */
    public GatewayLease register(String address, @Nullable String clusterAddress) {
        try (Connection connection = connections.getConnection();
                PreparedStatement register = connection.prepareStatement(REGISTER);
                PreparedStatement forget = connection.prepareStatement(FORGET)) {
            register.setString(1, address);
            register.setLong(2, lease.toMillis());
            register.setString(3, clusterAddress);
            GatewayLease registered;
            try (ResultSet row = register.executeQuery()) {
                row.next();
                registered = new GatewayLease(row.getLong(1), row.getLong(2));
            }
            forget.setLong(1, registered.gatewayId());
            forget.executeUpdate();
            return registered;
        } catch (SQLException failure) {
            throw SqlErrors.of("register gateway " + address, failure);
        }
    }

    /** Extends own and claimed leases alike; call several times per lease. False: it was lost. */
    public boolean renew(GatewayLease held) {
        return renew(held, 0);
    }

    /**
     * The same, and tells the other gateways that ticks up to {@code lastTick} are committed: those that the relay did
     * not bring are read from the journal.
     */
    public boolean renew(GatewayLease held, long lastTick) {
        try (Connection connection = connections.getConnection();
                PreparedStatement renew = connection.prepareStatement(RENEW)) {
            renew.setLong(1, lease.toMillis());
            renew.setLong(2, lastTick);
            renew.setLong(3, held.gatewayId());
            renew.setLong(4, held.epoch());
            return renew.executeUpdate() == 1;
        } catch (SQLException failure) {
            throw SqlErrors.of("renew the lease of " + held, failure);
        }
    }

    /**
     * Takes over journals whose lease ran out, at most {@code limit}; two callers never get the same one. From then on
     * the former holder writes nothing more. A claim that is not renewed runs out like any lease. A claimant whose own
     * lease ran out gets nothing.
     */
    public List<GatewayLease> claimExpired(GatewayLease claimant, int limit) {
        try (Connection connection = connections.getConnection();
                PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            claim.setLong(1, claimant.gatewayId());
            claim.setLong(2, claimant.gatewayId());
            claim.setLong(3, claimant.epoch());
            claim.setInt(4, limit);
            claim.setLong(5, claimant.gatewayId());
            claim.setLong(6, lease.toMillis());
            List<GatewayLease> claimed = new ArrayList<>();
            try (ResultSet rows = claim.executeQuery()) {
                while (rows.next()) {
                    claimed.add(new GatewayLease(rows.getLong(1), rows.getLong(2)));
                }
            }
            return claimed;
        } catch (SQLException failure) {
            throw SqlErrors.of("claim expired journals for " + claimant, failure);
        }
    }

    /**
     * Ends a lease whose journal is wholly flushed: a drained gateway's own, or a claimed one after recovery. False: it
     * was lost. Fails with {@link StoreException.Conflict} if a tick is not covered by a flush yet.
     */
    public boolean retire(GatewayLease held) {
        try (Connection connection = connections.getConnection()) {
            return Transactions.run(connection, () -> retire(connection, held));
        } catch (SQLException failure) {
            throw SqlErrors.of("retire " + held, failure);
        }
    }

    private boolean retire(Connection connection, GatewayLease held) throws SQLException {
        try (PreparedStatement hold = connection.prepareStatement(HOLD);
                PreparedStatement retire = connection.prepareStatement(RETIRE)) {
            hold.setLong(1, held.gatewayId());
            hold.setLong(2, held.epoch());
            try (ResultSet row = hold.executeQuery()) {
                if (!row.next()) {
                    return false;
                }
            }
            List<UnflushedEntity> left = journal.unflushed(connection, held, null, 1);
            if (!left.isEmpty()) {
                throw new StoreException.Conflict(
                        "cannot retire " + held + ": its journal still holds " + left.getFirst(), null);
            }
            retire.setLong(1, held.gatewayId());
            return retire.executeUpdate() == 1;
        }
    }
}
