package dev.boardwalk.crdt.sync;

import dev.boardwalk.crdt.sync.MalformedInput.Code;

/**
 * The reader of lib0's "any" values, which passes over one and refuses what is none.
 *
 * <pre>
 * any = 7f | 7e                ; undefined, null
 *     | 7d varInt              ; a sign bit and at most 53 bits
 *     | 7c 4 bytes | 7b 8 bytes | 7a 8 bytes   ; float32, float64, bigint
 *     | 79 | 78                ; false, true
 *     | 77 string
 *     | 76 count (string any)* ; object
 *     | 75 count any*          ; array
 *     | 74 bytes
 * </pre>
 */
final class AnyReader {
    private static final int OBJECT = 0x76;

    private AnyReader() {}

    /** Passes over one value whose arrays and objects are nested at most {@code depth} deep. */
    static void skip(ByteReader in, int depth) {
        switch (in.unsignedByte()) {
            case 0x7f, 0x7e, 0x79, 0x78 -> {}
            case 0x7d -> in.skipVarInt();
            case 0x7c -> in.skip(4);
            case 0x7b, 0x7a -> in.skip(8);
            case 0x77 -> in.skipString();
            case OBJECT -> skipEntries(in, depth);
            case 0x75 -> skipElements(in, depth);
            case 0x74 -> in.skipVarBytes();
            default -> throw in.refusal(Code.UNKNOWN_VALUE);
        }
    }

    /** Passes over one value that must be an object: the options of a subdocument, which Yjs reads without looking. */
    static void skipObject(ByteReader in, int depth) {
        if (in.unsignedByte() != OBJECT) {
            throw in.refusal(Code.UNKNOWN_VALUE);
        }
        skipEntries(in, depth);
    }

    private static void skipEntries(ByteReader in, int depth) {
        if (depth == 0) {
            throw in.refusal(Code.TOO_DEEP);
        }
        int entries = in.count(2);
        for (int i = 0; i < entries; i++) {
            in.skipString();
            skip(in, depth - 1);
        }
    }

    private static void skipElements(ByteReader in, int depth) {
        if (depth == 0) {
            throw in.refusal(Code.TOO_DEEP);
        }
        int elements = in.count(1);
        for (int i = 0; i < elements; i++) {
            skip(in, depth - 1);
        }
    }
}
