package dev.boardwalk.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Somebody who types into the root text {@code t}: each call is one update in Yjs v1 encoding, made by hand. */
final class Typing {
    private final long client;
    private int clock;

    Typing(long client) {
        this.client = client;
    }

    /** Appends text after what this client typed before. ASCII only. */
    byte[] type(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varUint(out, 1);
        varUint(out, 1);
        varUint(out, client);
        varUint(out, clock);
        if (clock == 0) {
            out.write(4);
            varUint(out, 1);
            string(out, "t");
        } else {
            out.write(0x84);
            varUint(out, client);
            varUint(out, clock - 1);
        }
        string(out, text);
        varUint(out, 0);
        clock += text.length();
        return out.toByteArray();
    }

    /** An update that nobody saw: the next one starts over a gap. */
    void skip(String text) {
        type(text);
    }

    /** Maps inside maps, so many levels deep: valid, but deeper than any JSON of it may be. */
    static byte[] nestedMaps(long client, int levels) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varUint(out, 1);
        varUint(out, levels);
        varUint(out, client);
        varUint(out, 0);
        for (int level = 0; level < levels; level++) {
            // A type (7) with a key in its parent (0x20): the first in a root, the others in the one before.
            out.write(0x27);
            if (level == 0) {
                varUint(out, 1);
                string(out, "deep");
            } else {
                varUint(out, 0);
                varUint(out, client);
                varUint(out, level - 1);
            }
            string(out, "k");
            varUint(out, 1);
        }
        varUint(out, 0);
        return out.toByteArray();
    }

    static byte[] stateVector(long client, int clock) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varUint(out, 1);
        varUint(out, client);
        varUint(out, clock);
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        varUint(out, bytes.length);
        out.writeBytes(bytes);
    }

    static void varUint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
