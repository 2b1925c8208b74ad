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
    String runOnce(BackgroundContext context);

    /** Checks what the work has left behind, and answers what was checked and what is wrong. */
    Findings verify(BackgroundContext context);

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
