package dev.boardwalk.crdt.sync;

import dev.boardwalk.crdt.sync.MalformedInput.Subject;
import org.jspecify.annotations.Nullable;

/**
 * The part of an update that can be applied without what is missing. A Yjs client that itself waits for missing content
 * puts all that waits into its answer to SyncStep1, after a hole (<em>Skip</em>) or right at a section's beginning. What
 * does not wait, its user's edits among them, must not wait with it.
 *
 * <p>Each section is cut at a struct, and of the deletions stay those of what stays. The structs are those of the
 * original, byte by byte. Takes time in proportion to the bytes.
 */
public final class PartialUpdate {
    /** Reads structs for their lengths only; whoever calls has checked, or will check, the limits. */
    private static final UpdateValidator STRUCTS = new UpdateValidator(new UpdateLimits(
            Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, UpdateLimits.DEPTH_CEILING));

    /** Clients that wait for each other are few; a longer chain was made by somebody who wants to keep us busy. */
    private static final int ROUNDS_MAX = 64;

    private static final int SECTION_BYTES_MIN = 5;
    private static final int STRUCT_BYTES_MIN = 2;

    private final ByteReader in;
    /** For each section the clock at which it is cut; null to cut at holes only. */
    private final int @Nullable [] cuts;
    /** Where the clients' sections end after the cut. */
    private final ClockVector ends = new ClockVector();
    /** Clients whose section had to be cut, by the first clock after the cut plus one. */
    private final ClientTable cutClients = new ClientTable();

    private final ByteWriter sections;
    private int sectionCount;

    private PartialUpdate(byte[] update, int @Nullable [] cuts) {
        this.in = new ByteReader(Subject.UPDATE, update, 0, update.length);
        this.cuts = cuts;
        this.sections = new ByteWriter(update.length);
    }

    /**
     * The update up to its holes: of each client what comes before the first one. Still to be validated.
     *
     * @throws MalformedInput if the update is malformed in another way
     */
    public static byte[] beforeHoles(byte[] update) {
        return new PartialUpdate(update, null).write(null);
    }

    /**
     * What of a valid update joins onto what is known, or null if nothing does.
     *
     * @param outline of the update
     */
    public static byte @Nullable [] joining(byte[] update, UpdateOutline outline, ClockVector known) {
        int[] cuts = cuts(outline, known);
        if (cuts == null) {
            return null;
        }
        byte[] bytes = new PartialUpdate(update, cuts).write(known);
        return bytes.length == 2 ? null : bytes;
    }

    /** Cuts sections that begin above what is known, then those that refer to what is cut, until nothing changes. */
    private static int @Nullable [] cuts(UpdateOutline outline, ClockVector known) {
        int[] cuts = new int[outline.sections()];
        ClockVector brought = known.copy();
        for (int i = 0; i < cuts.length; i++) {
            boolean joins = outline.firstClock(i) <= known.get(outline.client(i));
            cuts[i] = joins ? outline.endClock(i) : outline.firstClock(i);
            if (joins) {
                brought.advance(outline.client(i), cuts[i]);
            }
        }
        boolean changed = true;
        for (int round = 0; changed && round < ROUNDS_MAX; round++) {
            changed = false;
            ClockVector next = known.copy();
            for (int i = 0; i < cuts.length; i++) {
                int cut = firstUnmet(outline, i, cuts[i], brought);
                changed |= cut < cuts[i];
                cuts[i] = cut;
                if (outline.firstClock(i) <= known.get(outline.client(i))) {
                    next.advance(outline.client(i), cut);
                }
            }
            brought = next;
        }
        return changed ? null : cuts;
    }

    private static int firstUnmet(UpdateOutline outline, int section, int cut, ClockVector brought) {
        for (int i = outline.referencesFrom(section); i < outline.referencesTo(section); i++) {
            if (outline.referenceAt(i) >= cut) {
                break;
            }
            if (!brought.knows(outline.referenceClient(i), outline.referenceClock(i))) {
                return outline.referenceAt(i);
            }
        }
        return cut;
    }

    /** @param known what deletions may refer to besides what stays; null if all but what is cut */
    private byte[] write(@Nullable ClockVector known) {
        int count = in.count(SECTION_BYTES_MIN);
        OutlineBuilder read = new OutlineBuilder();
        for (int section = 0; section < count; section++) {
            writeSection(section, read);
        }
        OutlineBuilder deletes = new OutlineBuilder();
        DeleteSetReader.read(in, STRUCTS.limits(), deletes);
        in.expectEnd();
        ByteWriter out = new ByteWriter(in.bytes.length);
        byte[] structs = sections.toBytes();
        out.varUint(sectionCount).raw(structs, 0, structs.length);
        TrimmedUpdate.writeDeletes(remaining(new UpdateOutline(deletes, 0), known), out);
        return out.toBytes();
    }

    private void writeSection(int section, OutlineBuilder read) {
        int structs = in.count(STRUCT_BYTES_MIN);
        long client = in.client();
        int first = in.clock();
        int from = in.position;
        int to = from;
        int kept = 0;
        int clock = first;
        int end = first;
        boolean joined = true;
        read.beginSection(client, first);
        for (int i = 0; i < structs; i++) {
            joined &= !STRUCTS.isHole(in) && (cuts == null || clock < cuts[section]);
            clock = in.clockAfter(clock, STRUCTS.readStructOrHole(in, client, clock, read));
            if (joined) {
                kept++;
                to = in.position;
                end = clock;
            }
        }
        read.endSection(clock);
        if (kept > 0) {
            sections.varUint(kept).varUint(client).varUint(first).raw(in.bytes, from, to - from);
            sectionCount++;
            ends.advance(client, end);
        }
        if (!joined) {
            cutClients.put(client, end + 1);
        }
    }

    private UpdateOutline remaining(UpdateOutline deletes, @Nullable ClockVector known) {
        OutlineBuilder remaining = new OutlineBuilder();
        for (int i = 0; i < deletes.deletes(); i++) {
            long client = deletes.deleteClient(i);
            int end = Math.min(deletes.deleteEnd(i), deletableEnd(client, known));
            if (end > deletes.deleteClock(i)) {
                remaining.delete(client, deletes.deleteClock(i), end);
            }
        }
        return new UpdateOutline(remaining, 0);
    }

    private int deletableEnd(long client, @Nullable ClockVector known) {
        if (known != null) {
            return Math.max(known.get(client), ends.get(client));
        }
        int cut = cutClients.get(client);
        return cut == 0 ? Integer.MAX_VALUE : cut - 1;
    }
}
