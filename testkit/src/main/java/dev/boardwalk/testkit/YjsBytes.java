package dev.boardwalk.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Yjs v1 encoding by hand: what no client would send as well. */
public final class YjsBytes {
    private YjsBytes() {}

    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    public static void varUint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** Its length in bytes, and UTF-8. */
    public static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        varUint(out, bytes.length);
        out.writeBytes(bytes);
    }

    /**
     * An update with maps inside maps, under {@code k} each, in the root map {@code deep}: valid, whatever the JSON of it may
     * be.
     */
    public static byte[] nestedMaps(long client, int levels) {
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
}
