package dev.boardwalk.store;

import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * Keeps partitions of journal, operation and change ahead of the database's clock, and drops journal partitions that
 * are done. Blocks.
 *
 * <p>There is no default partition (it would forbid detaching without a lock), so a tick fails when they run out. An
 * open {@link Database} calls this at its start and regularly; watch {@link DatabaseGauges#partitionsAheadSeconds()}.
 */
public final class Partitions {
    static final String ENSURE =
            "select crdt.ensure_partitions($1 * interval '1 microsecond', $2 * interval '1 microsecond')";

    private static final String AHEAD = """
            select extract(epoch from min(coalesce(crdt.partitions_end(parent), clock_timestamp())) - clock_timestamp())
            from unnest(array['crdt.journal', 'crdt.operation', 'public.change']::regclass[]) as parent
            """;

    /** Whole before the first unflushed tick of any gateway, and in the past for a gateway that registers now. */
    private static final String FLUSHED_JOURNAL = """
            select c.oid::regclass::text as name
            from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'crdt.journal'::regclass and not i.inhdetachpending
              and substring(pg_get_expr(c.relpartbound, c.oid) from $re$TO \\('([^']+)'\\)$re$)::timestamptz
                < least(
                    clock_timestamp() - ? * interval '1 microsecond',
                    (select min(flushed_from) from public.gateway where retired_at is null))
            order by c.relname
            """;

    /** A partition whose detaching was interrupted. */
    private static final String HALF_DETACHED = """
            select inhrelid::regclass::text as name from pg_inherits
            where inhparent = ?::regclass and inhdetachpending
            """;

    private static final String UNREAD = """
            select exists (select from %s where position >= (select min(position) from public.feed_consumer))
            """;

    /** Past its time, and read by everybody who said that it reads. */
    private static final String READ_CHANGES = """
            select c.oid::regclass::text as name
            from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'public.change'::regclass and not i.inhdetachpending
              and crdt.partition_until(c.oid) <= least(clock_timestamp() - ? * interval '1 microsecond', crdt.oldest_beginning())
            order by c.relname
            """;

    /** Made for a longer width than is asked for now, and not reached by the clock for a while. */
    private static final String TOO_WIDE = """
            select i.inhparent::regclass::text as parent, i.inhrelid::regclass::text as name
            from pg_inherits i
            where i.inhparent = any(array['crdt.journal', 'crdt.operation', 'public.change']::regclass[])
              and not i.inhdetachpending
              and crdt.partition_from(i.inhrelid) > clock_timestamp() + interval '1 minute'
              and crdt.partition_until(i.inhrelid) - crdt.partition_from(i.inhrelid) > ? * interval '1 microsecond'
            """;

    /** A journal partition is not dropped sooner: clocks are set back, and gateways register. */
    private static final Duration JOURNAL_KEPT_LEAST = Duration.ofMinutes(1);

    private final DataSource connections;
    private final Duration width;
    private final AtomicLong aheadSeconds;

    Partitions(DataSource connections, Duration width, AtomicLong aheadSeconds) {
        this.connections = connections;
        this.width = width;
        this.aheadSeconds = aheadSeconds;
    }

    /** Makes what is missing to last this long from now; safe from several gateways at once. Answers how many it made. */
    public int ensureAhead(Duration ahead) {
        try (Connection connection = connections.getConnection();
                PreparedStatement ensure =
                        connection.prepareStatement(ENSURE.replace("$1", "?").replace("$2", "?"))) {
            ensure.setLong(1, micros(width));
            ensure.setLong(2, micros(ahead));
            try (ResultSet made = ensure.executeQuery()) {
                made.next();
                return made.getInt(1);
            }
        } catch (SQLException failure) {
            throw SqlErrors.of("make partitions " + ahead + " ahead", failure);
        } finally {
            ahead();
        }
    }

    /** How long the present partitions last from now, of the table that ends first. */
    public Duration ahead() {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(AHEAD)) {
            answer.next();
            long seconds = answer.getLong(1);
            aheadSeconds.set(seconds);
            return Duration.ofSeconds(seconds);
        } catch (SQLException failure) {
            throw SqlErrors.of("see how far partitions reach", failure);
        }
    }

    /**
     * Drops whole journal partitions of which every tick is flushed, without holding up ticks. Answers how many; none
     * if another gateway is at it.
     */
    public int dropFlushedJournal() {
        Duration kept = width.compareTo(JOURNAL_KEPT_LEAST) < 0 ? JOURNAL_KEPT_LEAST : width;
        return alone("drop flushed journal partitions", connection -> {
            int finished = finish(connection, "crdt.journal");
            List<String> flushed = names(connection, FLUSHED_JOURNAL, micros(kept));
            drop(connection, "crdt.journal", flushed, "concurrently");
            return finished + flushed.size();
        });
    }

    /**
     * Drops whole partitions of the change feed that ended so long ago and that every registered reader has read.
     * Answers how many; none if another process is at it.
     */
    public int dropReadChanges(Duration retention) {
        return alone("drop partitions of the change feed", connection -> {
            int finished = finish(connection, "public.change");
            List<String> read = new ArrayList<>();
            for (String name : names(connection, READ_CHANGES, micros(retention))) {
                try (Statement statement = connection.createStatement()) {
                    if (yes(statement, UNREAD.formatted(name))) {
                        break;
                    }
                }
                read.add(name);
            }
            drop(connection, "public.change", read, "concurrently");
            return finished + read.size();
        });
    }

    /**
     * Drops empty partitions of the future that are wider than asked for, as a shorter setting leaves them: {@link
     * #ensureAhead} then makes narrow ones in their place. Answers how many; none if another process is at it.
     */
    public int dropWiderAhead() {
        return alone("drop partitions that are too wide", connection -> {
            int dropped = 0;
            for (List<String> found : rows(connection, TOO_WIDE, micros(width))) {
                String name = found.getLast();
                try (Statement statement = connection.createStatement()) {
                    if (yes(statement, "select exists (select from " + name + ")")) {
                        continue;
                    }
                }
                drop(connection, found.getFirst(), List.of(name), "concurrently");
                dropped++;
            }
            return dropped;
        });
    }

    private int alone(String attempted, Ask<Integer> work) {
        return Ask.ask(connections, attempted, connection -> {
            try (Statement statement = connection.createStatement()) {
                if (!yes(statement, "select pg_try_advisory_lock(hashtext('boardwalk.drop_partitions'))")) {
                    return 0;
                }
                try {
                    return work.of(connection);
                } finally {
                    statement.execute("select pg_advisory_unlock(hashtext('boardwalk.drop_partitions'))");
                }
            }
        });
    }

    private static int finish(Connection connection, String parent) throws SQLException {
        List<String> half = names(connection, HALF_DETACHED, parent);
        drop(connection, parent, half, "finalize");
        return half.size();
    }

    private static void drop(Connection connection, String parent, List<String> names, String how) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String name : names) {
                statement.execute("alter table " + parent + " detach partition " + name + " " + how);
                statement.execute("drop table " + name);
            }
        }
    }

    private static boolean yes(Statement statement, String question) throws SQLException {
        try (ResultSet answer = statement.executeQuery(question)) {
            answer.next();
            return answer.getBoolean(1);
        }
    }

    static Tuple ensureTuple(Duration width, Duration ahead) {
        return Tuple.of(micros(width), micros(ahead));
    }

    static long micros(Duration duration) {
        return Math.multiplyExact(duration.toSeconds(), 1_000_000L) + duration.toNanosPart() / 1_000;
    }

    private static List<String> names(Connection connection, String sql, Object parameter) throws SQLException {
        return rows(connection, sql, parameter).stream().map(List::getLast).toList();
    }

    private static List<List<String>> rows(Connection connection, String sql, Object parameter) throws SQLException {
        List<List<String>> found = new ArrayList<>();
        try (PreparedStatement find = connection.prepareStatement(sql)) {
            find.setObject(1, parameter);
            try (ResultSet rows = find.executeQuery()) {
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    found.add(
                            columns == 1 ? List.of(rows.getString(1)) : List.of(rows.getString(1), rows.getString(2)));
                }
            }
        }
        return found;
    }
}
