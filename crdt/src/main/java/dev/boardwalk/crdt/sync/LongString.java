package dev.boardwalk.crdt.sync;

import dev.boardwalk.crdt.sync.MalformedInput.Subject;
import java.util.ArrayList;
import java.util.List;

/**
 * A struct that inserts a long text, cut into several that insert it piece by piece, each after the one before: what Yjs
 * itself makes of it when somebody writes into its middle (Item.js, splitItem). Of a valid update, by one thread.
 */
final class LongString {
    private static final int ORIGIN = 0x80;
    private static final int RIGHT_ORIGIN = 0x40;
    private static final int STRING = 4;

    /** What a piece has besides its text: info, two ids, a length. */
    private static final int HEAD_BYTES = 64;

    private final byte[] update;
    private final long client;
    private final ByteReader in;

    private LongString(byte[] update, int from, int to, long client) {
        this.update = update;
        this.client = client;
        this.in = new ByteReader(Subject.UPDATE, update, from, to - from);
    }

    /**
     * Cuts the struct that lies from one place of an update to another.
     *
     * @param clock of its first character
     * @param partBytes about how long a piece is
     * @return updates of one struct each and no deletions; none if the struct is not a text in a sequence
     */
    static List<byte[]> cut(byte[] update, int from, int to, long client, int clock, int partBytes) {
        return new LongString(update, from, to, client).cut(clock, partBytes);
    }

    private List<byte[]> cut(int first, int partBytes) {
        int info = in.unsignedByte();
        if ((info & ~(ORIGIN | RIGHT_ORIGIN)) != STRING) {
            return List.of();
        }
        int headFrom = in.position;
        if ((info & ORIGIN) != 0) {
            skipId();
        }
        int rightFrom = in.position;
        if ((info & RIGHT_ORIGIN) != 0) {
            skipId();
        }
        int rightTo = in.position;
        if ((info & (ORIGIN | RIGHT_ORIGIN)) == 0) {
            skipParent();
        }
        int headTo = in.position;
        int end = in.count(1) + in.position;
        List<byte[]> pieces = new ArrayList<>();
        int clock = first;
        while (in.position < end) {
            int textFrom = in.position;
            int units = skipCharacters(Math.min(end, textFrom + Math.max(1, partBytes)));
            ByteWriter out = new ByteWriter(in.position - textFrom + headTo - headFrom + HEAD_BYTES);
            out.varUint(1).varUint(1).varUint(client).varUint(clock);
            if (clock == first) {
                out.raw(info).raw(update, headFrom, headTo - headFrom);
            } else {
                out.raw(info | ORIGIN).varUint(client).varUint(clock - 1).raw(update, rightFrom, rightTo - rightFrom);
            }
            out.varUint(in.position - textFrom).raw(update, textFrom, in.position - textFrom);
            pieces.add(out.varUint(0).toBytes());
            clock += units;
        }
        return pieces;
    }

    private void skipId() {
        in.client();
        in.clock();
    }

    private void skipParent() {
        if (in.unsignedByte() == 1) {
            in.skipString();
        } else {
            skipId();
        }
    }

    /** Reads whole characters until a place is reached; answers how many UTF-16 units they are. */
    private int skipCharacters(int until) {
        int units = 0;
        while (in.position < until) {
            int lead = update[in.position] & 0xff;
            in.position += lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
            units += lead < 0xf0 ? 1 : 2;
        }
        return units;
    }
}
