package dev.boardwalk.search;

import dev.boardwalk.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives organisations with many vectors an approximate index of their own, and takes it away when they have few again: one
 * virtual thread in the process that indexes.
 */
final class NearIndexer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NearIndexer.class);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(30);

    /** Counting all vectors takes up to a second: not before this share of the bound has come anew … */
    private static final double GROWTH = 0.05;

    /** … or this time has passed, since others may have brought some. */
    private static final Duration COUNT = Duration.ofMinutes(5);

    private final DataSource connections;
    private final int vectorsMax;
    private final BooleanSupplier leading;
    private final LongSupplier embedded;
    private final Thread thread;
    private final CountDownLatch stop = new CountDownLatch(1);
    private long countedEmbedded = -1;
    private long countedNanos;

    final AtomicLong indexes = new AtomicLong();

    /**
     * @param connections sessions of its own: one is held while an index is made
     * @param vectorsMax of one organisation, above which it gets an index
     * @param leading whether this process is the one that indexes
     * @param embedded how many documents it has embedded so far
     */
    NearIndexer(DataSource connections, int vectorsMax, BooleanSupplier leading, LongSupplier embedded) {
        this.connections = connections;
        this.vectorsMax = vectorsMax;
        this.leading = leading;
        this.embedded = embedded;
        this.thread = Thread.ofVirtual().name("search near indexer").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        Duration pause = LOOK;
        while (!over(pause)) {
            pause = LOOK;
            try {
                if (leading.getAsBoolean() && due()) {
                    pass();
                }
            } catch (SQLException | RuntimeException failure) {
                boolean known = failure instanceof SQLException || failure instanceof StoreException;
                log.warn("indexes of vectors not seen to cause=\"{}\"", failure.toString(), known ? null : failure);
                countedEmbedded = -1;
                pause = PAUSE_AFTER_FAILURE;
            }
        }
    }

    private boolean due() {
        return countedEmbedded < 0
                || embedded.getAsLong() - countedEmbedded > vectorsMax * GROWTH
                || System.nanoTime() - countedNanos > COUNT.toNanos();
    }

    /** One look; makes and drops what is to be made and dropped. Whoever else is at it is left alone. */
    void pass() throws SQLException {
        countedEmbedded = embedded.getAsLong();
        countedNanos = System.nanoTime();
        try (Connection connection = connections.getConnection()) {
            NearIndexes statements = new NearIndexes(connection);
            if (!statements.lock()) {
                countedEmbedded = -1;
                return;
            }
            try {
                arrange(statements);
            } finally {
                statements.unlock();
            }
        }
    }

    private void arrange(NearIndexes statements) throws SQLException {
        for (NearIndex broken : statements.broken()) {
            log.info("dropping an unfinished index of vectors index={}", broken.name());
            statements.drop(broken);
        }
        Map<NearIndex, Long> large = statements.large(vectorsMax);
        Set<NearIndex> usable = statements.usable().keySet();
        for (Map.Entry<NearIndex, Long> wanted : large.entrySet()) {
            if (!usable.contains(wanted.getKey()) && stop.getCount() > 0) {
                long start = System.nanoTime();
                log.info(
                        "indexing vectors organisation={} vectors={}",
                        wanted.getKey().organisation(),
                        wanted.getValue());
                statements.create(wanted.getKey());
                log.info(
                        "vectors indexed organisation={} seconds={}",
                        wanted.getKey().organisation(),
                        Duration.ofNanos(System.nanoTime() - start).toSeconds());
            }
        }
        drop(statements, List.copyOf(usable));
        indexes.set(statements.usable().size());
    }

    /** Not at the bound itself, lest one come and go with every text. */
    private void drop(NearIndexes statements, List<NearIndex> usable) throws SQLException {
        Set<NearIndex> worthwhile = statements.large(vectorsMax / 2).keySet();
        for (NearIndex index : usable) {
            if (!worthwhile.contains(index)) {
                log.info("dropping an index of few vectors index={}", index.name());
                statements.drop(index);
            }
        }
    }

    private boolean over(Duration pause) {
        try {
            return stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            return true;
        }
    }

    /** Ends; an index that is being made is left unfinished, and made anew by whoever indexes next. */
    @Override
    public void close() {
        stop.countDown();
        try {
            if (thread.isAlive() && !thread.join(Duration.ofMillis(200))) {
                thread.interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
