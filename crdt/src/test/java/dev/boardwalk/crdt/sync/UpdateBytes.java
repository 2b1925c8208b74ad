package dev.boardwalk.crdt.sync;

import java.nio.charset.StandardCharsets;

/** A writer of updates by hand, right and wrong ones: appends numbers, strings and raw bytes. */
final class UpdateBytes {
    private static final byte[] NONE = {};

    private byte[] parts = NONE;

    static UpdateBytes of(long... numbers) {
        return new UpdateBytes().numbers(numbers);
    }

    /** One section with the given number of structs. */
    static UpdateBytes section(long structs, long client, long clock) {
        return of(1, structs, client, clock);
    }

    UpdateBytes numbers(long... numbers) {
        ByteWriter written = new ByteWriter(numbers.length * 9);
        for (long number : numbers) {
            written.varUint(number);
        }
        return raw(written.toBytes());
    }

    UpdateBytes string(String text) {
        return numbers(text.getBytes(StandardCharsets.UTF_8).length).raw(text.getBytes(StandardCharsets.UTF_8));
    }

    UpdateBytes hex(String text) {
        return raw(Recorded.hex(text));
    }

    UpdateBytes raw(byte[] bytes) {
        byte[] joined = new byte[parts.length + bytes.length];
        System.arraycopy(parts, 0, joined, 0, parts.length);
        System.arraycopy(bytes, 0, joined, parts.length, bytes.length);
        parts = joined;
        return this;
    }

    /** A string struct under the root "t" without origins. */
    UpdateBytes rootString(String text) {
        return hex("04 01 01 74").string(text);
    }

    /** A string struct that follows the id. */
    UpdateBytes after(long client, long clock, String text) {
        return hex("84").numbers(client, clock).string(text);
    }

    byte[] bytes() {
        return parts;
    }

    /** The bytes with an empty delete set at the end. */
    byte[] noDeletes() {
        return numbers(0).bytes();
    }
}
