package dev.boardwalk.crdt.sync;

import dev.boardwalk.crdt.sync.MalformedInput.Code;
import java.util.Arrays;

/**
 * The clients of one part of an update, to refuse one that is named twice: Yjs would take the last and the engine both.
 * Encoders write clients in descending order, and then there is nothing to sort.
 */
final class DistinctClients {
    private long[] clients = {};
    private int size;
    private boolean descending = true;

    void add(long client) {
        if (size > 0 && client >= clients[size - 1]) {
            descending = false;
        }
        if (size == clients.length) {
            clients = Arrays.copyOf(clients, Math.max(1, size * 2));
        }
        clients[size++] = client;
    }

    void check(ByteReader in) {
        if (descending) {
            return;
        }
        Arrays.sort(clients, 0, size);
        for (int i = 1; i < size; i++) {
            if (clients[i] == clients[i - 1]) {
                throw in.refusal(Code.DUPLICATE_CLIENT);
            }
        }
    }
}
