package dev.boardwalk.compactor;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** What a run has done so far, counted from all its threads. */
final class Tally {
    final LongAdder entities = new LongAdder();
    final LongAdder operations = new LongAdder();
    final LongAdder bytesBefore = new LongAdder();
    final LongAdder bytesAfter = new LongAdder();
    final LongAdder bytesStored = new LongAdder();
    final LongAdder quarantined = new LongAdder();
    final LongAdder overtaken = new LongAdder();
    final LongAdder failed = new LongAdder();

    CompactionReport report(Duration time) {
        return new CompactionReport(
                entities.sum(),
                operations.sum(),
                bytesBefore.sum(),
                bytesAfter.sum(),
                bytesStored.sum(),
                quarantined.sum(),
                overtaken.sum(),
                failed.sum(),
                time);
    }
}
