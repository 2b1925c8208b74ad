package dev.boardwalk.graph;

import dev.boardwalk.graph.RelationshipIndex.Loaded;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that brings loaded organisations up to date: reads {@code graph.edge_change} from where they are to below
 * the horizon, again and again, and prunes it now and then.
 *
 * <p>Everything below the horizon is visible by now and nothing will be added, so nothing is missed; of one edge the order
 * is that of change_id. An organisation further back than what was pruned is forgotten, and loaded anew when asked for.
 */
final class IndexFeed implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(IndexFeed.class);

    private static final long POLL_MILLIS = 50;
    private static final long POLL_WANTED_MILLIS = 2;
    /** While no organisation is loaded; who waits for one that was rings. */
    private static final long POLL_NOTHING_MILLIS = 1_000;

    private static final Duration PRUNE_EVERY = Duration.ofMinutes(1);
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 1_000;

    /** Above so many changes at once, loading anew is cheaper. */
    private static final int CHANGES_MAX = 50_000;

    private static final String READ = """
            with here as materialized (
                select public.position_horizon() as horizon, (select pruned_position from graph.feed) as pruned
            )
            select here.horizon, here.pruned, c.position, c.org_id, c.source_id, c.target_id, c.type,
                   c.source_project_id, c.target_project_id, c.added
            from here
            left join lateral (
                select * from graph.edge_change c
                where c.position >= ? and c.position < here.horizon
                order by c.position limit ?
            ) c on true
            order by c.change_id
            """;

    /** Below the horizon, so that any later look finds the same. */
    private static final String READ_VERTICES =
            "select org_id, entity_id from graph.vertex_change where position >= ? and position < ? limit ?";

    /** Rows of the last ten minutes stay, for gateways that were away for a while. */
    private static final String PRUNE = """
            with edges as (
                delete from graph.edge_change c
                where c.created_at < now() - interval '10 minutes' and c.position < public.position_horizon()
                returning position
            ), vertices as (
                delete from graph.vertex_change c
                where c.created_at < now() - interval '10 minutes' and c.position < public.position_horizon()
                returning position
            ), gone as (
                select position from edges union all select position from vertices
            )
            update graph.feed set pruned_position = greatest(pruned_position, 1 + (select max(position) from gone))
            where exists (select from gone)
            """;

    private final DataSource connections;
    private final RelationshipIndex index;

    /** Guards {@link #wanted} and wakes those who wait for a view or for something to do. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final Condition asked = lock.newCondition();
    private int wanted;
    private volatile boolean closed;
    private volatile long readAtNanos = System.nanoTime();
    private final Thread thread;

    IndexFeed(DataSource connections, RelationshipIndex index) {
        this.connections = connections;
        this.index = index;
        this.thread = Thread.ofVirtual().name("relationship feed").start(this::run);
    }

    long ageMillis() {
        return index.organisations() == 0 ? 0 : (System.nanoTime() - readAtNanos) / 1_000_000;
    }

    /** Returns when the organisation's view is as far as this position, or the patience ends, or the organisation is gone. */
    void await(Loaded loaded, long position, Duration patience) {
        long left = patience.toNanos();
        lock.lock();
        try {
            wanted++;
            asked.signal();
            while (loaded.view.asOf() < position && left > 0 && !loaded.gone) {
                if (closed) {
                    throw new GraphException.Closed();
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new GraphException.Cancelled("interrupted while waiting for position " + position);
        } finally {
            wanted--;
            lock.unlock();
        }
    }

    private void run() {
        long pruneAt = System.nanoTime() + PRUNE_EVERY.toNanos();
        boolean failed = false;
        while (!closed) {
            try {
                pause(failed);
                if (!closed && index.organisations() > 0) {
                    poll();
                }
                if (!closed && System.nanoTime() - pruneAt > 0) {
                    pruneAt = System.nanoTime() + PRUNE_EVERY.toNanos();
                    prune();
                }
                failed = false;
            } catch (SQLException | RuntimeException failure) {
                if (!closed && !failed) {
                    log.warn("the relationship index is not being updated cause=\"{}\"", failure.toString());
                }
                failed = true;
            } catch (InterruptedException interrupted) {
                return;
            }
        }
    }

    private void pause(boolean failed) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long millis = failed ? PAUSE_AFTER_FAILURE_MILLIS : pollMillis();
            if (asked.await(millis, TimeUnit.MILLISECONDS) && failed) {
                // Whoever asks cannot hurry a database that is away.
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        } finally {
            lock.unlock();
        }
    }

    private long pollMillis() {
        if (wanted > 0) {
            return POLL_WANTED_MILLIS;
        }
        return index.organisations() == 0 ? POLL_NOTHING_MILLIS : POLL_MILLIS;
    }

    private void poll() throws SQLException {
        List<Loaded> loaded = index.all();
        long from = Long.MAX_VALUE;
        for (Loaded each : loaded) {
            from = Math.min(from, each.view.asOf() + 1);
        }
        Batch batch = read(from);
        readAtNanos = System.nanoTime();
        for (Loaded each : loaded) {
            long next = each.view.asOf() + 1;
            if (next < batch.pruned) {
                index.evict(each);
                continue;
            }
            List<EdgeChange> own = new ArrayList<>();
            for (EdgeChange change : batch.changes.getOrDefault(each.organisation, List.of())) {
                if (change.position() >= next) {
                    own.add(change);
                }
            }
            List<Long> vertices = batch.vertices.get(each.organisation);
            if (batch.forgetVertices) {
                each.known.forgetAll();
            } else if (vertices != null) {
                each.known.forget(vertices);
            }
            if (batch.horizon > next) {
                each.view = own.isEmpty() ? each.view.asOf(batch.horizon - 1) : each.view.with(own, batch.horizon - 1);
            }
        }
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * @param vertices entities of each organisation of which something is called otherwise now
     * @param forgetVertices whether these are too many to tell
     */
    private record Batch(
            long horizon,
            long pruned,
            Map<Long, List<EdgeChange>> changes,
            Map<Long, List<Long>> vertices,
            boolean forgetVertices) {}

    private Batch read(long from) throws SQLException {
        Map<Long, List<EdgeChange>> changes = new HashMap<>();
        long horizon = 0;
        long pruned = 0;
        int count = 0;
        try (Connection connection = connections.getConnection();
                PreparedStatement query = connection.prepareStatement(READ)) {
            query.setLong(1, from);
            query.setInt(2, CHANGES_MAX + 1);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    horizon = rows.getLong(1);
                    pruned = rows.getLong(2);
                    EdgeChange change = change(rows);
                    if (change.position() > 0) {
                        count++;
                        changes.computeIfAbsent(change.organisationId(), _ -> new ArrayList<>())
                                .add(change);
                    }
                }
            }
            Map<Long, List<Long>> vertices = new HashMap<>();
            int changed = horizon > from ? vertices(connection, from, horizon, vertices) : 0;
            // Cut off: what is missing cannot be told, so everybody begins anew.
            return new Batch(
                    horizon, count > CHANGES_MAX ? Long.MAX_VALUE : pruned, changes, vertices, changed > CHANGES_MAX);
        }
    }

    private static EdgeChange change(ResultSet row) throws SQLException {
        return new EdgeChange(
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getString(7),
                row.getLong(8),
                row.getLong(9),
                row.getBoolean(10));
    }

    private static int vertices(Connection connection, long from, long horizon, Map<Long, List<Long>> into)
            throws SQLException {
        int count = 0;
        try (PreparedStatement query = connection.prepareStatement(READ_VERTICES)) {
            query.setLong(1, from);
            query.setLong(2, horizon);
            query.setInt(3, CHANGES_MAX + 1);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    count++;
                    into.computeIfAbsent(rows.getLong(1), _ -> new ArrayList<>())
                            .add(rows.getLong(2));
                }
            }
        }
        return count;
    }

    private void prune() throws SQLException {
        try (Connection connection = connections.getConnection();
                PreparedStatement prune = connection.prepareStatement(PRUNE)) {
            prune.executeUpdate();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
