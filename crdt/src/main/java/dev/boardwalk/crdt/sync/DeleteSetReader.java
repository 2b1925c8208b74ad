package dev.boardwalk.crdt.sync;

import dev.boardwalk.crdt.sync.MalformedInput.Code;

/**
 * The reader of a delete set, the last part of an update.
 *
 * <pre>
 * deleteSet = count client*            ; no client twice
 * client    = clientId count range*    ; a count of 0 is borne, as it says nothing
 * range     = clock length             ; length &gt; 0, ascending, not overlapping (touching is allowed)
 * </pre>
 *
 * <p>Ranges out of order or clients named twice come from no Yjs encoder (they all sort and merge first), and the engine
 * takes the last of two sections and presumes order.
 */
final class DeleteSetReader {
    private DeleteSetReader() {}

    static void read(ByteReader in, UpdateLimits limits, OutlineBuilder out) {
        int clients = in.count(2);
        if (clients > limits.clientsMax()) {
            throw in.refusal(Code.TOO_MANY_CLIENTS, limits.clientsMax());
        }
        DistinctClients distinct = new DistinctClients();
        for (int i = 0; i < clients; i++) {
            long client = in.client();
            distinct.add(client);
            readRanges(in, client, limits, out);
        }
        distinct.check(in);
    }

    private static void readRanges(ByteReader in, long client, UpdateLimits limits, OutlineBuilder out) {
        int ranges = in.count(2);
        if (ranges > limits.deleteRangesMax() - out.deletes()) {
            throw in.refusal(Code.TOO_MANY_DELETE_RANGES, limits.deleteRangesMax());
        }
        int previousEnd = 0;
        for (int i = 0; i < ranges; i++) {
            int clock = in.clock();
            if (clock < previousEnd) {
                throw in.refusal(Code.UNSORTED_RANGES);
            }
            previousEnd = in.clockAfter(clock, in.varUint());
            out.delete(client, clock, previousEnd);
        }
    }
}
