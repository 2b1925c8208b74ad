package dev.boardwalk.store;

import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Numbers to register with a metrics system; each supplier is cheap and safe from any thread.
 *
 * @param blockingConnectionsActive connections of flushes and maintenance in use
 * @param blockingConnectionsWaiting threads that wait for one
 * @param queryConnectionsActive loads and lists being answered
 * @param journalReconnects times the journal's connection had to be made anew
 * @param journalRetries ticks sent again because their answer was lost
 * @param partitionsAheadSeconds how long the partitions that exist will last, as of the last look
 */
public record DatabaseGauges(
        IntSupplier blockingConnectionsActive,
        IntSupplier blockingConnectionsWaiting,
        IntSupplier queryConnectionsActive,
        LongSupplier journalReconnects,
        LongSupplier journalRetries,
        LongSupplier partitionsAheadSeconds) {}
