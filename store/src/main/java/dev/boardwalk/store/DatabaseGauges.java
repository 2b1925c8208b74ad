package dev.boardwalk.store;

import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Numbers to register with a metrics system; each supplier is cheap and safe from any thread.
 *
 * @param blockingConnectionsActive connections of flushes and maintenance in use
 * @param blockingConnectionsWaiting threads that wait for one
 * @param queryConnections connections open for loads and lists
 * @param journalConnects times a journal's connection was made: one per start, more are reconnects
 * @param journalRetries ticks sent again because their answer was lost
 * @param partitionsAheadSeconds how long the partitions that exist will last, as of the last look
 * @param damagedSnapshots times a snapshot was needed whose object was damaged or missing: somebody has to look
 */
public record DatabaseGauges(
        IntSupplier blockingConnectionsActive,
        IntSupplier blockingConnectionsWaiting,
        IntSupplier queryConnections,
        LongSupplier journalConnects,
        LongSupplier journalRetries,
        LongSupplier partitionsAheadSeconds,
        LongSupplier damagedSnapshots) {}
