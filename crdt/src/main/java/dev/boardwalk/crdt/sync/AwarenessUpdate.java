package dev.boardwalk.crdt.sync;

import dev.boardwalk.crdt.sync.MalformedInput.Code;
import dev.boardwalk.crdt.sync.MalformedInput.Subject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * States of clients as y-protocols' awareness sends them: {@code count (clientId clock json)*}, nothing after it.
 *
 * @param entries in the order of the wire; a client may occur more than once, the higher clock wins
 */
public record AwarenessUpdate(List<Entry> entries) {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    /** Shortest entry: client, clock, length and one digit. */
    private static final int ENTRY_BYTES_MIN = 4;

    public AwarenessUpdate {
        entries = List.copyOf(entries);
    }

    /**
     * The state of one client.
     *
     * @param clock rises with every change of the state
     * @param json the state in UTF-8, checked to be JSON, not to be changed; null when the client is gone
     */
    public record Entry(long client, long clock, byte @Nullable [] json) {
        /** The entry that says the client is gone. */
        public static Entry removed(long client, long clock) {
            return new Entry(client, clock, null);
        }

        public boolean isRemoval() {
            return json == null;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Entry that
                    && client == that.client
                    && clock == that.clock
                    && Arrays.equals(json, that.json);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(client) * 31 + Long.hashCode(clock) * 31 + Arrays.hashCode(json);
        }

        @Override
        public String toString() {
            return client + "@" + clock + "=" + (json == null ? "null" : new String(json, StandardCharsets.UTF_8));
        }
    }

    /**
     * Reads {@code length} bytes from {@code offset} on as one awareness update.
     *
     * @throws MalformedInput if they are not one, or one beyond the limits
     */
    public static AwarenessUpdate decode(byte[] bytes, int offset, int length, AwarenessLimits limits) {
        ByteReader in = new ByteReader(Subject.AWARENESS, bytes, offset, length);
        int count = in.count(ENTRY_BYTES_MIN);
        if (count > limits.clientsMax()) {
            throw in.refusal(Code.TOO_MANY_CLIENTS, limits.clientsMax());
        }
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(readEntry(in, limits));
        }
        in.expectEnd();
        return new AwarenessUpdate(entries);
    }

    private static Entry readEntry(ByteReader in, AwarenessLimits limits) {
        long client = in.client();
        long clock = in.varUint();
        if (clock == ByteReader.INTEGER_MAX) {
            // The clock after it must exist, for the removal that we announce when the client's socket is lost.
            throw in.refusal(Code.CLOCK_OVERFLOW, ByteReader.INTEGER_MAX - 1);
        }
        int before = in.position;
        JsonSyntax.skip(in, limits.depthMax());
        int after = in.position;
        in.position = before;
        byte[] json = in.varBytes();
        if (json.length > limits.stateBytesMax()) {
            throw in.refusal(Code.TOO_LONG, limits.stateBytesMax());
        }
        in.position = after;
        return new Entry(client, clock, Arrays.equals(json, NULL) ? null : json);
    }

    /** The encoded form. */
    public byte[] encode() {
        ByteWriter out = new ByteWriter(16 + entries.size() * 32);
        out.varUint(entries.size());
        for (Entry entry : entries) {
            byte[] json = entry.json();
            out.varUint(entry.client()).varUint(entry.clock()).varBytes(json == null ? NULL : json);
        }
        return out.toBytes();
    }
}
