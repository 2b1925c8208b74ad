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
                    clock_timestamp() - interval '1 hour',
                    (select min(flushed_from) from public.gateway where retired_at is null))
            order by c.relname
            """;

    /** A journal partition whose detaching was interrupted. */
    private static final String HALF_DETACHED = """
            select inhrelid::regclass::text as name from pg_inherits
            where inhparent = 'crdt.journal'::regclass and inhdetachpending
            """;

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
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement()) {
            if (!yes(statement, "select pg_try_advisory_lock(hashtext('boardwalk.drop_flushed_journal'))")) {
                return 0;
            }
            try {
                return drop(statement, HALF_DETACHED, "finalize") + drop(statement, FLUSHED_JOURNAL, "concurrently");
            } finally {
                statement.execute("select pg_advisory_unlock(hashtext('boardwalk.drop_flushed_journal'))");
            }
        } catch (SQLException failure) {
            throw SqlErrors.of("drop flushed journal partitions", failure);
        }
    }

    private static int drop(Statement statement, String which, String how) throws SQLException {
        List<String> names = names(statement, which);
        for (String name : names) {
            statement.execute("alter table crdt.journal detach partition " + name + " " + how);
            statement.execute("drop table " + name);
        }
        return names.size();
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

    private static List<String> names(Statement statement, String sql) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                names.add(rows.getString("name"));
            }
        }
        return names;
    }
}
