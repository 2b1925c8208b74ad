package dev.boardwalk.crdt.sync;

import java.util.ArrayList;
import java.util.List;

/**
 * A set of ids (client, clock) held as ranges; what an entity has deleted. Mutable, one owner, no locks.
 *
 * <p>Deletions of a long life are many small ranges, so each client's are one primitive array, found by binary search; a
 * batch is merged in one pass.
 */
public final class IdSet {
    /** Client to its place in {@link #ranges}, counted from 1. */
    private final ClientTable places = new ClientTable();

    private final List<ClockRanges> ranges = new ArrayList<>(2);

    /** Reads an encoded delete set, as the last part of an update. */
    public static IdSet decode(byte[] bytes) {
        ByteReader in = new ByteReader(MalformedInput.Subject.UPDATE, bytes, 0, bytes.length);
        OutlineBuilder builder = new OutlineBuilder();
        DeleteSetReader.read(in, UpdateLimits.defaults(), builder);
        in.expectEnd();
        IdSet set = new IdSet();
        set.addAll(new UpdateOutline(builder, bytes.length));
        return set;
    }

    /** The encoded delete set, with the highest client first as Yjs writes it. */
    public byte[] encode() {
        ByteWriter out = new ByteWriter(16 + rangeCount() * 4);
        long[] clients = places.clientsAscending();
        out.varUint(clients.length);
        for (int i = clients.length - 1; i >= 0; i--) {
            ClockRanges of = ranges.get(places.get(clients[i]) - 1);
            out.varUint(clients[i]);
            out.varUint(of.count());
            for (int range = 0; range < of.count(); range++) {
                out.varUint(of.start(range));
                out.varUint(of.end(range) - of.start(range));
            }
        }
        return out.toBytes();
    }

    /** Puts {@code length} ids from {@code clock} on in; answers whether any of them was not in before. */
    public boolean add(long client, int clock, int length) {
        if (clock < 0 || length < 1 || clock > Integer.MAX_VALUE - length) {
            throw new IllegalArgumentException("not a range of clocks: " + length + " from " + clock);
        }
        return of(client).add(clock, clock + length);
    }

    /** Puts all deletions of the update in; answers whether any of them was not in before. */
    public boolean addAll(UpdateOutline outline) {
        boolean added = false;
        int from = 0;
        while (from < outline.deletes()) {
            long client = outline.deleteClient(from);
            int to = from + 1;
            while (to < outline.deletes() && outline.deleteClient(to) == client) {
                to++;
            }
            added |= of(client).addAll(outline, from, to);
            from = to;
        }
        return added;
    }

    public boolean contains(long client, int clock) {
        int place = places.get(client);
        return place > 0 && ranges.get(place - 1).contains(clock, clock + 1);
    }

    /** Whether all deletions of the update are in. */
    public boolean containsAll(UpdateOutline outline) {
        for (int i = 0; i < outline.deletes(); i++) {
            int place = places.get(outline.deleteClient(i));
            if (place == 0 || !ranges.get(place - 1).contains(outline.deleteClock(i), outline.deleteEnd(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether any deletion of the update is in. */
    public boolean containsAny(UpdateOutline outline) {
        for (int i = 0; i < outline.deletes(); i++) {
            int place = places.get(outline.deleteClient(i));
            if (place > 0 && ranges.get(place - 1).containsAny(outline.deleteClock(i), outline.deleteEnd(i))) {
                return true;
            }
        }
        return false;
    }

    /** Writes down the deletions of the update that are not in. */
    void addLacking(UpdateOutline outline, OutlineBuilder to) {
        for (int i = 0; i < outline.deletes(); i++) {
            long client = outline.deleteClient(i);
            int place = places.get(client);
            if (place == 0) {
                to.delete(client, outline.deleteClock(i), outline.deleteEnd(i));
            } else {
                ranges.get(place - 1).addLacking(client, outline.deleteClock(i), outline.deleteEnd(i), to);
            }
        }
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Number of ranges of all clients. */
    public int rangeCount() {
        int count = 0;
        for (ClockRanges of : ranges) {
            count += of.count();
        }
        return count;
    }

    /** About how much heap this set takes. */
    public int weightBytes() {
        int weight = 48 + places.weightBytes();
        for (ClockRanges of : ranges) {
            weight += of.weightBytes();
        }
        return weight;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof IdSet that) || ranges.size() != that.ranges.size()) {
            return false;
        }
        for (long client : places.clientsAscending()) {
            int place = that.places.get(client);
            if (place == 0 || !of(client).equals(that.ranges.get(place - 1))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (long client : places.clientsAscending()) {
            hash += Long.hashCode(client) ^ of(client).hashCode();
        }
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("IdSet[");
        for (long client : places.clientsAscending()) {
            ClockRanges of = of(client);
            text.append(client).append(':');
            for (int i = 0; i < of.count(); i++) {
                text.append(' ').append(of.start(i)).append("..").append(of.end(i));
            }
            text.append("; ");
        }
        return text.append(']').toString();
    }

    private ClockRanges of(long client) {
        int place = places.get(client);
        if (place == 0) {
            ranges.add(new ClockRanges());
            place = ranges.size();
            places.put(client, place);
        }
        return ranges.get(place - 1);
    }
}
