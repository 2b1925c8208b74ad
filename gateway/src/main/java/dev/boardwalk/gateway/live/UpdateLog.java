package dev.boardwalk.gateway.live;

import java.util.ArrayList;
import java.util.List;

/**
 * The updates of an entity since its base: a committed prefix and an uncommitted tail, by ascending sequence without holes.
 *
 * <p>Entries that the base has taken in are trimmed, but for those that somebody still has to be served from.
 */
final class UpdateLog {
    private final ArrayList<LogEntry> entries = new ArrayList<>();
    /** Sequence of the first entry that is kept, or of the next one when none is. */
    private long first = 1;

    private long baseThrough;
    private long committed;
    /** What the journal has said, which may lie beyond {@link #committed} only while nothing lies between. */
    private long journaled;

    private long uncommittedBytes;
    private long bytesAfterBase;
    private long weight;

    /** Sequence of the newest entry, 0 before there is one. */
    long end() {
        return first + entries.size() - 1;
    }

    /** All entries up to this sequence are durable. */
    long committed() {
        return committed;
    }

    /** All entries up to this sequence are in the base. */
    long baseThrough() {
        return baseThrough;
    }

    /** Sequence of the oldest entry that can still be read. */
    long first() {
        return first;
    }

    long uncommittedBytes() {
        return uncommittedBytes;
    }

    int sizeAfterBase() {
        return (int) (end() - baseThrough);
    }

    long bytesAfterBase() {
        return bytesAfterBase;
    }

    long weightBytes() {
        return weight;
    }

    boolean isAllCommitted() {
        return committed == end();
    }

    LogEntry get(long sequence) {
        return entries.get((int) (sequence - first));
    }

    /** The entries after one sequence through another, oldest first: a view, to be read at once. */
    List<LogEntry> between(long after, long through) {
        return entries.subList((int) (after + 1 - first), (int) (through + 1 - first));
    }

    /** Bytes of the updates after one sequence through another. */
    long bytesBetween(long after, long through) {
        long bytes = 0;
        for (LogEntry entry : between(after, through)) {
            bytes += entry.bytes();
        }
        return bytes;
    }

    /** Appends an update that waits for its commit, or one that has been committed elsewhere. */
    LogEntry append(ValidUpdate update, long sender, boolean durable) {
        LogEntry entry = new LogEntry(
                end() + 1, new Outgoing(Outgoing.Kind.UPDATE, update.bytes()), update.outline(), sender, durable);
        entries.add(entry);
        bytesAfterBase += entry.bytes();
        weight += entry.weightBytes();
        if (!durable) {
            uncommittedBytes += entry.bytes();
        }
        advance();
        return entry;
    }

    /** Notes the journal's word that its entries through this sequence are durable. */
    void commit(long throughSequence) {
        if (throughSequence <= journaled || throughSequence > end()) {
            throw new IllegalStateException("commit through " + throughSequence + " after commit through " + journaled
                    + " of a log that ends at " + end());
        }
        journaled = throughSequence;
        advance();
    }

    private void advance() {
        while (committed < end()) {
            LogEntry next = get(committed + 1);
            if (!next.durable()) {
                if (next.sequence() > journaled) {
                    return;
                }
                uncommittedBytes -= next.bytes();
            }
            committed++;
        }
    }

    /** Notes that the base contains everything through this sequence, which must be committed. */
    void takenIntoBase(long throughSequence) {
        if (throughSequence < baseThrough || throughSequence > committed) {
            throw new IllegalStateException("base through " + throughSequence + " after base through " + baseThrough
                    + " of a log committed through " + committed);
        }
        bytesAfterBase -= bytesBetween(baseThrough, throughSequence);
        baseThrough = throughSequence;
    }

    /** Forgets the entries that are in the base, except those above the given sequence. */
    void trim(long keepAfter) {
        int count = (int) (Math.min(keepAfter, baseThrough) + 1 - first);
        if (count <= 0) {
            return;
        }
        List<LogEntry> gone = entries.subList(0, count);
        for (LogEntry entry : gone) {
            weight -= entry.weightBytes();
        }
        gone.clear();
        entries.trimToSize();
        first += count;
    }
}
