package dev.boardwalk.store;

import io.vertx.core.Future;
import java.util.List;

/** The durable log of one gateway: its ticks, one at a time, each in one statement. */
public final class Journal {

    Journal() {}

    /**
     * Makes a tick durable; the future completes after the commit. One owner, one call at a time, ticks ascending.
     *
     * <p>After a failure that {@link StoreException#passes()} nothing is known of the tick: call again with the
     * <em>same number and entries</em> until it succeeds; it is then in the journal exactly once. After
     * {@link StoreException.Fenced} register anew and journal all that is unconfirmed under the new lease.
     */
    public Future<CommittedTick> append(long tick, List<JournalEntry> entries) {
        throw new UnsupportedOperationException(tick + " " + entries.size());
    }

    /** Closes the journal's connection. */
    public Future<Void> close() {
        throw new UnsupportedOperationException();
    }
}
