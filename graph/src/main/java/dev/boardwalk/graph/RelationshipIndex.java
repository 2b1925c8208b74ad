package dev.boardwalk.graph;

import dev.boardwalk.store.OrganisationId;
import java.sql.Connection;
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

    private final DataSource connections;
    private final GraphLimits limits;
    private final Map<Long, Loaded> organisations = new ConcurrentHashMap<>();
    private final Map<Long, FutureTask<Loaded>> loading = new ConcurrentHashMap<>();
    private final Map<Long, Long> ownWrites = new ConcurrentHashMap<>();
    private final AtomicLong clock = new AtomicLong();
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
        volatile GraphView view;
        volatile long askedAt;
        /** No longer fed. */
        volatile boolean gone;

        Loaded(long organisation, GraphView view) {
            this.organisation = organisation;
            this.view = view;
        }
    }

    /**
     * Notes that this process wrote relationships of an organisation: questions that come later wait until the index has
     * them. Called before the commit.
     */
    void wrote(long organisation, long position) {
        ownWrites.merge(organisation, position, Math::max);
    }

    /**
     * The organisation as of now, or of this position at least.
     *
     * @throws GraphException.PositionNotReached if the index is not that far within the patience of the limits
     */
    GraphView view(OrganisationId organisation, @Nullable Long after) {
        Long own = ownWrites.get(organisation.value());
        if (own != null) {
            // Something else in the database may hold the horizon back: then the answer is as of where that began.
            if (await(organisation.value(), own, OWN_WRITES_PATIENCE).asOf() >= own) {
                ownWrites.remove(organisation.value(), own);
            }
        }
        if (after == null) {
            return loaded(organisation.value()).view;
        }
        GraphView view = await(organisation.value(), after, limits.patience());
        if (view.asOf() < after) {
            throw new GraphException.PositionNotReached(
                    "position " + after + " is not in the index yet, which is at " + view.asOf());
        }
        return view;
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
    private GraphView await(long organisation, long position, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            Loaded loaded = loaded(organisation);
            GraphView view = loaded.view;
            long left = until - System.nanoTime();
            if (view.asOf() >= position || left <= 0) {
                return view;
            }
            view = feed.await(loaded, position, Duration.ofNanos(left));
            if (!loaded.gone) {
                return view;
            }
        }
    }

    private static final Duration OWN_WRITES_PATIENCE = Duration.ofSeconds(2);

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
            Loaded loaded = new Loaded(organisation, view);
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
        while (bytes() > limits.indexBytes()) {
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

    /** Forgets an organisation; the next question loads it again. */
    void evict(Loaded loaded) {
        loaded.gone = true;
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
