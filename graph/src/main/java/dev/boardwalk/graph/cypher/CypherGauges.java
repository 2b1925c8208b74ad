package dev.boardwalk.graph.cypher;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What queries came to, since the start. To be read at any time from any thread. */
public final class CypherGauges {
    final LongAdder answered = new LongAdder();
    final LongAdder truncated = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder timedOut = new LongAdder();
    final LongAdder busy = new LongAdder();
    final AtomicInteger running = new AtomicInteger();

    CypherGauges() {}

    /** Queries that were answered. */
    public long answered() {
        return answered.sum();
    }

    /** Those among them that had more rows than the answer. */
    public long truncated() {
        return truncated.sum();
    }

    /** Queries that were refused for what they say, or that the database could not compute. */
    public long refused() {
        return refused.sum();
    }

    /** Queries that were given up after the time limit. */
    public long timedOut() {
        return timedOut.sum();
    }

    /** Queries that found no free place. */
    public long busy() {
        return busy.sum();
    }

    /** Queries that run now. */
    public int running() {
        return running.get();
    }
}
