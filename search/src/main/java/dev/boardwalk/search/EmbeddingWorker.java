package dev.boardwalk.search;

import com.pgvector.PGhalfvec;
import dev.boardwalk.store.StoreException;
import dev.boardwalk.store.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds the texts that the indexer notes: one thread of the lowest priority, a few texts at a time, in the process that
 * indexes. No transaction is open while a model computes. A text that was embedded before is never embedded again.
 */
final class EmbeddingWorker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddingWorker.class);

    /** Documents between two looks at the database. */
    private static final int BATCH = 16;

    /** Between looks that nobody rang for: the indexer rings, what failed waits for its time. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);
    private static final Duration BACKOFF_MAX = Duration.ofHours(1);
    private static final Duration REPORT = Duration.ofSeconds(30);

    private final DataSource connections;
    private final Embedder embedder;
    private final Indexer indexer;
    private final Thread thread;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Semaphore bell = new Semaphore(0);
    private long reportedNanos = System.nanoTime();

    final AtomicLong embedded = new AtomicLong();
    final AtomicLong failures = new AtomicLong();

    EmbeddingWorker(DataSource connections, Embedder embedder, Indexer indexer) {
        this.connections = connections;
        this.embedder = embedder;
        this.indexer = indexer;
        // A thread of the system's: computing on a virtual one would hold a carrier that requests need.
        this.thread = Thread.ofPlatform()
                .name("search embedder")
                .daemon()
                .priority(Thread.MIN_PRIORITY)
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Looks for texts now instead of at its next look. May be called from any thread. */
    void wake() {
        bell.release();
    }

    private void run() {
        boolean more = false;
        while (more ? stop.getCount() > 0 : !over()) {
            try {
                more = pass();
            } catch (EmbedderUnavailable away) {
                failures.incrementAndGet();
                log.warn("texts are not embedded, trying again cause=\"{}\"", away.reason());
                more = false;
                pauseAfterFailure();
            } catch (SQLException | RuntimeException failure) {
                failures.incrementAndGet();
                boolean known = failure instanceof SQLException || failure instanceof StoreException;
                log.warn("embedding failed, trying again cause=\"{}\"", failure.toString(), known ? null : failure);
                more = false;
                pauseAfterFailure();
            }
        }
    }

    /** Waits for the bell or the next look; answers whether this is the end. */
    private boolean over() {
        try {
            if (bell.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                bell.drainPermits();
            }
            return stop.getCount() == 0;
        } catch (InterruptedException _) {
            return true;
        }
    }

    /** Who rings meanwhile does not make an embedder or a database any better. */
    private void pauseAfterFailure() {
        try {
            if (!stop.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS)) {
                bell.release();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Embeds some texts; answers whether there may be more. */
    boolean pass() throws SQLException {
        Integer model = indexer.modelNumber();
        if (model == null || indexer.leading.get() == 0) {
            return false;
        }
        List<Embeddings.Due> due;
        Map<Embeddings.Due, List<PGhalfvec>> vectors = new LinkedHashMap<>();
        try (Connection connection = connections.getConnection()) {
            Embeddings embeddings = new Embeddings(connection);
            due = embeddings.due(BATCH);
            vectors.putAll(embeddings.known(due, model));
        }
        if (due.isEmpty()) {
            return false;
        }
        List<Embeddings.Due> late = new ArrayList<>();
        String reason = embed(due, vectors, late);
        try (Connection connection = connections.getConnection()) {
            Transactions.run(connection, () -> {
                Embeddings embeddings = new Embeddings(connection);
                embeddings.store(vectors, model);
                for (Embeddings.Due each : late) {
                    embeddings.postpone(List.of(each), backoff(each), reason);
                }
                return true;
            });
        }
        embedded.addAndGet(vectors.size());
        report();
        return !vectors.isEmpty();
    }

    /** Each document by itself, so that one that the model refuses is the only one that waits. */
    private String embed(
            List<Embeddings.Due> due, Map<Embeddings.Due, List<PGhalfvec>> vectors, List<Embeddings.Due> late) {
        String reason = "";
        Map<String, List<PGhalfvec>> done = new HashMap<>();
        for (Embeddings.Due each : due) {
            if (vectors.containsKey(each)) {
                continue;
            }
            try {
                vectors.put(each, done.computeIfAbsent(each.text(), _ -> vectors(each)));
            } catch (RuntimeException failure) {
                failures.incrementAndGet();
                reason = failure instanceof EmbedderUnavailable known ? known.reason() : failure.toString();
                log.warn("text not embedded, trying again later document={} cause=\"{}\"", each.key(), reason);
                late.add(each);
                if (vectors.isEmpty()) {
                    // Not this text's fault, it seems: the others may wait where they are.
                    return reason;
                }
            }
        }
        return reason;
    }

    private List<PGhalfvec> vectors(Embeddings.Due due) {
        return embedder.documents(due.chunks()).stream().map(PGhalfvec::new).toList();
    }

    private static Duration backoff(Embeddings.Due due) {
        Duration pause = Duration.ofSeconds(5L << Math.min(due.attempts(), 10));
        return pause.compareTo(BACKOFF_MAX) < 0 ? pause : BACKOFF_MAX;
    }

    private void report() {
        if (System.nanoTime() - reportedNanos > REPORT.toNanos()) {
            reportedNanos = System.nanoTime();
            log.info("embedding texts embedded={}", embedded.get());
        }
    }

    @Override
    public void close() {
        stop.countDown();
        wake();
        try {
            if (thread.isAlive() && !thread.join(Duration.ofSeconds(10))) {
                log.warn("the embedder is still at a text; it ends with the process");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
