package dev.boardwalk.crdt.sync;

import org.jspecify.annotations.Nullable;

/**
 * An update without the deletions that were known before it came. A client's answer to SyncStep1 names everything that
 * was ever deleted; only what is new of it has to be kept and passed on.
 *
 * @param bytes the update; its structs are those of the original, byte by byte
 * @param outline what it contains
 */
public record TrimmedUpdate(byte[] bytes, UpdateOutline outline) {
    /** Trims an update by the deletions in the set; null if none of its deletions is in, so that it stays as it is. */
    public static @Nullable TrimmedUpdate of(byte[] update, UpdateOutline outline, IdSet deleted) {
        if (!deleted.containsAny(outline)) {
            return null;
        }
        OutlineBuilder lacking = new OutlineBuilder();
        deleted.addLacking(outline, lacking);
        UpdateOutline deletes = new UpdateOutline(lacking, 0);
        ByteWriter out = new ByteWriter(outline.deletesAt() + 16 + deletes.deletes() * 4);
        out.raw(update, 0, outline.deletesAt());
        writeDeletes(deletes, out);
        byte[] bytes = out.toBytes();
        return new TrimmedUpdate(bytes, new UpdateOutline(outline, lacking, bytes.length));
    }

    /** Writes the deletions of an outline as a delete set. */
    static void writeDeletes(UpdateOutline deletes, ByteWriter out) {
        out.varUint(clients(deletes));
        int from = 0;
        while (from < deletes.deletes()) {
            int to = endOfClient(deletes, from);
            out.varUint(deletes.deleteClient(from)).varUint(to - from);
            for (int i = from; i < to; i++) {
                out.varUint(deletes.deleteClock(i)).varUint(deletes.deleteEnd(i) - deletes.deleteClock(i));
            }
            from = to;
        }
    }

    private static int clients(UpdateOutline deletes) {
        int clients = 0;
        for (int from = 0; from < deletes.deletes(); from = endOfClient(deletes, from)) {
            clients++;
        }
        return clients;
    }

    /** Index after the last range of the client whose first one is at {@code from}. */
    private static int endOfClient(UpdateOutline deletes, int from) {
        int to = from + 1;
        while (to < deletes.deletes() && deletes.deleteClient(to) == deletes.deleteClient(from)) {
            to++;
        }
        return to;
    }
}
