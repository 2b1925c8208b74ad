package dev.boardwalk.crdt.sync;

/**
 * A state vector in memory: for each client the first clock that is not known. Mutable, one owner, no locks.
 *
 * <p>A client that is absent has clock 0, and clocks only grow. {@link StateVectors} reads and writes the encoded form.
 */
public final class ClockVector {
    private final ClientTable clocks;

    public ClockVector() {
        clocks = new ClientTable();
    }

    private ClockVector(ClockVector other) {
        clocks = new ClientTable(other.clocks);
    }

    public ClockVector copy() {
        return new ClockVector(this);
    }

    /** The first clock of the client that is not known; 0 when nothing of the client is known. */
    public int get(long client) {
        return clocks.get(client);
    }

    /** Whether the id (client, clock) is known. */
    public boolean knows(long client, int clock) {
        return clock < clocks.get(client);
    }

    /** Raises the client's clock; a clock at or below the known one changes nothing. */
    public void advance(long client, int clock) {
        if (clock > clocks.get(client)) {
            clocks.put(client, clock);
        }
    }

    /** Raises every client's clock to the end of its section. */
    public void advance(UpdateOutline outline) {
        for (int i = 0; i < outline.sections(); i++) {
            advance(outline.client(i), outline.endClock(i));
        }
    }

    /** Raises every client's clock to the other's. */
    public void advance(ClockVector other) {
        other.forEach(this::advance);
    }

    /** Number of clients of which something is known. */
    public int size() {
        return clocks.size();
    }

    public boolean isEmpty() {
        return clocks.size() == 0;
    }

    /** Whether all that the other knows is known here. */
    public boolean covers(ClockVector other) {
        for (int i = 0; i < other.clocks.places(); i++) {
            int clock = other.clocks.valueAt(i);
            if (clock > 0 && get(other.clocks.clientAt(i)) < clock) {
                return false;
            }
        }
        return true;
    }

    /** Whether all structs of the update are known here; says nothing about its deletions. */
    public boolean covers(UpdateOutline outline) {
        for (int i = 0; i < outline.sections(); i++) {
            if (get(outline.client(i)) < outline.endClock(i)) {
                return false;
            }
        }
        return true;
    }

    /** What {@link #forEach} hands over. */
    @FunctionalInterface
    public interface Visitor {
        void visit(long client, int clock);
    }

    /** Visits every known client once, in no particular order; the vector must not be changed meanwhile. */
    public void forEach(Visitor visitor) {
        for (int i = 0; i < clocks.places(); i++) {
            if (clocks.valueAt(i) > 0) {
                visitor.visit(clocks.clientAt(i), clocks.valueAt(i));
            }
        }
    }

    /** The known clients in ascending order. */
    long[] clientsAscending() {
        return clocks.clientsAscending();
    }

    /** About how much heap this vector takes. */
    public int weightBytes() {
        return 16 + clocks.weightBytes();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClockVector that && covers(that) && that.covers(this);
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (int i = 0; i < clocks.places(); i++) {
            if (clocks.valueAt(i) > 0) {
                hash += Long.hashCode(clocks.clientAt(i)) * 31 + clocks.valueAt(i);
            }
        }
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("ClockVector[");
        for (long client : clientsAscending()) {
            text.append(text.length() > 12 ? ", " : "")
                    .append(client)
                    .append(':')
                    .append(get(client));
        }
        return text.append(']').toString();
    }
}
