package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A database whose partitions last one second each: a night of hours in some seconds. */
class UpkeepTest extends DatabaseTest {
    private static final Duration WIDTH = Duration.ofSeconds(1);

    @Override
    DatabaseLimits limits() {
        return DatabaseLimits.DEFAULTS.withPartitionWidth(WIDTH);
    }

    @Test
    void partitions_follow_the_clock_so_that_ticks_and_flushes_never_miss_one() {
        EntityId entity = entity("follow").id();
        GatewayLease lease = database.leases().register("follow");
        Journal journal = database.journal(lease);
        FlushWriter writer = database.flushWriter();
        Instant end = Instant.now().plus(WIDTH.multipliedBy(7));
        long tick = 0;
        while (Instant.now().isBefore(end)) {
            tick++;
            CommittedTick committed = answer(journal.append(tick, List.of(entry(entity, "u" + tick))));
            FlushOutcome outcome = writer.write(lease, List.of(flushed(entity, "u" + tick, tick, tick)), committed);
            assertThat(outcome.unwritten()).isEmpty();
        }

        assertThat(texts(entity("follow"))).hasSize((int) tick);
        assertThat(server.number("select count(distinct tableoid) from crdt.operation"))
                .isGreaterThanOrEqualTo(6);
        assertThat(database.gauges().journalRetries().getAsLong()).isZero();
    }
}
