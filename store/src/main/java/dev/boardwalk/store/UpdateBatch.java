package dev.boardwalk.store;

import java.util.ArrayList;
import java.util.List;

/** Several updates in one value: each as its length (unsigned LEB128, as Yjs writes lengths) and its bytes. */
public final class UpdateBatch {

    private UpdateBatch() {}

    public static byte[] encode(List<byte[]> updates) {
        int size = 0;
        for (byte[] update : updates) {
            size = Math.addExact(size, lengthBytes(update.length) + update.length);
        }
        byte[] batch = new byte[size];
        int at = 0;
        for (byte[] update : updates) {
            at = writeLength(batch, at, update.length);
            System.arraycopy(update, 0, batch, at, update.length);
            at += update.length;
        }
        return batch;
    }

    /** The updates of a batch in their order; fails with {@link IllegalArgumentException} on bytes that are not one. */
    public static List<byte[]> decode(byte[] batch) {
        List<byte[]> updates = new ArrayList<>();
        int at = 0;
        while (at < batch.length) {
            long length = 0;
            int shift = 0;
            byte read;
            do {
                if (at == batch.length || shift > 28) {
                    throw new IllegalArgumentException("update batch has a broken length before byte " + at);
                }
                read = batch[at++];
                length |= (read & 0x7fL) << shift;
                shift += 7;
            } while (read < 0);
            if (length > batch.length - at) {
                throw new IllegalArgumentException(
                        "update batch promises " + length + " bytes at " + at + " and has " + (batch.length - at));
            }
            byte[] update = new byte[(int) length];
            System.arraycopy(batch, at, update, 0, update.length);
            updates.add(update);
            at += update.length;
        }
        return updates;
    }

    private static int lengthBytes(int length) {
        return Math.max(1, (38 - Integer.numberOfLeadingZeros(length)) / 7);
    }

    private static int writeLength(byte[] target, int at, int length) {
        int rest = length;
        int next = at;
        while (rest > 0x7f) {
            target[next++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        target[next++] = (byte) rest;
        return next;
    }
}
