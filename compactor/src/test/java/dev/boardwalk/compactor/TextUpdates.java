package dev.boardwalk.compactor;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes what one client types at the end of a root text, as Yjs v1 updates: each refers to the one before, so that a
 * lost one shows.
 */
final class TextUpdates {
    private static final int STRING = 4;
    private static final int HAS_ORIGIN = 0x80;

    private final long client;
    private long clock;

    TextUpdates(long client) {
        this.client = client;
    }

    /** The next words. */
    byte[] type(String words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varUint(out, 1);
        varUint(out, 1);
        varUint(out, client);
        varUint(out, clock);
        if (clock == 0) {
            out.write(STRING);
            varUint(out, 1);
            string(out, "text");
        } else {
            out.write(STRING | HAS_ORIGIN);
            varUint(out, client);
            varUint(out, clock - 1);
        }
        string(out, words);
        varUint(out, 0);
        clock += words.length();
        return out.toByteArray();
    }

    /** Deletes one letter that was typed. */
    byte[] delete(long letter) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varUint(out, 0);
        varUint(out, 1);
        varUint(out, client);
        varUint(out, 1);
        varUint(out, letter);
        varUint(out, 1);
        return out.toByteArray();
    }

    long letters() {
        return clock;
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        varUint(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void varUint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
