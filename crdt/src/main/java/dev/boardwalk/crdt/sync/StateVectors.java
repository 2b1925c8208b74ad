package dev.boardwalk.crdt.sync;

import dev.boardwalk.crdt.sync.MalformedInput.Code;
import dev.boardwalk.crdt.sync.MalformedInput.Subject;

/**
 * The codec of state vectors: {@code count (clientId clock)*}, no client twice, nothing after it.
 *
 * <p>A clock of 0 is borne and says nothing.
 */
public final class StateVectors {
    /** The clients of a state vector from a peer: as many as one update may have ({@link UpdateLimits#clientsMax}). */
    public static final int CLIENTS_MAX = UpdateLimits.defaults().clientsMax();

    private static final byte[] EMPTY = {0};

    private StateVectors() {}

    /** As {@link #decode(byte[], int, int, int)} of the whole array, with at most {@link #CLIENTS_MAX} clients. */
    public static ClockVector decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length, CLIENTS_MAX);
    }

    /**
     * Reads {@code length} bytes from {@code offset} on as one state vector.
     *
     * @throws MalformedInput if they are not one, or have more than {@code clientsMax} clients
     */
    public static ClockVector decode(byte[] bytes, int offset, int length, int clientsMax) {
        ByteReader in = new ByteReader(Subject.STATE_VECTOR, bytes, offset, length);
        int clients = in.count(2);
        if (clients > clientsMax) {
            throw in.refusal(Code.TOO_MANY_CLIENTS, clientsMax);
        }
        ClockVector vector = new ClockVector();
        for (int i = 0; i < clients; i++) {
            long client = in.client();
            if (vector.get(client) > 0) {
                throw in.refusal(Code.DUPLICATE_CLIENT);
            }
            vector.advance(client, in.clockAfterLast());
        }
        in.expectEnd();
        return vector;
    }

    /** The encoded form, with the highest client first as Yjs writes it. */
    public static byte[] encode(ClockVector vector) {
        if (vector.isEmpty()) {
            return EMPTY.clone();
        }
        long[] clients = vector.clientsAscending();
        ByteWriter out = new ByteWriter(4 + clients.length * 8);
        out.varUint(clients.length);
        for (int i = clients.length - 1; i >= 0; i--) {
            out.varUint(clients[i]).varUint(vector.get(clients[i]));
        }
        return out.toBytes();
    }
}
