package dev.boardwalk.graph.cypher;

import dev.boardwalk.store.StoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The answers to Cypher: reads a query, confines it, and lets the database compute it as a role that can only read.
 *
 * <p>Two walls stand between organisations. The query that the database gets is written anew, with the organisation in every
 * pattern; and the role that asks it sees the rows of that organisation only (row-level security), whatever it is asked.
 *
 * <p>Safe for use by many threads; each call blocks its thread, so virtual threads are meant to call.
 */
public final class CypherQueries {
    /** Transactions that hold the horizon back last milliseconds. */
    private static final Duration HORIZON_POLL = Duration.ofMillis(20);

    private final CypherLimits limits;
    private final ReadTransactions transactions;
    private final Semaphore places;
    private final CypherGauges gauges = new CypherGauges();

    /** @param connections as many as {@link CypherLimits#concurrent()}, for nothing else: answers may take long */
    public CypherQueries(DataSource connections, CypherLimits limits) {
        this.limits = limits;
        this.transactions = new ReadTransactions(connections, limits);
        this.places = new Semaphore(limits.concurrent(), true);
    }

    public CypherGauges gauges() {
        return gauges;
    }

    public CypherLimits limits() {
        return limits;
    }

    /**
     * Answers a query.
     *
     * @param parameters what the query refers to by {@code $name}: values of JSON
     * @param rows answered at most, from 1 to {@link CypherLimits#rows()}
     * @throws CypherException if the query cannot be answered
     * @throws StoreException if the database is not there
     */
    public CypherAnswer answer(CypherReader reader, String query, Map<String, @Nullable Object> parameters, int rows) {
        if (rows < 1 || rows > limits.rows()) {
            throw new IllegalArgumentException("rows must be from 1 to " + limits.rows() + ", was " + rows);
        }
        try {
            Query tree = new QueryReader(limits).read(query);
            // What cannot be asked takes no connection.
            QueryWriter.write(tree, new Reach(reader.organisation(), null), parameters, limits);
            CypherAnswer answer = inPlace(() -> transactions.answer(reader, tree, parameters, rows));
            gauges.answered.increment();
            if (answer.truncated()) {
                gauges.truncated.increment();
            }
            return answer;
        } catch (CypherException failure) {
            count(failure);
            throw failure;
        }
    }

    /**
     * Waits until an answer would have everything up to the position in it.
     *
     * @throws CypherException.Behind if that takes longer than the patience
     */
    public void await(long position, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        long horizon = transactions.horizon();
        while (horizon <= position) {
            if (System.nanoTime() - deadline > 0) {
                throw new CypherException.Behind(position, horizon);
            }
            LockSupport.parkNanos(HORIZON_POLL.toNanos());
            horizon = transactions.horizon();
        }
    }

    private CypherAnswer inPlace(Work work) {
        try {
            if (!places.tryAcquire(limits.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new CypherException.Busy("more than " + limits.concurrent() + " queries are running: try again");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CypherException.Busy("told to stop");
        }
        gauges.running.incrementAndGet();
        try {
            return work.run();
        } catch (SQLException failure) {
            throw DatabaseFailures.of(failure, limits);
        } finally {
            gauges.running.decrementAndGet();
            places.release();
        }
    }

    private void count(CypherException failure) {
        (switch (failure) {
                    case CypherException.TimedOut _ -> gauges.timedOut;
                    case CypherException.Busy _ -> gauges.busy;
                    default -> gauges.refused;
                })
                .increment();
    }

    private interface Work {
        CypherAnswer run() throws SQLException;
    }
}
