package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.IdSet;
import dev.boardwalk.crdt.sync.UpdateLimits;
import dev.boardwalk.crdt.sync.UpdateValidator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A Yjs v1 update of text items and deletions, and its codec: the part of the format that {@link MiniDoc} writes. */
record MiniUpdate(List<Item> items, List<Range> deletes) {
    private static final UpdateValidator VALIDATOR = new UpdateValidator(UpdateLimits.defaults());
    private static final int STRING = 4;
    private static final int HAS_ORIGIN = 0x80;
    private static final String ROOT = "text";

    /** The id of one character. */
    record Id(long client, int clock) {}

    /** Characters of one client, to the right of the origin. */
    record Item(
            long client, int clock, String text, @Nullable Id origin) {
        int end() {
            return clock + text.length();
        }

        /** The part of the item from a clock on. */
        Item from(int from) {
            return from <= clock
                    ? this
                    : new Item(client, from, text.substring(from - clock), new Id(client, from - 1));
        }
    }

    /** Deleted characters. */
    record Range(long client, int clock, int length) {}

    /** An update with one item. */
    static byte[] insert(long client, int clock, String text, @Nullable Id origin) {
        return encode(List.of(new Item(client, clock, text, origin)), new IdSet().encode());
    }

    /** An update that deletes. */
    static byte[] delete(long client, int clock, int length) {
        IdSet set = new IdSet();
        set.add(client, clock, length);
        return encode(List.of(), set.encode());
    }

    /** The update as the gateway takes it. */
    static ValidUpdate valid(byte[] bytes) {
        return new ValidUpdate(bytes, VALIDATOR.validate(bytes));
    }

    /** The encoded form of items (each client's contiguous and ascending) and a delete set. */
    static byte[] encode(List<Item> items, byte[] deletes) {
        TreeMap<Long, List<Item>> sections = new TreeMap<>(Collections.reverseOrder());
        for (Item item : items) {
            sections.computeIfAbsent(item.client(), _ -> new ArrayList<>()).add(item);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writeVar(out, sections.size());
        sections.forEach((client, section) -> {
            writeVar(out, section.size());
            writeVar(out, client);
            writeVar(out, section.getFirst().clock());
            section.forEach(item -> write(out, item));
        });
        out.writeBytes(deletes);
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, Item item) {
        Id origin = item.origin();
        if (origin == null) {
            out.write(STRING);
            writeVar(out, 1);
            writeString(out, ROOT);
        } else {
            out.write(STRING | HAS_ORIGIN);
            writeVar(out, origin.client());
            writeVar(out, origin.clock());
        }
        writeString(out, item.text());
    }

    private static void writeString(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        writeVar(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void writeVar(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    static MiniUpdate decode(byte[] bytes) {
        return new Reader(bytes).update();
    }

    /** Reads what {@link #encode} writes. */
    private static final class Reader {
        private final byte[] bytes;
        private int position;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        MiniUpdate update() {
            List<Item> items = new ArrayList<>();
            for (long section = var(); section > 0; section--) {
                long structs = var();
                long client = var();
                int clock = (int) var();
                for (; structs > 0; structs--) {
                    Item item = item(client, clock);
                    items.add(item);
                    clock = item.end();
                }
            }
            List<Range> deletes = new ArrayList<>();
            for (long clients = var(); clients > 0; clients--) {
                long client = var();
                for (long ranges = var(); ranges > 0; ranges--) {
                    deletes.add(new Range(client, (int) var(), (int) var()));
                }
            }
            return new MiniUpdate(items, deletes);
        }

        private Item item(long client, int clock) {
            int info = bytes[position++] & 0xff;
            Id origin = null;
            if (info == (STRING | HAS_ORIGIN)) {
                origin = new Id(var(), (int) var());
            } else if (info == STRING && var() == 1) {
                string();
            } else {
                throw new IllegalArgumentException("not an item of a MiniDoc: " + info);
            }
            return new Item(client, clock, string(), origin);
        }

        private String string() {
            int length = (int) var();
            position += length;
            return new String(bytes, position - length, length, StandardCharsets.UTF_8);
        }

        private long var() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = bytes[position++];
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }
    }
}
