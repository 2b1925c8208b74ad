package dev.boardwalk.graph;

import dev.boardwalk.store.OrganisationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dependency index: the relationships of those organisations that are asked about, in memory, fed by
 * {@code graph.edge_change}.
 *
 * <p>An organisation is loaded by the first who asks, follows the feed from then on, and leaves when the budget is needed for
 * others (least recently asked first). Questions walk over immutable views, so they neither wait for the feed nor for each
 * other. All calls block; call them on virtual threads.
 */
public final class RelationshipIndex implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RelationshipIndex.class);

    private static final String NEWEST_CHANGE = """
            select coalesce(max(position), 0) from (
                select position from graph.edge_change where position > ? and org_id = ?
                union all
                select position from graph.vertex_change where position > ? and org_id = ?) changed
            """;

    private final DataSource connections;
    private final GraphLimits limits;
    private final Map<Long, Loaded> organisations = new ConcurrentHashMap<>();
    private final Map<Long, FutureTask<Loaded>> loading = new ConcurrentHashMap<>();
    private final Map<Long, Long> ownWrites = new ConcurrentHashMap<>();
    private final AtomicLong clock = new AtomicLong();
    private final AtomicLong knownBytes = new AtomicLong();
    private final LongAdder loads = new LongAdder();
    private final LongAdder evictions = new LongAdder();
    private final IndexFeed feed;

    /** Begins to follow the feed; closed by whoever opened it. */
    public RelationshipIndex(DataSource connections, GraphLimits limits) {
        this.connections = connections;
        this.limits = limits;
        this.feed = new IndexFeed(connections, this);
    }

    /** One organisation in memory. The feed alone replaces its view. */
    static final class Loaded {
        final long organisation;
        final KnownVertices known;
        volatile GraphView view;
        volatile long askedAt;
        /** No longer fed. */
        volatile boolean gone;

        Loaded(long organisation, GraphView view, KnownVertices known) {
            this.organisation = organisation;
            this.view = view;
            this.known = known;
        }
    }

    /**
     * Notes that this process wrote relationships or names of an organisation at a position: questions that come later wait
     * until the index has them. Called before the commit, or after it at once.
     */
    public void wrote(long organisation, long position) {
        ownWrites.merge(organisation, position, Math::max);
    }

    /** An organisation to ask about: its relationships, and what is known of their ends at least as of then. */
    record Opened(GraphView view, KnownVertices known) {}

    /**
     * The organisation as of now, or of this position at least.
     *
     * @throws GraphException.PositionNotReached if the index is not that far within the patience of the limits
     */
    Opened open(OrganisationId organisation, @Nullable Long after) {
        boundKnown();
        if (after != null) {
            return openAt(organisation, after);
        }
        Long own = ownWrites.get(organisation.value());
        if (own != null) {
            // Something else in the database may hold the horizon back: then the answer is as of where that began, and
            // nobody else waits as long for the same.
            await(organisation.value(), own, limits.ownWritesPatience());
            ownWrites.remove(organisation.value(), own);
        }
        Loaded loaded = loaded(organisation.value());
        return new Opened(loaded.view, loaded.known);
    }

    /** What was confirmed at a position is flushed at a later one, here or by another gateway: that has to be in, too. */
    private Opened openAt(OrganisationId organisation, long position) {
        long known = loaded(organisation.value()).view.asOf();
        long wanted = Math.max(position, newestChange(organisation.value(), known));
        Loaded loaded = await(organisation.value(), wanted, limits.patience());
        GraphView view = loaded.view;
        if (view.asOf() < wanted) {
            throw new GraphException.PositionNotReached(
                    "position " + wanted + " is not in the index yet, which is at " + view.asOf());
        }
        return new Opened(view, loaded.known);
    }

    /** Position of the newest change of what the index shows after a position; 0 if there is none. */
    private long newestChange(long organisation, long after) {
        try (Connection connection = connections.getConnection();
                PreparedStatement query = connection.prepareStatement(NEWEST_CHANGE)) {
            query.setLong(1, after);
            query.setLong(2, organisation);
            query.setLong(3, after);
            query.setLong(4, organisation);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException failure) {
            throw GraphSql.failed("look for the newest change of organisation " + organisation, failure);
        }
    }

    /** As {@link #open}, for those who need no names. */
    GraphView view(OrganisationId organisation, @Nullable Long after) {
        return open(organisation, after).view;
    }

    /**
     * All that a vertex reaches (OUT) or is reached from (IN), nearest first and nothing but ids: a question without what
     * names come from, of the index as it is now.
     */
    public List<Reached> reach(OrganisationId organisation, long vertex, Direction direction, Question question) {
        return Traversal.reach(view(organisation, null), List.of(vertex), direction, question)
                .vertices();
    }

    /** An organisation that is forgotten while one waits for it is loaded again. */
    private Loaded await(long organisation, long position, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            Loaded loaded = loaded(organisation);
            long left = until - System.nanoTime();
            if (loaded.view.asOf() >= position || left <= 0) {
                return loaded;
            }
            feed.await(loaded, position, Duration.ofNanos(left));
            if (!loaded.gone) {
                return loaded;
            }
        }
    }

    private Loaded loaded(long organisation) {
        while (true) {
            Loaded known = organisations.get(organisation);
            if (known != null) {
                known.askedAt = clock.incrementAndGet();
                return known;
            }
            FutureTask<Loaded> mine = new FutureTask<>(() -> load(organisation));
            FutureTask<Loaded> task = loading.putIfAbsent(organisation, mine);
            if (task == null) {
                task = mine;
                mine.run();
                loading.remove(organisation, mine);
            }
            try {
                return task.get();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new GraphException.Cancelled("interrupted while loading relationships");
            } catch (ExecutionException failure) {
                if (failure.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException("cannot load the relationships of " + organisation, failure.getCause());
            }
        }
    }

    private Loaded load(long organisation) {
        long began = System.nanoTime();
        try (Connection connection = connections.getConnection()) {
            GraphView view = GraphLoader.load(connection, organisation);
            Loaded loaded = new Loaded(organisation, view, new KnownVertices(knownBytes));
            loaded.askedAt = clock.incrementAndGet();
            organisations.put(organisation, loaded);
            loads.increment();
            log.debug(
                    "loaded organisation={} edges={} bytes={} millis={}",
                    organisation,
                    view.edges(),
                    view.bytes(),
                    (System.nanoTime() - began) / 1_000_000);
            evictBeside(loaded);
            return loaded;
        } catch (SQLException failure) {
            throw GraphSql.failed("load the relationships of organisation " + organisation, failure);
        }
    }

    private void evictBeside(Loaded kept) {
        while (bytes() + knownBytes() > limits.indexBytes()) {
            Loaded oldest = null;
            for (Loaded each : organisations.values()) {
                if (each != kept && (oldest == null || each.askedAt < oldest.askedAt)) {
                    oldest = each;
                }
            }
            if (oldest == null) {
                return;
            }
            evict(oldest);
        }
    }

    /** Forgets names where nobody has asked for longest, until the others have room. */
    private void boundKnown() {
        while (knownBytes() > limits.knownBytes()) {
            Loaded oldest = null;
            for (Loaded each : organisations.values()) {
                if (each.known.bytes() > 0 && (oldest == null || each.askedAt < oldest.askedAt)) {
                    oldest = each;
                }
            }
            if (oldest == null) {
                return;
            }
            oldest.known.forgetAll();
        }
    }

    /** Forgets an organisation; the next question loads it again. */
    void evict(Loaded loaded) {
        loaded.gone = true;
        loaded.known.close();
        if (organisations.remove(loaded.organisation, loaded)) {
            evictions.increment();
        }
    }

    List<Loaded> all() {
        return new ArrayList<>(organisations.values());
    }

    /** Memory of all views, in bytes. */
    public long bytes() {
        long bytes = 0;
        for (Loaded each : organisations.values()) {
            bytes += each.view.bytes();
        }
        return bytes;
    }

    /** Memory of names and titles, in bytes; besides {@link #bytes()}. */
    public long knownBytes() {
        return knownBytes.get();
    }

    /** Relationships in memory. */
    public long relationships() {
        long edges = 0;
        for (Loaded each : organisations.values()) {
            edges += each.view.edges();
        }
        return edges;
    }

    /** Organisations in memory. */
    public int organisations() {
        return organisations.size();
    }

    public long loads() {
        return loads.sum();
    }

    public long evictions() {
        return evictions.sum();
    }

    /** How long the feed has been without news of the database, in milliseconds. */
    public long feedAgeMillis() {
        return feed.ageMillis();
    }

    @Override
    public void close() {
        feed.close();
    }
}
