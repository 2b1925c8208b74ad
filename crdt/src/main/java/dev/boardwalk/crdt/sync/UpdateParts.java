package dev.boardwalk.crdt.sync;

import dev.boardwalk.crdt.sync.MalformedInput.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An update cut into several that are to be applied one after another, each of which joins onto those before it.
 *
 * <p>Structs are taken in the order in which Yjs integrates them (see {@link IntegrationOrder}), so that wherever the
 * sequence is cut, everything referred to has come. They stay as they are, byte by byte, but for a text that is larger
 * than a part ({@link LongString}). Deletions come with the last part: they may refer to anything. Takes time in proportion to the bytes; used once, by one thread.
 */
public final class UpdateParts {
    /** Reads structs for their lengths only; what is cut was checked before. */
    private static final UpdateValidator STRUCTS = new UpdateValidator(new UpdateLimits(
            Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, UpdateLimits.DEPTH_CEILING));

    /** What a section's head may take. */
    private static final int HEAD_BYTES = 16;

    private final byte[] update;
    private final UpdateOutline outline;
    private final int partBytes;
    private final ClientTable sections = new ClientTable();

    /** For each section where its next struct lies, and that one's clock. */
    private final int[] positions;

    private final int[] clocks;
    /** For each section its first reference that is not yet known to be met. */
    private final int[] next;
    /** For each section on the stack the clock up to which it is wanted (inclusive), else -1. */
    private final int[] wanted;

    /** For each section what of it is in the part at work: from where, from which clock, how many structs. */
    private final int[] from;

    private final int[] fromClocks;
    private final int[] counts;

    private final List<byte[]> parts = new ArrayList<>();
    private final List<Integer> touched = new ArrayList<>();
    private int bytes;
    private int[] stack = new int[4];
    private int depth;

    private UpdateParts(byte[] update, UpdateOutline outline, int partBytes) {
        this.update = update;
        this.outline = outline;
        this.partBytes = partBytes;
        int count = outline.sections();
        positions = new int[count];
        clocks = new int[count];
        next = new int[count];
        wanted = new int[count];
        from = new int[count];
        fromClocks = new int[count];
        counts = new int[count];
        Arrays.fill(wanted, -1);
        for (int i = 0; i < count; i++) {
            sections.put(outline.client(i), i + 1);
            next[i] = outline.referencesFrom(i);
        }
    }

    /**
     * Cuts an update.
     *
     * @param outline of the update, which is valid
     * @param partBytes about how large a part is; one with a larger value that is not text is larger
     * @return the update itself if it is small, or refers to itself in a circle
     */
    public static List<byte[]> of(byte[] update, UpdateOutline outline, int partBytes) {
        if (update.length <= partBytes + partBytes / 2) {
            return List.of(update);
        }
        UpdateParts cut = new UpdateParts(update, outline, partBytes);
        cut.findSections();
        for (int i = 0; i < outline.sections(); i++) {
            if (!cut.take(i)) {
                return List.of(update);
            }
        }
        cut.endPart(true);
        return List.copyOf(cut.parts);
    }

    /** The first pass: where each section's structs begin. */
    private void findSections() {
        ByteReader in = reader(0);
        int count = in.count(1);
        for (int section = 0; section < count; section++) {
            int structs = in.count(1);
            long client = in.client();
            int clock = in.clock();
            positions[section] = in.position;
            clocks[section] = clock;
            OutlineBuilder ignored = ignored(client, clock);
            for (int i = 0; i < structs; i++) {
                if ((i & 0xfff) == 0) {
                    ignored = ignored(client, clock);
                }
                clock = in.clockAfter(clock, STRUCTS.readStructOrHole(in, client, clock, ignored));
            }
        }
    }

    private ByteReader reader(int position) {
        ByteReader in = new ByteReader(Subject.UPDATE, update, 0, update.length);
        in.position = position;
        return in;
    }

    private static OutlineBuilder ignored(long client, int clock) {
        OutlineBuilder ignored = new OutlineBuilder();
        ignored.beginSection(client, clock);
        return ignored;
    }

    /** Takes the whole section, with all that it needs from other sections before; false if that leads in a circle. */
    private boolean take(int first) {
        push(first, outline.endClock(first) - 1);
        while (depth > 0) {
            int section = stack[depth - 1];
            int reference = next[section];
            if (reference == outline.referencesTo(section) || outline.referenceAt(reference) > wanted[section]) {
                emit(section, wanted[section] + 1);
                depth--;
                wanted[section] = -1;
                continue;
            }
            int clock = outline.referenceClock(reference);
            int other = sections.get(outline.referenceClient(reference)) - 1;
            if (other < 0 || clock < clocks[other] || clock >= outline.endClock(other)) {
                // Not in this update, or taken already.
                next[section]++;
            } else if (wanted[other] >= 0) {
                return false;
            } else {
                emit(section, outline.referenceAt(reference));
                push(other, clock);
            }
        }
        return true;
    }

    private void push(int section, int clock) {
        if (depth == stack.length) {
            stack = Arrays.copyOf(stack, depth * 2);
        }
        stack[depth++] = section;
        wanted[section] = clock;
    }

    /** Takes the structs of a section that begin before a clock. */
    private void emit(int section, int untilClock) {
        if (clocks[section] >= untilClock) {
            return;
        }
        ByteReader in = reader(positions[section]);
        long client = outline.client(section);
        OutlineBuilder ignored = ignored(client, clocks[section]);
        int read = 0;
        while (clocks[section] < untilClock) {
            if ((++read & 0xfff) == 0) {
                ignored = ignored(client, clocks[section]);
            }
            int before = in.position;
            int clock = clocks[section];
            int after = in.clockAfter(clock, STRUCTS.readStructOrHole(in, client, clock, ignored));
            if (in.position - before > partBytes && takeLong(section, before, in.position)) {
                clocks[section] = after;
                continue;
            }
            if (counts[section] == 0) {
                touched.add(section);
                from[section] = before;
                fromClocks[section] = clock;
                bytes += HEAD_BYTES;
            }
            clocks[section] = after;
            positions[section] = in.position;
            counts[section]++;
            bytes += in.position - before;
            if (bytes >= partBytes) {
                endPart(false);
            }
        }
    }

    /** Takes one large struct as parts of its own; false if it cannot be cut. */
    private boolean takeLong(int section, int structFrom, int structTo) {
        List<byte[]> cut =
                LongString.cut(update, structFrom, structTo, outline.client(section), clocks[section], partBytes);
        if (cut.isEmpty()) {
            return false;
        }
        if (!touched.isEmpty()) {
            endPart(false);
        }
        positions[section] = structTo;
        parts.addAll(cut);
        return true;
    }

    private void endPart(boolean last) {
        ByteWriter out = new ByteWriter(bytes + HEAD_BYTES + (last ? update.length - outline.deletesAt() : 0));
        out.varUint(touched.size());
        for (int section : touched) {
            out.varUint(counts[section])
                    .varUint(outline.client(section))
                    .varUint(fromClocks[section])
                    .raw(update, from[section], positions[section] - from[section]);
            counts[section] = 0;
        }
        if (last) {
            out.raw(update, outline.deletesAt(), update.length - outline.deletesAt());
        } else {
            out.varUint(0);
        }
        touched.clear();
        bytes = 0;
        parts.add(out.toBytes());
    }
}
