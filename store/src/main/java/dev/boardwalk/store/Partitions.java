package dev.boardwalk.store;

import java.time.Duration;

/** Keeps partitions of journal, operation and change ahead of the clock and drops journal partitions that are done. Blocks. */
public final class Partitions {

    Partitions() {}

    /** Makes what is missing to last this long from now; safe from several gateways at once. Answers how many it made. */
    public int ensureAhead(Duration ahead) {
        throw new UnsupportedOperationException(ahead.toString());
    }

    /** How long the present partitions last from now, of the table that ends first. */
    public Duration ahead() {
        throw new UnsupportedOperationException();
    }

    /** Drops whole journal partitions of which every tick is flushed. Answers how many. */
    public int dropFlushedJournal() {
        throw new UnsupportedOperationException();
    }
}
