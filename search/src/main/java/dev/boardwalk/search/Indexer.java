package dev.boardwalk.search;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.StoreException;
import dev.boardwalk.store.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the documents in step with the entities: one virtual thread that reads the change feed below the horizon.
 *
 * <p>Of all processes with the same database one holds the lease and indexes. How far it is, is written in the
 * transaction that writes the documents, behind a lock on that row: after a crash it goes on where it was, and one that
 * lost its lease writes nothing. Everything is derived from the entities as they are now, so that doing it twice, or in
 * another order, gives the same.
 */
final class Indexer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Indexer.class);

    /** A process that says nothing for so long has lost its turn. */
    private static final Duration LEASE = Duration.ofSeconds(10);

    private static final Duration PAUSE = Duration.ofMillis(200);
    /** Where nothing happens, or another process indexes: looks cost the database and this process a little each. */
    private static final Duration PAUSE_IDLE = Duration.ofSeconds(1);
    /** Where something changed, more will for a while. */
    private static final Duration BUSY = Duration.ofSeconds(10);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration REPORT = Duration.ofSeconds(5);

    /** Changes read at once. */
    private static final int STRETCH = 10_000;

    /** Entities written in one transaction; few, so that others need not wait for the locks. */
    private static final int BATCH = 100;

    private final DataSource connections;
    private final @Nullable String model;
    private final UUID me = UUID.randomUUID();
    private final Semaphore bell = new Semaphore(0);
    private final Thread thread;

    private final IndexWrites writes = new IndexWrites(me, LEASE);
    final AtomicLong documents = writes.documents;
    final AtomicLong failures = writes.failures;
    final AtomicLong lagMillis = new AtomicLong();
    final AtomicLong backlog = new AtomicLong();
    final AtomicLong leading = new AtomicLong();

    private volatile @Nullable Integer modelNumber;
    private boolean modelChecked;
    private long reportedNanos = System.nanoTime();
    private long workedNanos = System.nanoTime() - BUSY.toNanos();
    private volatile Runnable whenWritten = () -> {};
    private volatile boolean stopping;

    /** @param model name of the model by which texts are to be embedded; null for none */
    Indexer(DataSource connections, @Nullable String model) {
        this.connections = connections;
        this.model = model;
        this.thread = Thread.ofVirtual().name("search indexer").unstarted(this::run);
    }

    /** One that leaves the model as it is: for a process that indexes for a while and embeds nothing. */
    static Indexer passing(DataSource connections) {
        Indexer indexer = new Indexer(connections, null);
        indexer.modelChecked = true;
        return indexer;
    }

    void start() {
        thread.start();
    }

    /** Looks for changes now instead of at its next look. */
    void wake() {
        bell.release();
    }

    /** What to do when texts were written that are not embedded yet. */
    void whenWritten(Runnable action) {
        whenWritten = action;
    }

    /** The number of the present model, null while it is not known or there is none. */
    @Nullable
    Integer modelNumber() {
        return modelNumber;
    }

    private void run() {
        while (!stopping) {
            Duration pause;
            try {
                pause = pass() ? Duration.ZERO : pause();
            } catch (SQLException | RuntimeException failure) {
                if (stopping) {
                    break;
                }
                failures.incrementAndGet();
                boolean known = failure instanceof SQLException || failure instanceof StoreException;
                log.warn("indexing failed, trying again cause=\"{}\"", failure.toString(), known ? null : failure);
                pause = PAUSE_AFTER_FAILURE;
                // Who rings meanwhile does not make the database any better.
                bell.drainPermits();
            }
            try {
                if (bell.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    bell.drainPermits();
                }
            } catch (InterruptedException _) {
                break;
            }
        }
        release();
    }

    private Duration pause() {
        boolean busy = leading.get() == 1 && System.nanoTime() - workedNanos < BUSY.toNanos();
        return busy ? PAUSE : PAUSE_IDLE;
    }

    /** One look; answers whether there is more to do at once. */
    boolean pass() throws SQLException {
        try (Connection connection = connections.getConnection()) {
            IndexerState state = new IndexerState(connection);
            boolean mine = state.acquire(me, LEASE);
            leading.set(mine ? 1 : 0);
            if (!mine) {
                return false;
            }
            if (!modelChecked) {
                checkModel(connection);
            }
            return followFeed(connection) || retry(connection) || rebuild(connection) || deriveInLanguage(connection);
        }
    }

    private void checkModel(Connection connection) throws SQLException {
        IndexerState state = new IndexerState(connection);
        Transactions.run(connection, () -> {
            IndexerState.Held held = state.hold(me);
            if (held != null) {
                Integer wanted = model == null ? null : (Integer) state.modelNumber(model);
                if (!Objects.equals(wanted, held.model())) {
                    log.info("texts are embedded by another model from now on model={}", model);
                    state.model(wanted);
                }
                modelNumber = wanted;
                modelChecked = true;
            }
            return true;
        });
    }

    private boolean followFeed(Connection connection) throws SQLException {
        IndexerState state = new IndexerState(connection);
        IndexerState.Progress progress = state.peek();
        if (progress.position() >= progress.horizon()) {
            return false;
        }
        IndexerState.Stretch stretch = state.changes(progress.position(), progress.horizon(), STRETCH);
        lagMillis.set(stretch.oldestMillis() == 0 ? 0 : System.currentTimeMillis() - stretch.oldestMillis());
        List<EntityId> entities = stretch.entities();
        backlog.set(entities.size());
        int from = 0;
        do {
            int until = Math.min(entities.size(), from + BATCH);
            boolean last = until == entities.size();
            IndexWrites.Step step = (_, _) -> {
                if (last) {
                    state.advance(stretch.until());
                }
            };
            if (!writes.write(connection, entities.subList(from, until), step, false)) {
                return false;
            }
            from = until;
            backlog.set(entities.size() - from);
            report(entities.size() - from, stretch.whole());
        } while (from < entities.size() && !stopping);
        if (!entities.isEmpty()) {
            workedNanos = System.nanoTime();
            whenWritten.run();
        }
        if (stretch.whole()) {
            lagMillis.set(0);
        }
        return !stretch.whole();
    }

    private void report(int left, boolean whole) {
        if (left > 0 && System.nanoTime() - reportedNanos > REPORT.toNanos()) {
            reportedNanos = System.nanoTime();
            log.info("indexing is behind entitiesLeft={}{}", left, whole ? "" : " and more");
        }
    }

    private boolean retry(Connection connection) throws SQLException {
        List<EntityId> due = new IndexerState(connection).due(BATCH);
        return !due.isEmpty() && writes.write(connection, due, IndexWrites.Step.NONE, false) && due.size() == BATCH;
    }

    private boolean rebuild(Connection connection) throws SQLException {
        IndexerState state = new IndexerState(connection);
        IndexerState.EntityCursor cursor = Transactions.run(connection, () -> Optional.ofNullable(state.hold(me)))
                .map(IndexerState.Held::rebuild)
                .orElse(null);
        if (cursor == null) {
            return false;
        }
        List<EntityId> next = state.after(cursor, BATCH);
        if (!next.isEmpty()) {
            IndexerState.EntityCursor last = IndexerState.cursor(next.getLast());
            // A rebuild that was asked for meanwhile begins at its beginning.
            IndexWrites.Step step = (_, held) -> {
                if (cursor.equals(held.rebuild())) {
                    state.rebuilt(last, next.size());
                }
            };
            return writes.write(connection, next, step, true);
        }
        Transactions.run(connection, () -> {
            if (state.hold(me) != null) {
                state.finishRebuild();
            }
            return true;
        });
        log.info("everything was derived again");
        return true;
    }

    /** Derives the next entities of a project whose language was changed. */
    private boolean deriveInLanguage(Connection connection) throws SQLException {
        ProjectLanguages languages = new ProjectLanguages(connection);
        ProjectLanguages.Underway from = languages.underway();
        if (from == null) {
            return false;
        }
        ProjectLanguages.Next next = languages.next(from, BATCH);
        return writes.write(connection, next.entities(), (_, _) -> languages.derived(from, next.last()), false);
    }

    private void release() {
        try (Connection connection = connections.getConnection()) {
            new IndexerState(connection).release(me);
        } catch (SQLException gone) {
            log.debug("lease not given back, it runs out by itself", gone);
        }
    }

    /** Ends after the transaction that runs. */
    @Override
    public void close() {
        stopping = true;
        wake();
        try {
            if (thread.isAlive() && !thread.join(Duration.ofSeconds(10))) {
                thread.interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
