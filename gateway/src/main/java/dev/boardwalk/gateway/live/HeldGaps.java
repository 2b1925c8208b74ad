package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.UpdateOutline;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The updates that do not fit yet, because something before them is missing. Bounded by whoever adds.
 *
 * <p>For each, one id that it misses is remembered, so that an admission retries only what that may help: else a hostile
 * peer could make every edit of the others scan all that is held.
 */
final class HeldGaps {
    /** About the heap that a held update takes besides its bytes. */
    private static final int OVERHEAD_BYTES = 96;

    /** How an update came. */
    enum Arrival {
        EDIT,
        /** As the answer to a SyncStep1. */
        STEP2,
        /** From another gateway, which has committed it. */
        RELAYED
    }

    /**
     * One held update.
     *
     * @param sender number of the peer it came from
     * @param peer that peer, or null for a relayed update
     * @param receipt what the peer waits for, if anything
     * @param arrival how it came
     * @param missingClient client of an id that it misses
     * @param missingEnd what has to be known of that client before it is tried again
     */
    record Held(
            ValidUpdate update,
            long sender,
            @Nullable LivePeer peer,
            @Nullable Receipt receipt,
            Arrival arrival,
            long missingClient,
            int missingEnd) {
        private boolean mayFit(ClockVector known) {
            return known.get(missingClient) >= missingEnd;
        }

        private Held withoutPeer() {
            return new Held(update, sender, null, null, arrival, missingClient, missingEnd);
        }

        private long weightBytes() {
            return (long) update.bytes().length + update.outline().weightBytes() + OVERHEAD_BYTES;
        }
    }

    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private long weight;

    int size() {
        return held.size();
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** Bytes of all held updates with their outlines. */
    long weightBytes() {
        return weight;
    }

    /**
     * Holds an update. Answers false if it can never fit because it waits for itself: no client makes such an update.
     */
    boolean add(
            ValidUpdate update,
            @Nullable LivePeer peer,
            long sender,
            @Nullable Receipt receipt,
            Arrival arrival,
            ClockVector known) {
        Missing missing = Missing.find(update.outline(), known);
        if (missing == null) {
            return false;
        }
        Held entry = new Held(update, sender, peer, receipt, arrival, missing.client(), missing.end());
        held.add(entry);
        weight += entry.weightBytes();
        return true;
    }

    /** Whether these very bytes are held, as when the journal is read again. */
    boolean holds(ValidUpdate update) {
        for (Held entry : held) {
            if (Arrays.equals(entry.update().bytes(), update.bytes())) {
                return true;
            }
        }
        return false;
    }

    Held removeOldest() {
        Held oldest = held.remove();
        weight -= oldest.weightBytes();
        return oldest;
    }

    /** Takes an update out that may fit by now, or null. */
    @Nullable
    Held takeFitting(ClockVector known) {
        for (Iterator<Held> i = held.iterator(); i.hasNext(); ) {
            Held entry = i.next();
            if (entry.mayFit(known)) {
                i.remove();
                weight -= entry.weightBytes();
                return entry;
            }
        }
        return null;
    }

    /** The peer is gone: what it sent may still come to fit, but nobody waits for it. */
    void forget(LivePeer peer) {
        for (int i = held.size(); i > 0; i--) {
            Held entry = held.remove();
            held.add(entry.peer() == peer ? entry.withoutPeer() : entry);
        }
    }

    Iterable<Held> all() {
        return held;
    }

    /** An id that an update needs and that is not known: the client, and the first clock after the id. */
    private record Missing(long client, int end) {
        static @Nullable Missing find(UpdateOutline outline, ClockVector known) {
            for (int i = 0; i < outline.sections(); i++) {
                if (outline.firstClock(i) > known.get(outline.client(i))) {
                    return new Missing(outline.client(i), outline.firstClock(i));
                }
            }
            ClockVector own = new ClockVector();
            own.advance(outline);
            for (int i = 0; i < outline.references(); i++) {
                if (isMissing(own, known, outline.referenceClient(i), outline.referenceClock(i) + 1)) {
                    return new Missing(outline.referenceClient(i), outline.referenceClock(i) + 1);
                }
            }
            for (int i = 0; i < outline.deletes(); i++) {
                if (isMissing(own, known, outline.deleteClient(i), outline.deleteEnd(i))) {
                    return new Missing(outline.deleteClient(i), outline.deleteEnd(i));
                }
            }
            return null;
        }

        private static boolean isMissing(ClockVector own, ClockVector known, long client, int end) {
            return known.get(client) < end && own.get(client) < end;
        }
    }
}
