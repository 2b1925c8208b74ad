package dev.boardwalk.store;

/**
 * How the compactor is doing.
 *
 * @param lagSeconds since a run last folded everything
 * @param horizonAgeSeconds how long the oldest transaction that has written runs: nothing newer can be folded or pruned
 * @param quarantined documents that are left out of runs until somebody releases them
 * @param keptOperations operations beside the table, as no snapshot contains them
 * @param damagedSnapshots found by somebody who needed them, and not yet folded anew
 */
public record CompactionHealth(
        long lagSeconds, long horizonAgeSeconds, long quarantined, long keptOperations, long damagedSnapshots) {}
