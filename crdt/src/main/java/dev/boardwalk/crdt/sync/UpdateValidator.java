package dev.boardwalk.crdt.sync;

import dev.boardwalk.crdt.sync.MalformedInput.Code;
import dev.boardwalk.crdt.sync.MalformedInput.Subject;

/**
 * The check of an update before anything else looks at it: reads the Yjs v1 encoding in one pass, refuses what Yjs or the
 * engine could not apply alike, and yields the {@link UpdateOutline}. Pure Java, stateless, safe for any thread.
 *
 * <p>What is accepted (numbers are lib0 varUints in their shortest form, at most 2^53 - 1; a string is its length in
 * bytes and UTF-8):
 *
 * <pre>
 * update   = count section* deleteSet          ; nothing after it; see {@link DeleteSetReader}
 * section  = count clientId clock struct+      ; no client twice; clocks of a section follow on each other
 * struct   = 00 length                         ; GC
 *          | info [origin] [rightOrigin] [parent [string]] content
 * info     = one byte: 80 origin, 40 right origin, 20 key; low five bits the kind of content, 1 to 9
 * origin, rightOrigin = id
 * parent   = 01 string | 00 id                 ; only with neither origin; then the key follows, if flagged
 * id       = clientId clock                    ; of the own client only a clock before the struct's
 * content  = 1 length                          ; Deleted
 *          | 2 count ("undefined" | json)+     ; JSON, as Yjs wrote before version 13
 *          | 3 bytes | 4 string                ; Binary, String (not empty; each UTF-16 unit is a clock)
 *          | 5 json | 6 string json            ; Embed, Format
 *          | 7 type | 8 count any+ | 9 string object
 * type     = 0 | 1 | 2 | 4 | 6               ; Array, Map, Text, XmlFragment, XmlText
 *          | 3 string | 5 string               ; XmlElement, XmlHook, each with its name
 * any      = see {@link AnyReader};  json = string that holds one JSON value, see {@link JsonSyntax}
 * </pre>
 *
 * <p><em>Skip</em> (kind 10) is refused although Yjs knows it: it hides a hole in a client's history, which the engine
 * would fill without reporting anything missing.
 */
public final class UpdateValidator {
    private static final int ORIGIN = 0x80;
    private static final int RIGHT_ORIGIN = 0x40;
    private static final int KEY = 0x20;
    private static final int KIND = 0x1f;

    private static final int GC = 0;
    private static final int SKIP = 10;

    /** Shortest section: count, client, clock and one struct of two bytes. */
    private static final int SECTION_BYTES_MIN = 5;

    private static final int STRUCT_BYTES_MIN = 2;

    private final UpdateLimits limits;

    public UpdateValidator(UpdateLimits limits) {
        this.limits = limits;
    }

    public UpdateLimits limits() {
        return limits;
    }

    /** As {@link #validate(byte[], int, int)} of the whole array. */
    public UpdateOutline validate(byte[] bytes) {
        return validate(bytes, 0, bytes.length);
    }

    /**
     * Reads {@code length} bytes from {@code offset} on as one update, without copying them.
     *
     * @throws MalformedInput if they are not one, or one beyond the limits
     */
    public UpdateOutline validate(byte[] bytes, int offset, int length) {
        ByteReader in = new ByteReader(Subject.UPDATE, bytes, offset, length);
        if (length > limits.bytesMax()) {
            throw in.refusal(Code.TOO_LONG, limits.bytesMax());
        }
        OutlineBuilder out = new OutlineBuilder();
        int sections = in.count(SECTION_BYTES_MIN);
        if (sections > limits.clientsMax()) {
            throw in.refusal(Code.TOO_MANY_CLIENTS, limits.clientsMax());
        }
        DistinctClients distinct = new DistinctClients();
        for (int i = 0; i < sections; i++) {
            distinct.add(readSection(in, out));
        }
        distinct.check(in);
        out.deletesAt = in.position - offset;
        DeleteSetReader.read(in, limits, out);
        in.expectEnd();
        return new UpdateOutline(out, length);
    }

    private long readSection(ByteReader in, OutlineBuilder out) {
        int structs = in.count(STRUCT_BYTES_MIN);
        if (structs == 0) {
            throw in.refusal(Code.EMPTY);
        }
        if (structs > limits.structsMax() - out.structs) {
            throw in.refusal(Code.TOO_MANY_STRUCTS, limits.structsMax());
        }
        out.structs += structs;
        long client = in.client();
        int clock = in.clock();
        out.beginSection(client, clock);
        for (int i = 0; i < structs; i++) {
            clock = in.clockAfter(clock, readStruct(in, client, clock, out));
        }
        out.endSection(clock);
        return client;
    }

    /** Reads one struct and answers how many clocks it takes. */
    private long readStruct(ByteReader in, long client, int clock, OutlineBuilder out) {
        int info = in.unsignedByte();
        int kind = info & KIND;
        if (kind == GC) {
            if (info != GC) {
                throw in.refusal(Code.UNKNOWN_STRUCT);
            }
            return in.varUint();
        }
        if (kind == SKIP) {
            throw in.refusal(Code.SKIP);
        }
        if ((info & ORIGIN) != 0) {
            readReference(in, client, clock, out);
        }
        if ((info & RIGHT_ORIGIN) != 0) {
            readReference(in, client, clock, out);
        }
        if ((info & (ORIGIN | RIGHT_ORIGIN)) == 0) {
            readParent(in, client, clock, out);
            if ((info & KEY) != 0) {
                in.skipString();
            }
        }
        return readContent(in, kind);
    }

    /** Whether a hole comes next, or what would be one if it were whole. */
    boolean isHole(ByteReader in) {
        return in.remaining() > 0 && in.bytes[in.position] == SKIP;
    }

    /** As {@link #readStruct}, for whoever looks for holes. */
    long readStructOrHole(ByteReader in, long client, int clock, OutlineBuilder out) {
        if (!isHole(in)) {
            return readStruct(in, client, clock, out);
        }
        in.position++;
        return in.varUint();
    }

    private static void readReference(ByteReader in, long client, int clock, OutlineBuilder out) {
        long toClient = in.client();
        int toClock = in.clock();
        if (toClient != client) {
            out.reference(clock, toClient, toClock);
        } else if (toClock >= clock) {
            throw in.refusal(Code.FORWARD_REFERENCE);
        }
    }

    private static void readParent(ByteReader in, long client, int clock, OutlineBuilder out) {
        switch (in.unsignedByte()) {
            case 0 -> readReference(in, client, clock, out);
            case 1 -> in.skipString();
            default -> throw in.refusal(Code.BAD_PARENT);
        }
    }

    private long readContent(ByteReader in, int kind) {
        return switch (kind) {
            case 1 -> in.varUint();
            case 2 -> readValues(in, true);
            case 3 -> {
                in.skipVarBytes();
                yield 1;
            }
            case 4 -> in.skipString();
            case 5 -> {
                JsonSyntax.skip(in, limits.depthMax());
                yield 1;
            }
            case 6 -> {
                in.skipString();
                JsonSyntax.skip(in, limits.depthMax());
                yield 1;
            }
            case 7 -> {
                readType(in);
                yield 1;
            }
            case 8 -> readValues(in, false);
            case 9 -> {
                in.skipString();
                AnyReader.skipObject(in, limits.depthMax());
                yield 1;
            }
            default -> throw in.refusal(Code.UNKNOWN_STRUCT);
        };
    }

    private int readValues(ByteReader in, boolean json) {
        int values = in.count(1);
        for (int i = 0; i < values; i++) {
            if (json) {
                JsonSyntax.skipOrUndefined(in, limits.depthMax());
            } else {
                AnyReader.skip(in, limits.depthMax());
            }
        }
        return values;
    }

    private static void readType(ByteReader in) {
        switch (in.unsignedByte()) {
            case 0, 1, 2, 4, 6 -> {}
            case 3, 5 -> in.skipString();
            default -> throw in.refusal(Code.UNKNOWN_TYPE);
        }
    }
}
