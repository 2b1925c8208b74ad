package dev.boardwalk.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array with lib0's varUint and string, for the updates that benchmarks write themselves. Not thread-safe. */
final class Lib0Bytes {
    private byte[] array;
    private int length;

    Lib0Bytes(int capacity) {
        array = new byte[capacity];
    }

    Lib0Bytes octet(int value) {
        reserve(1);
        array[length++] = (byte) value;
        return this;
    }

    Lib0Bytes varUint(long value) {
        long rest = value;
        while (rest > 0x7f) {
            octet((int) (0x80 | (rest & 0x7f)));
            rest >>>= 7;
        }
        return octet((int) rest);
    }

    Lib0Bytes raw(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, array, length, bytes.length);
        length += bytes.length;
        return this;
    }

    /** UTF-8 behind its length in bytes. */
    Lib0Bytes string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return varUint(utf8.length).raw(utf8);
    }

    byte[] toArray() {
        return Arrays.copyOf(array, length);
    }

    private void reserve(int more) {
        if (length + more > array.length) {
            array = Arrays.copyOf(array, Math.max(array.length * 2, length + more));
        }
    }
}
