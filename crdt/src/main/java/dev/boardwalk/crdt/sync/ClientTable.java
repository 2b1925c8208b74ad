package dev.boardwalk.crdt.sync;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A table from client id to a positive int, with 0 for absent; open addressing over primitive arrays.
 *
 * <p>Nothing is ever removed. Peers choose their client ids freely, so the places are mixed with a number that is drawn
 * once per process: nobody outside can choose ids that all fall on one place.
 */
final class ClientTable {
    private static final int CAPACITY_FIRST = 8;
    private static final long SECRET = new SecureRandom().nextLong();

    private long[] clients;
    private int[] values;
    private int size;

    ClientTable() {
        clients = new long[CAPACITY_FIRST];
        values = new int[CAPACITY_FIRST];
    }

    ClientTable(ClientTable other) {
        clients = other.clients.clone();
        values = other.values.clone();
        size = other.size;
    }

    int get(long client) {
        return values[place(client)];
    }

    /** Sets the client's value, which must be positive. */
    void put(long client, int value) {
        int place = place(client);
        boolean added = values[place] == 0;
        clients[place] = client;
        values[place] = value;
        if (added && ++size * 2 > values.length) {
            grow();
        }
    }

    int size() {
        return size;
    }

    /** Number of places, each free (value 0) or taken; for walking over the table. */
    int places() {
        return values.length;
    }

    long clientAt(int place) {
        return clients[place];
    }

    int valueAt(int place) {
        return values[place];
    }

    long[] clientsAscending() {
        long[] sorted = new long[size];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] != 0) {
                sorted[count++] = clients[i];
            }
        }
        Arrays.sort(sorted);
        return sorted;
    }

    int weightBytes() {
        return 64 + values.length * 12;
    }

    /** Where the client is, or the free place where it would go; at least half of all places are free. */
    private int place(long client) {
        int mask = values.length - 1;
        int place = mix(client) & mask;
        while (values[place] != 0 && clients[place] != client) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldClients = clients;
        int[] oldValues = values;
        clients = new long[oldClients.length * 2];
        values = new int[oldValues.length * 2];
        for (int i = 0; i < oldValues.length; i++) {
            if (oldValues[i] != 0) {
                int place = place(oldClients[i]);
                clients[place] = oldClients[i];
                values[place] = oldValues[i];
            }
        }
    }

    /** Two rounds of multiply and shift: every bit of the client and of the secret reaches every bit of the place. */
    private static int mix(long client) {
        long mixed = (client ^ SECRET) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 32) ^ SECRET) * 0xD6E8FEB86659FD93L;
        return (int) (mixed ^ (mixed >>> 32));
    }
}
