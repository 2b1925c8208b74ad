package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalTest extends DatabaseTest {
    private GatewayLease lease;
    private Journal journal;

    @BeforeEach
    void register() {
        lease = database.leases().register("test");
        journal = database.journal(lease);
    }

    @AfterEach
    void close() {
        answer(journal.close());
    }

    @Test
    void a_committed_tick_is_loaded_with_its_updates_in_order() {
        EntityId first = entity("ordered-1").id();
        EntityId second = entity("ordered-2").id();
        answer(journal.append(1, List.of(entry(first, "a", "b"), entry(second, "x"))));
        answer(journal.append(2, List.of(entry(first, "c"))));

        assertThat(texts(entity("ordered-1"))).containsExactly("a", "b", "c");
        assertThat(texts(entity("ordered-2"))).containsExactly("x");
    }

    @Test
    void later_ticks_have_greater_positions() {
        EntityId entity = entity("positions").id();
        CommittedTick first = answer(journal.append(1, List.of(entry(entity, "a"))));
        CommittedTick second = answer(journal.append(2, List.of(entry(entity, "b"))));

        assertThat(first.tick()).isEqualTo(1);
        assertThat(second.position()).isGreaterThan(first.position());
        assertThat(second.at()).isAfterOrEqualTo(first.at());
    }

    @Test
    void a_tick_of_a_connection_that_was_killed_while_idle_is_written_once() {
        EntityId entity = entity("idle-kill").id();
        answer(journal.append(1, List.of(entry(entity, "a"))));
        server.killSessions("boardwalk journal");

        appendUntilCommitted(2, List.of(entry(entity, "b")));

        assertThat(texts(entity("idle-kill"))).containsExactly("a", "b");
    }

    @Test
    void ticks_out_of_order_are_a_bug() {
        EntityId entity = entity("bug").id();
        answer(journal.append(5, List.of(entry(entity, "a"))));

        assertThatThrownBy(() -> journal.append(5, List.of(entry(entity, "a"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tick 5");
        assertThatThrownBy(() -> journal.append(6, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void after_a_takeover_a_tick_is_refused_and_leaves_nothing() {
        EntityId entity = entity("fenced").id();
        answer(journal.append(1, List.of(entry(entity, "a"))));
        server.execute("update public.gateway set epoch = epoch + 1 where gateway_id = " + lease.gatewayId());

        assertThatThrownBy(() -> answer(journal.append(2, List.of(entry(entity, "lost")))))
                .isInstanceOf(StoreException.Fenced.class);
        assertThat(texts(entity("fenced"))).containsExactly("a");
    }

    private void appendUntilCommitted(long tick, List<JournalEntry> entries) {
        while (true) {
            try {
                answer(journal.append(tick, entries));
                return;
            } catch (StoreException.Unavailable retried) {
                assertThat(retried.passes()).isTrue();
            }
        }
    }
}
