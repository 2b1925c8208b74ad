package dev.boardwalk.compactor;

import java.time.Duration;

/**
 * What one run did.
 *
 * @param entities that got a snapshot
 * @param operations that are in these snapshots now
 * @param bytesBefore of the snapshots and operations that were folded
 * @param bytesAfter of the states that came out
 * @param bytesStored of the objects that hold them, compressed
 * @param quarantined documents set aside by this run
 * @param overtaken entities that another compactor folded first
 * @param failed entities left for the next run: storage away, an object that cannot be read or proven
 */
record CompactionReport(
        long entities,
        long operations,
        long bytesBefore,
        long bytesAfter,
        long bytesStored,
        long quarantined,
        long overtaken,
        long failed,
        Duration time) {

    boolean nothingToDo() {
        return entities + quarantined + overtaken + failed == 0;
    }

    /** For people. */
    String text() {
        if (nothingToDo()) {
            return "Nothing to compact: every operation is in a snapshot already (" + seconds() + ").";
        }
        return """
                entities     %,d
                operations   %,d
                bytes before %,d
                bytes after  %,d (%,d in objects)
                quarantined  %,d
                overtaken    %,d
                failed       %,d
                time         %s""".formatted(
                entities, operations, bytesBefore, bytesAfter, bytesStored, quarantined, overtaken, failed, seconds());
    }

    private String seconds() {
        return "%.1f s".formatted(time.toMillis() / 1000.0);
    }
}
