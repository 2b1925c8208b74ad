package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionsTest extends DatabaseTest {
    private static final List<String> TABLES = List.of("crdt.journal", "crdt.operation", "public.change");

    @BeforeEach
    void dropAll() {
        List<String> all =
                TABLES.stream().flatMap(table -> partitions(table).stream()).toList();
        if (!all.isEmpty()) {
            server.execute("drop table " + String.join(", ", all));
        }
    }

    @Test
    void partitions_reach_as_far_ahead_as_asked_and_are_made_once() {
        assertThat(database.partitions().ensureAhead(Duration.ofHours(5))).isPositive();
        assertThat(database.partitions().ensureAhead(Duration.ofHours(5))).isLessThanOrEqualTo(TABLES.size());
        assertThat(database.partitions().ahead())
                .isGreaterThanOrEqualTo(Duration.ofHours(5).minusMinutes(1));
        assertThat(database.gauges().partitionsAheadSeconds().getAsLong()).isGreaterThan(17_000);
    }

    @Test
    void partitions_meet_at_the_full_hour() {
        ensureAt("2026-03-01 09:59:59.999+00", "1 hour", "2 hours");
        ensureAt("2026-03-01 10:00:00+00", "1 hour", "2 hours");
        ensureAt("2026-03-01 10:00:00.001+00", "1 hour", "2 hours");

        for (String table : TABLES) {
            assertContiguous(table, "2026-03-01T08:00:00Z", "2026-03-01T13:00:00Z", 5);
        }
    }

    @Test
    void a_row_of_the_last_moment_and_one_of_the_full_hour_find_their_partitions() {
        ensureAt("2026-03-01 09:30:00+00", "1 hour", "2 hours");
        server.execute("""
                insert into crdt.journal (org_id, entity_id, gateway_id, tick, updates_bytes, position, created_at) values
                    (1, 1, 1, 1, '', 1, '2026-03-01 09:59:59.999999+00'), (1, 1, 1, 2, '', 1, '2026-03-01 10:00:00+00')
                """);

        assertThat(server.column("select tableoid::regclass from crdt.journal order by tick"))
                .containsExactly("crdt.journal_20260301_090000", "crdt.journal_20260301_100000");
    }

    @Test
    void a_changed_width_continues_where_the_old_one_ended() {
        ensureAt("2026-03-01 09:30:00+00", "1 hour", "1 hour");
        ensureAt("2026-03-01 10:30:00+00", "15 minutes", "1 hour");
        ensureAt("2026-03-01 11:20:00+00", "1 hour", "1 hour");

        for (String table : TABLES) {
            assertContiguous(table, "2026-03-01T08:00:00Z", "2026-03-01T13:00:00Z", -1);
        }
    }

    @Test
    void a_shorter_width_takes_the_place_of_what_lies_ahead() {
        database.partitions().ensureAhead(Duration.ofHours(5));
        DatabaseSettings narrow =
                DatabaseSettings.parse(server.url()).withLimits(limits().forRetention(Duration.ofMinutes(24)));
        try (Database shorter = Database.open(vertx, narrow)) {
            assertThat(shorter.partitions().ahead()).isBetween(Duration.ofMinutes(3), Duration.ofHours(1));
            for (String table : TABLES) {
                assertThat(server.column("select crdt.partition_until(inhrelid) - crdt.partition_from(inhrelid)"
                                + " from pg_inherits where inhparent = '" + table + "'::regclass"
                                + " and crdt.partition_from(inhrelid) > now() + interval '1 minute'"))
                        .as("only the present one, which has rows, keeps its width")
                        .allMatch("00:01:00"::equals);
            }
        }
        for (String table : TABLES) {
            assertThat(server.number("select count(*) from pg_inherits a, pg_inherits b where a.inhparent = '" + table
                            + "'::regclass and b.inhparent = a.inhparent"
                            + " and crdt.partition_until(a.inhrelid) = crdt.partition_from(b.inhrelid)"))
                    .as("partitions of %s without a gap", table)
                    .isEqualTo(partitions(table).size() - 1);
        }
    }

    @Test
    void after_a_long_pause_partitions_begin_anew_without_filling_the_pause() {
        ensureAt("2026-03-01 09:30:00+00", "1 hour", "1 hour");
        ensureAt("2026-03-05 17:30:00+00", "1 hour", "1 hour");

        assertThat(partitions("crdt.journal")).hasSize(3 + 3);
    }

    @Test
    void gateways_that_make_partitions_at_once_do_not_collide() throws InterruptedException {
        ConcurrentLinkedQueue<Integer> made = new ConcurrentLinkedQueue<>();
        List<Thread> gateways = new ArrayList<>();
        for (int at = 0; at < 5; at++) {
            gateways.add(Thread.ofVirtual()
                    .start(() -> made.add(database.partitions().ensureAhead(Duration.ofHours(8)))));
        }
        for (Thread gateway : gateways) {
            gateway.join();
        }

        assertThat(made)
                .hasSize(5)
                .filteredOn(count -> count > 2 * TABLES.size())
                .hasSize(1);
    }

    @Test
    void ticks_go_on_while_partitions_are_made() {
        database.partitions().ensureAhead(Duration.ofHours(2));
        EntityId entity = entity("meanwhile").id();
        Journal journal = database.journal(database.leases().register("meanwhile"));
        Thread maker = Thread.ofVirtual().start(() -> {
            for (int hours = 3; hours < 9; hours++) {
                database.partitions().ensureAhead(Duration.ofHours(hours));
            }
        });
        long tick = 0;
        while (maker.isAlive()) {
            tick++;
            answer(journal.append(tick, List.of(entry(entity, "u" + tick))));
        }

        assertThat(texts(entity("meanwhile"))).hasSize((int) tick);
    }

    @Test
    void only_journal_partitions_without_unflushed_ticks_are_dropped() {
        server.execute("update public.gateway set retired_at = now()");
        ensureAt("2026-03-01 09:30:00+00", "1 hour", "3 hours");
        database.partitions().ensureAhead(Duration.ofHours(2));
        List<String> before = partitions("crdt.journal");
        GatewayLease lease = database.leases().register("behind");
        server.execute("update public.gateway set flushed_from = '2026-03-01 10:00:01+00' where gateway_id = "
                + lease.gatewayId());

        assertThat(database.partitions().dropFlushedJournal()).isEqualTo(2);
        List<String> after = partitions("crdt.journal");
        assertThat(before).containsAll(after);
        assertThat(after)
                .noneMatch(name -> name.contains("_0800") || name.contains("20260301_09"))
                .contains("crdt.journal_20260301_100000");
        assertThat(partitions("crdt.operation")).contains("crdt.operation_20260301_090000");

        assertThat(database.leases().retire(lease)).isTrue();
        assertThat(database.partitions().dropFlushedJournal()).isEqualTo(3);
    }

    @Test
    void an_interrupted_detaching_is_finished() throws Exception {
        ensureAt("2026-03-01 09:30:00+00", "1 hour", "1 hour");
        database.partitions().ensureAhead(Duration.ofHours(1));
        server.execute("update public.gateway set retired_at = now()");
        try (Connection reader = server.connect();
                Statement reading = reader.createStatement();
                Connection other = server.connect();
                Statement detaching = other.createStatement()) {
            reader.setAutoCommit(false);
            reading.execute("select count(*) from crdt.journal");
            detaching.execute("set statement_timeout = 300");
            assertThatThrownBy(() -> detaching.execute(
                            "alter table crdt.journal detach partition crdt.journal_20260301_080000 concurrently"))
                    .hasMessageContaining("timeout");
            reader.rollback();
        }

        assertThat(database.partitions().dropFlushedJournal()).isEqualTo(3);
        assertThat(partitions("crdt.journal")).noneMatch(name -> name.contains("20260301"));
    }

    private void ensureAt(String at, String width, String ahead) {
        server.column("select crdt.ensure_partitions('%s', '%s', '%s')".formatted(width, ahead, at));
    }

    private List<String> partitions(String table) {
        return server.column("select c.oid::regclass from pg_inherits i join pg_class c on c.oid = i.inhrelid"
                + " where i.inhparent = '" + table + "'::regclass order by c.relname");
    }

    private void assertContiguous(String table, String from, String until, int count) {
        List<String> bounds = server.column("""
                select to_char(m[1]::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SSZ') || ' '
                    || to_char(m[2]::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SSZ')
                from pg_inherits i join pg_class c on c.oid = i.inhrelid,
                     regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\(''([^'']+)''\\) TO \\(''([^'']+)''\\)') as m
                where i.inhparent = '%s'::regclass order by m[1]::timestamptz
                """.formatted(table));
        Instant next = Instant.parse(from);
        for (String bound : bounds) {
            String[] ends = bound.split(" ");
            assertThat(Instant.parse(ends[0])).isEqualTo(next);
            next = Instant.parse(ends[1]);
        }
        assertThat(next).isEqualTo(Instant.parse(until));
        if (count >= 0) {
            assertThat(bounds).hasSize(count);
        }
    }
}
