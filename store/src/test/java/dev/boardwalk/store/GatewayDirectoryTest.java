package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What gateways learn of each other through the database. */
class GatewayDirectoryTest extends DatabaseTest {

    @Test
    void a_gateway_is_seen_by_others_with_its_address_and_its_last_tick() {
        GatewayLease own = database.leases().register("own");
        GatewayLease other = database.leases().register("other", "127.0.0.1:7000");
        assertThat(database.leases().renew(other, 7)).isTrue();
        assertThat(database.leases().renew(other, 5)).as("never goes back").isTrue();

        assertThat(database.gateways().others(own.gatewayId()))
                .contains(new OtherGateway(other.gatewayId(), 7, true, "127.0.0.1:7000"))
                .extracting(OtherGateway::gatewayId)
                .doesNotContain(own.gatewayId());
    }

    @Test
    void one_whose_lease_ran_out_is_seen_as_dead_also_while_it_is_recovered() {
        GatewayLease dead = database.leases().register("dead");
        server.execute("update public.gateway set lease_until = now() - interval '1 second' where gateway_id = "
                + dead.gatewayId());
        GatewayLease survivor = database.leases().register("survivor");
        assertThat(database.gateways().others(survivor.gatewayId()))
                .contains(new OtherGateway(dead.gatewayId(), 0, false, null));

        assertThat(database.leases().claimExpired(survivor, 1_000)).isNotEmpty();
        assertThat(database.gateways().others(survivor.gatewayId()))
                .contains(new OtherGateway(dead.gatewayId(), 0, false, null));
    }

    @Test
    void what_a_gateway_changed_is_found_in_the_journal_and_in_operations() {
        EntityId journaled = entity("relay-journaled").id();
        EntityId flushed = entity("relay-flushed").id();
        EntityId untouched = entity("relay-untouched").id();
        GatewayLease lease = database.leases().register("writer");
        Journal journal = database.journal(lease);
        answer(journal.append(1, List.of(entry(flushed, "one"))));
        answer(journal.append(2, List.of(entry(journaled, "two"))));
        database.flushWriter()
                .write(
                        lease,
                        List.of(FlushedEntity.projected(
                                flushed,
                                OperationFormat.BATCH,
                                UpdateBatch.encode(List.of("one".getBytes(java.nio.charset.StandardCharsets.UTF_8))),
                                null,
                                1,
                                1,
                                projection("{}"))),
                        null);
        server.execute("delete from crdt.journal where tick = 1 and gateway_id = " + lease.gatewayId());

        List<EntityId> all = List.of(journaled, flushed, untouched);
        GatewayDirectory directory = database.gateways();
        assertThat(directory.changed(lease.gatewayId(), 0, 2, all)).containsExactlyInAnyOrder(journaled, flushed);
        assertThat(directory.changed(lease.gatewayId(), 1, 2, all)).containsExactly(journaled);
        assertThat(directory.changed(lease.gatewayId(), 0, 1, all)).containsExactly(flushed);
        assertThat(directory.changed(lease.gatewayId(), 0, 2, List.of(untouched)))
                .isEmpty();
        assertThat(directory.changed(lease.gatewayId(), 0, 2, List.of())).isEmpty();
    }

    @Test
    void all_read_the_same_secret() {
        assertThat(database.gateways().secret()).isEqualTo(database.gateways().secret());
    }
}
