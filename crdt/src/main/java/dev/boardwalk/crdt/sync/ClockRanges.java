package dev.boardwalk.crdt.sync;

import java.util.Arrays;

/** The clocks of one client in an {@link IdSet}: ascending ranges that neither overlap nor touch. */
final class ClockRanges {
    /** From how many ranges on a whole list is merged in one pass instead of one range after another. */
    private static final int MERGE_FROM = 16;

    /** Start and end of each range in turn; ends are exclusive. */
    private int[] bounds = new int[2];

    private int count;

    int count() {
        return count;
    }

    int start(int range) {
        return bounds[range * 2];
    }

    int end(int range) {
        return bounds[range * 2 + 1];
    }

    /** Whether every clock from start to before end is in. */
    boolean contains(int start, int end) {
        int range = firstEndingFrom(start + 1);
        return range < count && start(range) <= start && end <= end(range);
    }

    /** Whether any clock from start to before end is in. */
    boolean containsAny(int start, int end) {
        int range = firstEndingFrom(start + 1);
        return range < count && start(range) < end;
    }

    /** Writes down, as deletions of the client, the clocks from start to before end that are not in. */
    void addLacking(long client, int start, int end, OutlineBuilder to) {
        int at = start;
        for (int range = firstEndingFrom(start + 1); range < count && start(range) < end; range++) {
            if (start(range) > at) {
                to.delete(client, at, start(range));
            }
            at = end(range);
        }
        if (at < end) {
            to.delete(client, at, end);
        }
    }

    /** Puts the clocks in; answers whether any of them was not in before. */
    boolean add(int start, int end) {
        int first = firstEndingFrom(start);
        if (first < count && start(first) <= start && end <= end(first)) {
            return false;
        }
        int after = first;
        while (after < count && start(after) <= end) {
            after++;
        }
        if (after == first) {
            open(first);
            set(first, start, end);
        } else {
            int joinedEnd = Math.max(end, end(after - 1));
            set(first, Math.min(start, start(first)), joinedEnd);
            close(first + 1, after);
        }
        return true;
    }

    /** Puts the outline's delete ranges from {@code from} to before {@code to} in, which are of one client. */
    boolean addAll(UpdateOutline outline, int from, int to) {
        if (to - from < MERGE_FROM) {
            boolean added = false;
            for (int i = from; i < to; i++) {
                added |= add(outline.deleteClock(i), outline.deleteEnd(i));
            }
            return added;
        }
        long before = clocks();
        merge(outline, from, to);
        return clocks() > before;
    }

    /** One pass over both ascending lists, so that many scattered ranges do not shift the array once each. */
    private void merge(UpdateOutline outline, int from, int to) {
        ClockRanges merged = new ClockRanges();
        merged.bounds = new int[(count + to - from) * 2];
        int mine = 0;
        int theirs = from;
        while (mine < count || theirs < to) {
            if (theirs == to || (mine < count && start(mine) <= outline.deleteClock(theirs))) {
                merged.append(start(mine), end(mine));
                mine++;
            } else {
                merged.append(outline.deleteClock(theirs), outline.deleteEnd(theirs));
                theirs++;
            }
        }
        count = merged.count;
        bounds = Arrays.copyOf(merged.bounds, count * 2);
    }

    /** Joins a range on whose start is not before the last one's. */
    private void append(int start, int end) {
        if (count > 0 && start <= end(count - 1)) {
            bounds[count * 2 - 1] = Math.max(end, end(count - 1));
        } else {
            open(count);
            set(count - 1, start, end);
        }
    }

    /** Number of clocks in all ranges. */
    long clocks() {
        long clocks = 0;
        for (int i = 0; i < count; i++) {
            clocks += end(i) - start(i);
        }
        return clocks;
    }

    int weightBytes() {
        return 40 + bounds.length * 4;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClockRanges that && Arrays.equals(bounds, 0, count * 2, that.bounds, 0, that.count * 2);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < count * 2; i++) {
            hash = hash * 31 + bounds[i];
        }
        return hash;
    }

    private void set(int range, int start, int end) {
        bounds[range * 2] = start;
        bounds[range * 2 + 1] = end;
    }

    /** Makes room for one range at the place. */
    private void open(int range) {
        if (count * 2 == bounds.length) {
            bounds = Arrays.copyOf(bounds, bounds.length * 2);
        }
        System.arraycopy(bounds, range * 2, bounds, range * 2 + 2, (count - range) * 2);
        count++;
    }

    private void close(int from, int to) {
        System.arraycopy(bounds, to * 2, bounds, from * 2, (count - to) * 2);
        count -= to - from;
    }

    /** The first range whose end is at or after the clock; the last range is tried first, as most additions go there. */
    private int firstEndingFrom(int clock) {
        if (count == 0 || end(count - 1) < clock) {
            return count;
        }
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (end(middle) < clock) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
