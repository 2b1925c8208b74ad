package dev.boardwalk.store;

import com.google.errorprone.annotations.MustBeClosed;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Work on the stored data that a process does beside its own, found by {@link java.util.ServiceLoader}: so that the
 * gateway and the compactor may share a process without knowing each other.
 */
public interface BackgroundService {

    /** One word: the command that runs it once, and part of the names of its metrics. */
    String name();

    /** Starts the work at its intervals. */
    @MustBeClosed
    Running start(BackgroundContext context);

    /** Does the work once, now, and answers a report for people; fails with {@link StoreException}. */
    String runOnce(BackgroundContext context, Progress progress);

    /** What {@link #runOnce} would remove for good if it ran now, one line each; changes nothing. */
    List<String> removals(BackgroundContext context);

    /** Has the next run try an entity again that was set aside; answers whether it was. */
    boolean release(BackgroundContext context, EntityKey entity);

    /** Checks what the work has left behind, and answers what was checked and what is wrong. */
    Findings verify(BackgroundContext context);

    /** Told how far a run is, from any of its threads. */
    interface Progress {
        /** Tells nobody. */
        Progress NONE = (_, _, _) -> {};

        /** @param total as far as it is known by now */
        void at(String step, long done, long total);
    }

    /**
     * What a check came to, for people.
     *
     * @param checked what was looked at
     * @param wrong one line for each thing that is not as it should be
     */
    record Findings(String checked, List<String> wrong) {}

    /** A service at work; closing waits, for some seconds at most, until it has stopped. */
    interface Running extends AutoCloseable {

        /** What it has counted: names with their unit, without a prefix. */
        Map<String, LongSupplier> gauges();

        @Override
        void close();
    }
}
