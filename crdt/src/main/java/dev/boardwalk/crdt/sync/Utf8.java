package dev.boardwalk.crdt.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The check that bytes are UTF-8 as the Unicode standard's table 3-7 has it: no overlong forms, no surrogates, nothing
 * above U+10FFFF. The decoders of Yjs and of the engine both refuse the rest.
 */
final class Utf8 {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /** The length in UTF-16 units, or the complement (~) of the index of the first byte that does not fit. */
    static int length16(byte[] bytes, int from, int to) {
        int i = from;
        while (i + 8 <= to && ((long) EIGHT_BYTES.get(bytes, i) & HIGH_BITS) == 0) {
            i += 8;
        }
        int units = i - from;
        while (i < to) {
            int first = bytes[i];
            int length = first >= 0 ? 1 : sequenceLength(bytes, i, to);
            if (length == 0) {
                return ~i;
            }
            i += length;
            units += length == 4 ? 2 : 1;
        }
        return units;
    }

    /** Length of the sequence of two to four bytes at the index, or 0 when there is none. */
    private static int sequenceLength(byte[] bytes, int i, int to) {
        int first = bytes[i] & 0xff;
        int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        if (length == 0 || i + length > to) {
            return 0;
        }
        int second = bytes[i + 1] & 0xff;
        int low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < low || second > high) {
            return 0;
        }
        for (int k = 2; k < length; k++) {
            if ((bytes[i + k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
}
