package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Leases and the recovery of what a dead gateway left behind. */
class GatewayLeasesTest extends DatabaseTest {

    @Test
    void a_live_lease_is_not_claimed() {
        GatewayLease alive = database.leases().register("alive");
        GatewayLease claimant = database.leases().register("claimant");

        assertThat(database.leases().renew(alive)).isTrue();
        assertThat(database.leases().claimExpired(claimant, 1_000))
                .extracting(GatewayLease::gatewayId)
                .doesNotContain(alive.gatewayId());
    }

    @Test
    void an_expired_lease_is_claimed_once_and_its_former_holder_learns_it() {
        GatewayLease dead = expired("dead");
        GatewayLease claimant = database.leases().register("claimant");

        List<GatewayLease> claimed = claims(claimant);

        assertThat(claimed).contains(new GatewayLease(dead.gatewayId(), dead.epoch() + 1));
        assertThat(claims(claimant)).isEmpty();
        assertThat(database.leases().renew(dead)).isFalse();
        assertThat(database.leases().retire(dead)).isFalse();
    }

    @Test
    void a_claim_that_is_not_renewed_runs_out_too() {
        GatewayLease dead = expired("dead");
        GatewayLease firstClaimant = database.leases().register("first");
        assertThat(claims(firstClaimant)).extracting(GatewayLease::gatewayId).contains(dead.gatewayId());
        expire(dead.gatewayId());
        expire(firstClaimant.gatewayId());

        assertThat(claims(database.leases().register("second")))
                .contains(new GatewayLease(dead.gatewayId(), dead.epoch() + 2));
    }

    @Test
    void who_is_expired_itself_claims_nothing() {
        expired("dead");
        GatewayLease claimant = database.leases().register("claimant");
        expire(claimant.gatewayId());

        assertThat(claims(claimant)).isEmpty();
        assertThat(database.leases().renew(claimant)).isTrue();
        assertThat(claims(claimant)).isNotEmpty();
    }

    @Test
    void two_claimants_at_once_share_the_dead_without_overlap() throws InterruptedException {
        GatewayLease first = database.leases().register("first");
        GatewayLease second = database.leases().register("second");
        claims(first);
        List<Long> dead = new ArrayList<>();
        for (int at = 0; at < 60; at++) {
            dead.add(expired("dead-" + at).gatewayId());
        }
        ConcurrentLinkedQueue<GatewayLease> claimed = new ConcurrentLinkedQueue<>();
        List<Thread> claimants = List.of(first, second, first, second).stream()
                .map(claimant -> Thread.ofVirtual().start(() -> {
                    List<GatewayLease> some;
                    do {
                        some = database.leases().claimExpired(claimant, 7);
                        claimed.addAll(some);
                    } while (!some.isEmpty());
                }))
                .toList();
        for (Thread claimant : claimants) {
            claimant.join();
        }
        claimed.addAll(claims(first));

        assertThat(claimed).extracting(GatewayLease::gatewayId).containsExactlyInAnyOrderElementsOf(dead);
    }

    @Test
    void the_journal_of_a_dead_gateway_is_recovered_and_its_lease_retired() {
        EntityId one = entity("recover-1").id();
        EntityId two = entity("recover-2").id();
        GatewayLease dead = database.leases().register("dead");
        Journal journal = database.journal(dead);
        CommittedTick first = answer(journal.append(1, List.of(entry(one, "flushed"))));
        database.flushWriter().write(dead, List.of(flushed(one, "flushed", 1, 1)), first);
        answer(journal.append(2, List.of(entry(one, "a"), entry(two, "x"))));
        answer(journal.append(3, List.of(entry(one, "b"))));
        expire(dead.gatewayId());

        GatewayLease claimed = claim(dead);
        assertThat(database.journalReader().unflushed(claimed, null, 10))
                .extracting(UnflushedEntity::entity, UnflushedEntity::firstTick, UnflushedEntity::lastTick)
                .containsExactly(tuple(one, 2L, 3L), tuple(two, 2L, 2L));
        assertThatThrownBy(() -> database.leases().retire(claimed)).isInstanceOf(StoreException.Conflict.class);
        recover(claimed);

        assertThat(database.leases().retire(claimed)).isTrue();
        assertThat(texts(entity("recover-1"))).containsExactly("flushed", "a", "b");
        assertThat(texts(entity("recover-2"))).containsExactly("x");
        assertThat(entity("recover-1").pieces()).allMatch(StoredPiece.Operation.class::isInstance);
    }

    @Test
    void a_recovery_that_died_half_way_is_finished_by_the_next_without_doubling() {
        List<EntityId> entities = new ArrayList<>();
        List<JournalEntry> entries = new ArrayList<>();
        for (int at = 0; at < 30; at++) {
            entities.add(entity("half-" + at).id());
            entries.add(entry(entities.get(at), "u" + at));
        }
        GatewayLease dead = database.leases().register("dead");
        answer(database.journal(dead).append(1, entries));
        expire(dead.gatewayId());
        GatewayLease firstClaim = claim(dead);
        for (UnflushedEntity some : database.journalReader().unflushed(firstClaim, null, 10)) {
            recover(firstClaim, some);
        }
        expire(dead.gatewayId());

        GatewayLease secondClaim = claim(dead);
        assertThat(secondClaim.epoch()).isEqualTo(firstClaim.epoch() + 1);
        assertThatThrownBy(() -> recover(firstClaim, new UnflushedEntity(entities.get(29), 1, 1, 2)))
                .isInstanceOf(StoreException.Fenced.class);
        recover(secondClaim);

        assertThat(database.leases().retire(secondClaim)).isTrue();
        for (int at = 0; at < 30; at++) {
            assertThat(texts(entity("half-" + at))).containsExactly("u" + at);
        }
    }

    @Test
    void unflushed_entities_are_read_in_pages() {
        List<JournalEntry> entries = new ArrayList<>();
        for (int at = 0; at < 25; at++) {
            entries.add(entry(entity("page-" + at).id(), "u"));
        }
        GatewayLease lease = database.leases().register("paged");
        answer(database.journal(lease).append(1, entries));

        List<EntityId> read = new ArrayList<>();
        List<UnflushedEntity> page;
        do {
            page = database.journalReader().unflushed(lease, read.isEmpty() ? null : read.getLast(), 10);
            page.forEach(unflushed -> read.add(unflushed.entity()));
        } while (!page.isEmpty());

        assertThat(read)
                .containsExactlyElementsOf(
                        entries.stream().map(JournalEntry::entity).toList());
    }

    private void recover(GatewayLease claimed) {
        List<UnflushedEntity> page = database.journalReader().unflushed(claimed, null, 10);
        while (!page.isEmpty()) {
            page.forEach(unflushed -> recover(claimed, unflushed));
            page = database.journalReader().unflushed(claimed, page.getLast().entity(), 10);
        }
    }

    private void recover(GatewayLease claimed, UnflushedEntity unflushed) {
        StoredEntity entity =
                answer(database.entities().load(unflushed.entity())).orElseThrow();
        List<byte[]> updates = entity.pieces().stream()
                .filter(piece -> piece instanceof StoredPiece.Tick tick && tick.gatewayId() == claimed.gatewayId())
                .flatMap(piece -> piece.updates().stream())
                .toList();
        FlushedEntity flushed = FlushedEntity.projected(
                unflushed.entity(),
                OperationFormat.BATCH,
                UpdateBatch.encode(updates),
                null,
                unflushed.firstTick(),
                unflushed.lastTick(),
                projection("{}"));
        database.flushWriter().write(claimed, List.of(flushed), null);
    }

    private GatewayLease expired(String address) {
        GatewayLease lease = database.leases().register(address);
        expire(lease.gatewayId());
        return lease;
    }

    private void expire(long gateway) {
        server.execute(
                "update public.gateway set lease_until = now() - interval '1 second' where gateway_id = " + gateway);
    }

    private List<GatewayLease> claims(GatewayLease claimant) {
        return database.leases().claimExpired(claimant, 1_000);
    }

    private GatewayLease claim(GatewayLease dead) {
        return claims(database.leases().register("survivor")).stream()
                .filter(claimed -> claimed.gatewayId() == dead.gatewayId())
                .findFirst()
                .orElseThrow();
    }
}
