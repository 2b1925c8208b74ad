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
