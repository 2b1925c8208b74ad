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
 * @param pruned operations that left the database for the archive
 * @param archivedBytes of the objects that hold those, compressed
 * @param kept documents whose operations were kept aside, as no snapshot contains them
 * @param partitionsDropped of operations, journal and change feed
 * @param partitionsWaiting that are old enough, but not in snapshots yet
 * @param snapshotsThinned rows of old snapshots removed
 * @param archiveForgotten archived operations past their time
 * @param objectsRemoved that no row had named for the time of grace
 * @param quarantined documents set aside by this run
 * @param overtaken entities that another compactor folded first
 * @param failed entities, partitions or objects left for the next run: storage away, what cannot be read or proven
 */
record CompactionReport(
        long entities,
        long operations,
        long bytesBefore,
        long bytesAfter,
        long bytesStored,
        long pruned,
        long archivedBytes,
        long kept,
        long partitionsDropped,
        long partitionsWaiting,
        long snapshotsThinned,
        long archiveForgotten,
        long objectsRemoved,
        long quarantined,
        long overtaken,
        long failed,
        Duration time) {

    /** Partitions without content come and go by themselves and are no news. */
    boolean nothingToDo() {
        return entities
                        + quarantined
                        + overtaken
                        + failed
                        + pruned
                        + kept
                        + snapshotsThinned
                        + objectsRemoved
                        + archiveForgotten
                == 0;
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
                pruned       %,d operations (%,d bytes in the archive), %,d partitions dropped, %,d waiting
                thinned      %,d snapshots, %,d archived operations, %,d objects removed
                quarantined  %,d (%,d kept aside)
                overtaken    %,d
                failed       %,d
                time         %s""".formatted(
                        entities,
                        operations,
                        bytesBefore,
                        bytesAfter,
                        bytesStored,
                        pruned,
                        archivedBytes,
                        partitionsDropped,
                        partitionsWaiting,
                        snapshotsThinned,
                        archiveForgotten,
                        objectsRemoved,
                        quarantined,
                        kept,
                        overtaken,
                        failed,
                        seconds());
    }

    /** For logs. */
    String line() {
        return ("entities=%d operations=%d bytes_before=%d bytes_after=%d pruned=%d partitions_dropped=%d"
                        + " partitions_waiting=%d thinned=%d objects_removed=%d quarantined=%d kept=%d failed=%d millis=%d")
                .formatted(
                        entities,
                        operations,
                        bytesBefore,
                        bytesAfter,
                        pruned,
                        partitionsDropped,
                        partitionsWaiting,
                        snapshotsThinned,
                        objectsRemoved,
                        quarantined,
                        kept,
                        failed,
                        time.toMillis());
    }

    private String seconds() {
        return "%.1f s".formatted(time.toMillis() / 1000.0);
    }
}
