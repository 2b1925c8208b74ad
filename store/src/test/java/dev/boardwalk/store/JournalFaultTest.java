package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.testkit.Seed;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Ticks whose answer is lost, whose connection dies, whose gateway is taken over: each exactly once, or refused. */
class JournalFaultTest extends DatabaseTest {
    private static final Duration ANSWER_TIMEOUT = Duration.ofMillis(400);
    private static final int TICKS = 50;

    @Override
    DatabaseLimits limits() {
        return DatabaseLimits.DEFAULTS.withAnswerTimeout(ANSWER_TIMEOUT);
    }

    @Test
    void acknowledged_updates_are_there_once_though_sessions_are_killed_at_random() {
        Seed.each(3, this::killSessionsDuringTicks);
        assertThat(database.gauges().journalRetries().getAsLong()).isPositive();
    }

    private void killSessionsDuringTicks(Seed seed) throws InterruptedException {
        Random random = seed.random();
        List<String> names = Stream.of("a", "b", "c")
                .map(name -> "killed-" + seed.value() + "-" + name)
                .toList();
        List<EntityId> entities = names.stream().map(name -> entity(name).id()).toList();
        List<List<String>> ledger = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Journal journal = database.journal(database.leases().register("killed"));
        AtomicBoolean stop = new AtomicBoolean();
        Thread killer = Thread.ofVirtual().start(() -> killAtRandom(seed.random("killer"), stop));

        for (int tick = 1; tick <= TICKS; tick++) {
            List<JournalEntry> entries = new ArrayList<>();
            for (int which = 0; which < entities.size(); which++) {
                if (which == 0 || random.nextBoolean()) {
                    String update = tick + "-" + which;
                    entries.add(entry(entities.get(which), update));
                    ledger.get(which).add(update);
                }
            }
            appendUntilCommitted(journal, tick, entries);
        }
        stop.set(true);
        killer.join();

        for (int which = 0; which < entities.size(); which++) {
            assertThat(texts(entity(names.get(which)))).containsExactlyElementsOf(ledger.get(which));
        }
    }

    @Test
    void a_tick_still_running_when_it_is_sent_again_is_written_once() throws SQLException {
        EntityId entity = entity("running").id();
        GatewayLease lease = database.leases().register("slow");
        Journal journal = database.journal(lease);
        try (Connection blocker = holdRow(lease)) {
            assertThatThrownBy(() -> answer(journal.append(1, List.of(entry(entity, "once")))))
                    .isInstanceOf(StoreException.Unavailable.class);
            assertThatThrownBy(() -> answer(journal.append(1, List.of(entry(entity, "once")))))
                    .isInstanceOf(StoreException.Unavailable.class);
            blocker.rollback();
        }
        appendUntilCommitted(journal, 1, List.of(entry(entity, "once")));
        appendUntilCommitted(journal, 2, List.of(entry(entity, "twice")));

        assertThat(texts(entity("running"))).containsExactly("once", "twice");
    }

    @Test
    void a_statement_that_the_server_reads_after_its_tick_was_sent_again_writes_nothing() throws Exception {
        EntityId entity = entity("late").id();
        Journal journal = database.journal(database.leases().register("late"));
        answer(journal.append(1, List.of(entry(entity, "a"))));
        String backend = server.column("select pid from pg_stat_activity where datname = '" + server.name()
                        + "' and application_name = 'boardwalk journal' order by query_start desc limit 1")
                .getFirst();
        signal("STOP", backend);
        try {
            assertThatThrownBy(() -> answer(journal.append(2, List.of(entry(entity, "b")))))
                    .isInstanceOf(StoreException.Unavailable.class);
            appendUntilCommitted(journal, 2, List.of(entry(entity, "b")));
        } finally {
            signal("CONT", backend);
        }
        await().until(() -> server.number("select count(*) from pg_stat_activity where pid = " + backend) == 0);
        answer(journal.append(3, List.of(entry(entity, "c"))));

        assertThat(texts(entity("late"))).containsExactly("a", "b", "c");
    }

    @Test
    void a_journal_opened_again_for_the_same_lease_learns_the_attempt() {
        EntityId entity = entity("reopened").id();
        GatewayLease lease = database.leases().register("reopened");
        server.execute("update public.gateway set attempt = 7 where gateway_id = " + lease.gatewayId());
        Journal journal = database.journal(lease);
        answer(journal.append(1, List.of(entry(entity, "a"))));
        answer(journal.append(2, List.of(entry(entity, "b"))));

        assertThat(texts(entity("reopened"))).containsExactly("a", "b");
    }

    @Test
    void a_tick_that_found_the_disk_full_is_written_once_when_there_is_room() {
        EntityId entity = entity("full").id();
        Journal journal = database.journal(database.leases().register("full"));
        server.execute("""
                create function public.no_room() returns trigger language plpgsql as
                $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
                create trigger no_room before insert on crdt.journal for each row execute function public.no_room()
                """);
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThatThrownBy(() -> answer(journal.append(1, List.of(entry(entity, "a")))))
                    .isInstanceOf(StoreException.DiskFull.class);
        }
        server.execute("drop trigger no_room on crdt.journal");
        answer(journal.append(1, List.of(entry(entity, "a"))));

        assertThat(texts(entity("full"))).containsExactly("a");
    }

    @Test
    void a_takeover_that_comes_between_sending_and_writing_fences_the_tick() throws SQLException {
        EntityId entity = entity("taken").id();
        GatewayLease lease = database.leases().register("paused");
        Journal journal = database.journal(lease);
        answer(journal.append(1, List.of(entry(entity, "before"))));
        Future<CommittedTick> tick;
        try (Connection survivor = holdRow(lease);
                Statement takeover = survivor.createStatement()) {
            takeover.execute("update public.gateway set epoch = epoch + 1 where gateway_id = " + lease.gatewayId());
            tick = journal.append(2, List.of(entry(entity, "after")));
            waitForBlockedTick();
            survivor.commit();
        }

        assertThatThrownBy(() -> answer(tick)).isInstanceOf(StoreException.Fenced.class);
        assertThat(texts(entity("taken"))).containsExactly("before");
    }

    @Test
    void a_tick_without_partition_makes_it_when_sent_again() {
        EntityId entity = entity("partition").id();
        Journal journal = database.journal(database.leases().register("hole"));
        String table = server.column("select c.oid::regclass from pg_inherits i join pg_class c on c.oid = i.inhrelid"
                        + " where i.inhparent = 'crdt.journal'::regclass order by c.relname offset 1 limit 1")
                .getFirst();
        String later = server
                .column("select c.oid::regclass from pg_inherits i join pg_class c on c.oid = i.inhrelid"
                        + " where i.inhparent = 'crdt.journal'::regclass order by c.relname offset 2")
                .stream()
                .map(name -> "drop table " + name + ";")
                .reduce("", String::concat);
        server.execute(later + "drop table " + table);

        assertThatThrownBy(() -> answer(journal.append(1, List.of(entry(entity, "a")))))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("partitions have run out");
        appendUntilCommitted(journal, 1, List.of(entry(entity, "a")));

        assertThat(texts(entity("partition"))).containsExactly("a");
    }

    private void killAtRandom(Random random, AtomicBoolean stop) {
        while (!stop.get()) {
            LockSupport.parkNanos(random.nextLong(2_000_000, 60_000_000));
            server.killSessions("boardwalk journal");
        }
    }

    private static void signal(String name, String process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, process)
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private Connection holdRow(GatewayLease lease) throws SQLException {
        Connection blocker = server.connect();
        blocker.setAutoCommit(false);
        try (Statement statement = blocker.createStatement()) {
            statement.execute("select from public.gateway where gateway_id = " + lease.gatewayId() + " for update");
        }
        return blocker;
    }

    private void waitForBlockedTick() {
        await().until(() -> server.number("select count(*) from pg_stat_activity where datname = '" + server.name()
                        + "' and application_name = 'boardwalk journal' and wait_event_type = 'Lock'")
                > 0);
    }

    private static void appendUntilCommitted(Journal journal, long tick, List<JournalEntry> entries) {
        await().pollInterval(Duration.ofMillis(1))
                .pollDelay(Duration.ZERO)
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    try {
                        answer(journal.append(tick, entries));
                        return true;
                    } catch (StoreException.Unavailable again) {
                        return false;
                    }
                });
    }
}
