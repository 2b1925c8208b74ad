package dev.boardwalk.crdt.sync;

import java.util.Arrays;

/**
 * The question whether an update's structs can be integrated one after another onto what is known, each after all that it
 * refers to: the sections start where their client's known clocks end or before, no reference leads out of what is known
 * and what the update brings, and references between its sections do not form a circle.
 *
 * <p>Works as Yjs integrates: begin with a section, and where a struct refers to another section, first go on there. Each
 * reference is looked at once, so the time is linear in the size of the outline whatever a peer has put into it.
 */
final class IntegrationOrder {
    private static final int NOT_WAITING = -1;

    private final ClockVector known;
    private final UpdateOutline outline;
    /** Client to its section, counted from 1. */
    private final ClientTable sections = new ClientTable();
    /** For each section its first reference that is not yet known to be met. */
    private final int[] next;
    /** For each section on the stack the clock up to which it is wanted (inclusive), else {@link #NOT_WAITING}. */
    private final int[] wanted;

    private int[] stack = new int[4];
    private int depth;

    private IntegrationOrder(ClockVector known, UpdateOutline outline) {
        this.known = known;
        this.outline = outline;
        this.next = new int[outline.sections()];
        this.wanted = new int[outline.sections()];
        for (int i = 0; i < next.length; i++) {
            sections.put(outline.client(i), i + 1);
            next[i] = outline.referencesFrom(i);
            wanted[i] = NOT_WAITING;
        }
    }

    static boolean exists(ClockVector known, UpdateOutline outline) {
        for (int i = 0; i < outline.sections(); i++) {
            if (outline.firstClock(i) > known.get(outline.client(i))) {
                return false;
            }
        }
        return outline.sections() < 2
                ? referencesAreKnown(known, outline) && deletesAreKnown(known, outline)
                : new IntegrationOrder(known, outline).exists();
    }

    /** With one section no reference can lead into the update itself, as references never name their own client. */
    private static boolean referencesAreKnown(ClockVector known, UpdateOutline outline) {
        for (int i = 0; i < outline.references(); i++) {
            if (!known.knows(outline.referenceClient(i), outline.referenceClock(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean deletesAreKnown(ClockVector known, UpdateOutline outline) {
        for (int i = 0; i < outline.deletes(); i++) {
            long client = outline.deleteClient(i);
            int end = known.get(client);
            if (outline.sections() == 1 && outline.client(0) == client) {
                end = Math.max(end, outline.endClock(0));
            }
            if (outline.deleteEnd(i) > end) {
                return false;
            }
        }
        return true;
    }

    private boolean exists() {
        for (int i = 0; i < outline.deletes(); i++) {
            long client = outline.deleteClient(i);
            if (!known.knows(client, outline.deleteEnd(i) - 1) && !isBrought(client, outline.deleteEnd(i) - 1)) {
                return false;
            }
        }
        for (int i = 0; i < next.length; i++) {
            if (!integrate(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean isBrought(long client, int clock) {
        int section = sections.get(client) - 1;
        return section >= 0 && clock < outline.endClock(section);
    }

    /** Whether the whole section can be integrated, with all that it needs from other sections. */
    private boolean integrate(int first) {
        push(first, outline.endClock(first) - 1);
        while (depth > 0) {
            int section = stack[depth - 1];
            if (!isBlocked(section)) {
                depth--;
                wanted[section] = NOT_WAITING;
                continue;
            }
            int reference = next[section];
            long client = outline.referenceClient(reference);
            int clock = outline.referenceClock(reference);
            int other = sections.get(client) - 1;
            if (known.knows(client, clock) || isIntegrated(other, clock)) {
                next[section]++;
            } else if (other < 0 || clock >= outline.endClock(other) || wanted[other] != NOT_WAITING) {
                // Unknown, or wanted by what it waits for itself.
                return false;
            } else {
                push(other, clock);
            }
        }
        return true;
    }

    /** Whether the section has an unmet reference at or before the clock that is wanted of it. */
    private boolean isBlocked(int section) {
        return next[section] < outline.referencesTo(section) && outline.referenceAt(next[section]) <= wanted[section];
    }

    /** Whether the section brings the clock and no unmet reference stands before it. */
    private boolean isIntegrated(int section, int clock) {
        return section >= 0
                && clock < outline.endClock(section)
                && (next[section] == outline.referencesTo(section) || clock < outline.referenceAt(next[section]));
    }

    private void push(int section, int clock) {
        if (depth == stack.length) {
            stack = Arrays.copyOf(stack, depth * 2);
        }
        stack[depth++] = section;
        wanted[section] = clock;
    }
}
