package dev.boardwalk.compactor;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** What a run has done so far, counted from all its threads. */
final class Tally {
    final LongAdder entities = new LongAdder();
    final LongAdder folded = new LongAdder();
    final LongAdder operations = new LongAdder();
    final LongAdder bytesBefore = new LongAdder();
    final LongAdder bytesAfter = new LongAdder();
    final LongAdder bytesStored = new LongAdder();
    final LongAdder quarantined = new LongAdder();
    final LongAdder overtaken = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder pruned = new LongAdder();
    final LongAdder archivedBytes = new LongAdder();
    final LongAdder kept = new LongAdder();
    final LongAdder partitionsDropped = new LongAdder();
    final LongAdder partitionsWaiting = new LongAdder();
    final LongAdder snapshotsThinned = new LongAdder();
    final LongAdder archiveForgotten = new LongAdder();
    final LongAdder objectsRemoved = new LongAdder();

    /** Documents dealt with so far, those included that are folded and wait for their batch. */
    long documents() {
        return folded.sum() + quarantined.sum() + failed.sum();
    }

    CompactionReport report(Duration time) {
        return new CompactionReport(
                entities.sum(),
                operations.sum(),
                bytesBefore.sum(),
                bytesAfter.sum(),
                bytesStored.sum(),
                pruned.sum(),
                archivedBytes.sum(),
                kept.sum(),
                partitionsDropped.sum(),
                partitionsWaiting.sum(),
                snapshotsThinned.sum(),
                archiveForgotten.sum(),
                objectsRemoved.sum(),
                quarantined.sum(),
                overtaken.sum(),
                failed.sum(),
                time);
    }
}
