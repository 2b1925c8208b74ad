package dev.boardwalk.store;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The regular care for the tables: partitions are made ahead of the clock and flushed journal partitions dropped, from
 * every process that has the database open. One virtual thread.
 */
final class Upkeep implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

    /** Partitions there are, in widths: more would only cost every load a look into an empty one. */
    private static final int PARTITIONS_AHEAD = 4;

    /** With partitions of seconds, so many that a busy machine does not run out of them. */
    private static final Duration AHEAD_LEAST = Duration.ofSeconds(30);

    /** Looks within one width, so that several may fail before a partition is missing. */
    private static final int LOOKS_PER_WIDTH = 12;

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

    private final Partitions partitions;
    private final Duration ahead;
    private final Duration pause;
    private final Thread thread;

    private Upkeep(Partitions partitions, Duration width) {
        this.partitions = partitions;
        Duration some = width.multipliedBy(PARTITIONS_AHEAD);
        this.ahead = some.compareTo(AHEAD_LEAST) < 0 ? AHEAD_LEAST : some;
        Duration wanted = width.dividedBy(LOOKS_PER_WIDTH);
        this.pause = wanted.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : wanted;
        this.thread = Thread.ofVirtual().name("database upkeep").unstarted(this::run);
    }

    /** Makes what is missing at once (failing like {@link Partitions#ensureAhead}), the rest as time goes by. */
    static Upkeep start(Partitions partitions, Duration width) {
        Upkeep upkeep = new Upkeep(partitions, width);
        int wider = partitions.dropWiderAhead();
        if (wider > 0) {
            log.info("partitions of a longer width dropped, shorter ones take their place count={}", wider);
        }
        partitions.ensureAhead(upkeep.ahead);
        upkeep.thread.start();
        return upkeep;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(pause);
                look();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            partitions.ensureAhead(ahead);
            int dropped = partitions.dropFlushedJournal();
            if (dropped > 0) {
                log.info("flushed journal partitions dropped count={}", dropped);
            }
        } catch (StoreException failure) {
            log.warn("partitions not looked after, trying again pause={} cause=\"{}\"", pause, failure.toString());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
