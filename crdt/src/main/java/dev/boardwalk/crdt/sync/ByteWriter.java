package dev.boardwalk.crdt.sync;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte array that writes the integers and strings of lib0. */
final class ByteWriter {
    private byte[] bytes;
    private int length;

    ByteWriter(int capacity) {
        bytes = new byte[Math.max(16, capacity)];
    }

    /** How many bytes {@link #varUint} takes for the value. */
    static int varUintLength(long value) {
        return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
    }

    ByteWriter varUint(long value) {
        reserve(9);
        long rest = value;
        while (rest > 0x7f) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    /** One byte as it is. */
    ByteWriter raw(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
        return this;
    }

    /** Some of the bytes as they are. */
    ByteWriter raw(byte[] value, int from, int count) {
        reserve(count);
        System.arraycopy(value, from, bytes, length, count);
        length += count;
        return this;
    }

    /** The length of the bytes, then the bytes. */
    ByteWriter varBytes(byte[] value) {
        varUint(value.length);
        reserve(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    ByteWriter string(String value) {
        return varBytes(value.getBytes(StandardCharsets.UTF_8));
    }

    byte[] toBytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
