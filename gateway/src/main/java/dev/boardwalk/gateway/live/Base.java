package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.IdSet;
import java.util.List;

/**
 * The committed content of an entity up to some point, as encoded updates to be applied in their order, with what they
 * contain. Not changed by anybody once made.
 *
 * @param pieces updates in Yjs v1 encoding, without gaps when applied in order
 * @param known the clocks of all pieces
 * @param deletes the encoded delete set of all pieces, as the last part of an update
 */
public record Base(List<byte[]> pieces, ClockVector known, byte[] deletes) {
    /** What a new entity starts with. */
    public static Base empty() {
        return new Base(List.of(), new ClockVector(), new IdSet().encode());
    }

    public Base {
        pieces = List.copyOf(pieces);
    }

    /** Bytes of all pieces. */
    public long pieceBytes() {
        long bytes = 0;
        for (byte[] piece : pieces) {
            bytes += piece.length;
        }
        return bytes;
    }

    /** Whether the pieces delete anything: an empty delete set is the one byte 0. */
    boolean hasDeletes() {
        return deletes.length > 1;
    }

    /** An update without structs that deletes all that the pieces delete. */
    byte[] deletesAsUpdate() {
        byte[] update = new byte[deletes.length + 1];
        System.arraycopy(deletes, 0, update, 1, deletes.length);
        return update;
    }

    long weightBytes() {
        return pieceBytes() + known.weightBytes() + deletes.length;
    }
}
