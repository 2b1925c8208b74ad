package dev.boardwalk.crdt.sync;

import dev.boardwalk.crdt.sync.MalformedInput.Code;
import dev.boardwalk.crdt.sync.MalformedInput.Subject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * A cursor over a part of a byte array that reads the integers and strings of lib0 and refuses with
 * {@link MalformedInput}, and nothing else, what is not one.
 */
final class ByteReader {
    /** The highest integer that Yjs can hold exactly: 2^53 - 1. */
    static final long INTEGER_MAX = (1L << 53) - 1;

    private final Subject subject;
    final byte[] bytes;
    private final int start;
    private final int end;
    int position;

    ByteReader(Subject subject, byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        this.subject = subject;
        this.bytes = bytes;
        this.start = offset;
        this.end = offset + length;
        this.position = offset;
    }

    /** The refusal of what is being read, at the present position. */
    MalformedInput refusal(Code code) {
        return refusal(code, -1);
    }

    MalformedInput refusal(Code code, long limit) {
        return new MalformedInput(subject, code, position - start, limit);
    }

    int remaining() {
        return end - position;
    }

    void expectEnd() {
        if (position != end) {
            throw refusal(Code.TRAILING_BYTES);
        }
    }

    int unsignedByte() {
        if (position == end) {
            throw refusal(Code.TRUNCATED);
        }
        return bytes[position++] & 0xff;
    }

    /** A varUint of at most 2^53 - 1 in its shortest form. */
    long varUint() {
        if (position < end && bytes[position] >= 0) {
            return bytes[position++];
        }
        return varUintRest(unsignedByte() & 0x7f, 7);
    }

    /** A varInt, of which only the form matters here: a sign bit and at most 53 bits in their shortest form. */
    void skipVarInt() {
        int first = unsignedByte();
        if (first > 0x7f) {
            varUintRest(first & 0x3f, 6);
        }
    }

    private long varUintRest(long low, int lowBits) {
        long value = low;
        for (int shift = lowBits; ; shift += 7) {
            int next = unsignedByte();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                if (next == 0 || value > INTEGER_MAX || shift > 49) {
                    throw refusal(Code.BAD_INTEGER, INTEGER_MAX);
                }
                return value;
            }
            if (shift > 49) {
                throw refusal(Code.BAD_INTEGER, INTEGER_MAX);
            }
        }
    }

    long client() {
        return varUint();
    }

    /** The clock of an id; the clock after it must still fit an int. */
    int clock() {
        long clock = varUint();
        if (clock >= Integer.MAX_VALUE) {
            throw refusal(Code.CLOCK_OVERFLOW, Integer.MAX_VALUE - 1);
        }
        return (int) clock;
    }

    /** The first unknown clock of a client, as a state vector has it. */
    int clockAfterLast() {
        long clock = varUint();
        if (clock > Integer.MAX_VALUE) {
            throw refusal(Code.CLOCK_OVERFLOW, Integer.MAX_VALUE);
        }
        return (int) clock;
    }

    /** The clock after a struct or range of the given length, which must be positive and still fit an int. */
    int clockAfter(int clock, long length) {
        if (length == 0) {
            throw refusal(Code.EMPTY);
        }
        if (length > Integer.MAX_VALUE - clock) {
            throw refusal(Code.CLOCK_OVERFLOW, Integer.MAX_VALUE);
        }
        return clock + (int) length;
    }

    /** A number of things that follow, each of at least the given length. */
    int count(int bytesEach) {
        long count = varUint();
        if (count > remaining() / bytesEach) {
            throw refusal(Code.LENGTH_BOMB, remaining() / bytesEach);
        }
        return (int) count;
    }

    void skip(int length) {
        if (length > remaining()) {
            throw refusal(Code.TRUNCATED);
        }
        position += length;
    }

    void skipVarBytes() {
        int length = count(1);
        position += length;
    }

    byte[] varBytes() {
        int length = count(1);
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    String string() {
        int length = count(1);
        int from = position;
        skipUtf8(length);
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    /** Passes over a string and answers its length in UTF-16 units, as Yjs counts. */
    int skipString() {
        return skipUtf8(count(1));
    }

    /** Passes over a string if it is this one, of less than 128 bytes. */
    boolean skipStringIf(byte[] wanted) {
        int after = position + 1 + wanted.length;
        if (after > end
                || bytes[position] != wanted.length
                || !Arrays.equals(bytes, position + 1, after, wanted, 0, wanted.length)) {
            return false;
        }
        position = after;
        return true;
    }

    /** Passes over so many bytes, which must be UTF-8, and answers their length in UTF-16 units. */
    int skipUtf8(int length) {
        int to = position + length;
        int units = Utf8.length16(bytes, position, to);
        if (units < 0) {
            position = ~units;
            throw refusal(Code.BAD_UTF8);
        }
        position = to;
        return units;
    }
}
