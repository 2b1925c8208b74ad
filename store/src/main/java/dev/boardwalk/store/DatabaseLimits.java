package dev.boardwalk.store;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * How much Boardwalk asks of its database and how long it waits for it.
 *
 * @param queryConnections connections for loading and lists
 * @param blockingConnections connections for flushes, leases, partitions and migrations
 * @param statementTimeout after this the server gives up on a statement
 * @param answerTimeout after this without an answer to a tick its connection is given up; longer than a pause of the
 *     server that should pass unnoticed
 * @param idleInTransactionTimeout after this the server ends a transaction that its client forgot
 * @param lease how long a gateway that says nothing keeps its journal to itself
 * @param partitionWidth time range of one partition of journal, operation and change
 */
public record DatabaseLimits(
        int queryConnections,
        int blockingConnections,
        Duration statementTimeout,
        Duration answerTimeout,
        Duration idleInTransactionTimeout,
        Duration lease,
        Duration partitionWidth) {

    public static final DatabaseLimits DEFAULTS = new DatabaseLimits(
            8,
            6,
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofHours(1));

    public DatabaseLimits {
        requireAtLeast("queryConnections", queryConnections, 1);
        requireAtLeast("blockingConnections", blockingConnections, 2);
        requirePositive("statementTimeout", statementTimeout);
        requirePositive("answerTimeout", answerTimeout);
        requirePositive("idleInTransactionTimeout", idleInTransactionTimeout);
        requirePositive("lease", lease);
        requirePositive("partitionWidth", partitionWidth);
    }

    public DatabaseLimits withLease(Duration value) {
        return new DatabaseLimits(
                queryConnections,
                blockingConnections,
                statementTimeout,
                answerTimeout,
                idleInTransactionTimeout,
                value,
                partitionWidth);
    }

    public DatabaseLimits withAnswerTimeout(Duration value) {
        return new DatabaseLimits(
                queryConnections,
                blockingConnections,
                statementTimeout,
                value,
                idleInTransactionTimeout,
                lease,
                partitionWidth);
    }

    /** The shortest partition: making and dropping them is work too. */
    private static final Duration PARTITION_WIDTH_MIN = Duration.ofSeconds(2);

    /** The longest: a journal partition lives as long, and is meant to live for minutes. */
    private static final Duration PARTITION_WIDTH_MAX = Duration.ofHours(6);

    /** A 24th of how long operations are kept (an hour at a day), within reason. */
    public DatabaseLimits forRetention(Duration operationRetention) {
        Duration width = operationRetention.dividedBy(24).truncatedTo(ChronoUnit.SECONDS);
        if (width.compareTo(PARTITION_WIDTH_MIN) < 0) {
            width = PARTITION_WIDTH_MIN;
        }
        return withPartitionWidth(width.compareTo(PARTITION_WIDTH_MAX) > 0 ? PARTITION_WIDTH_MAX : width);
    }

    public DatabaseLimits withPartitionWidth(Duration value) {
        return new DatabaseLimits(
                queryConnections,
                blockingConnections,
                statementTimeout,
                answerTimeout,
                idleInTransactionTimeout,
                lease,
                value);
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", was " + value);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " must be positive, was " + value);
        }
    }
}
