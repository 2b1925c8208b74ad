package dev.boardwalk.crdt.sync;

import java.util.Arrays;

/** The growing parts of an {@link UpdateOutline} while its update is read; used once, by one thread. */
final class OutlineBuilder {
    private static final long[] NO_LONGS = {};
    private static final int[] NO_INTS = {};

    /** How many of a section's latest references are compared with a new one before it is written down. */
    private static final int LOOK_BACK = 8;

    int structs;
    /** Where the delete set begins. */
    int deletesAt;

    private int sections;
    private int references;
    private int deletes;
    private long[] clients = NO_LONGS;
    private int[] firstClocks = NO_INTS;
    private int[] endClocks = NO_INTS;
    private int[] referenceStarts = NO_INTS;
    private int[] referenceAts = NO_INTS;
    private long[] referenceClients = NO_LONGS;
    private int[] referenceClocks = NO_INTS;
    private long[] deleteClients = NO_LONGS;
    private int[] deleteClocks = NO_INTS;
    private int[] deleteEnds = NO_INTS;

    void beginSection(long client, int firstClock) {
        if (sections == clients.length) {
            int room = Math.max(1, sections * 2);
            clients = Arrays.copyOf(clients, room);
            firstClocks = Arrays.copyOf(firstClocks, room);
            endClocks = Arrays.copyOf(endClocks, room);
            referenceStarts = Arrays.copyOf(referenceStarts, room + 1);
        }
        clients[sections] = client;
        firstClocks[sections] = firstClock;
        referenceStarts[sections] = references;
    }

    void endSection(int endClock) {
        endClocks[sections] = endClock;
        sections++;
        referenceStarts[sections] = references;
    }

    /**
     * Notes that the struct at {@code at} refers to another client's id, unless an earlier reference of the section to a
     * later id of that client already says as much.
     */
    void reference(int at, long client, int clock) {
        int from = Math.max(referenceStarts[sections], references - LOOK_BACK);
        for (int i = references - 1; i >= from; i--) {
            if (referenceClients[i] == client && referenceClocks[i] >= clock) {
                return;
            }
        }
        if (references == referenceAts.length) {
            int room = Math.max(2, references * 2);
            referenceAts = Arrays.copyOf(referenceAts, room);
            referenceClients = Arrays.copyOf(referenceClients, room);
            referenceClocks = Arrays.copyOf(referenceClocks, room);
        }
        referenceAts[references] = at;
        referenceClients[references] = client;
        referenceClocks[references] = clock;
        references++;
    }

    void delete(long client, int clock, int end) {
        if (deletes == deleteClients.length) {
            int room = Math.max(1, deletes * 2);
            deleteClients = Arrays.copyOf(deleteClients, room);
            deleteClocks = Arrays.copyOf(deleteClocks, room);
            deleteEnds = Arrays.copyOf(deleteEnds, room);
        }
        deleteClients[deletes] = client;
        deleteClocks[deletes] = clock;
        deleteEnds[deletes] = end;
        deletes++;
    }

    /** Number of delete ranges so far. */
    int deletes() {
        return deletes;
    }

    long[] clients() {
        return trim(clients, sections);
    }

    int[] firstClocks() {
        return trim(firstClocks, sections);
    }

    int[] endClocks() {
        return trim(endClocks, sections);
    }

    int[] referenceStarts() {
        return sections == 0 ? new int[1] : trim(referenceStarts, sections + 1);
    }

    int[] referenceAts() {
        return trim(referenceAts, references);
    }

    long[] referenceClients() {
        return trim(referenceClients, references);
    }

    int[] referenceClocks() {
        return trim(referenceClocks, references);
    }

    long[] deleteClients() {
        return trim(deleteClients, deletes);
    }

    int[] deleteClocks() {
        return trim(deleteClocks, deletes);
    }

    int[] deleteEnds() {
        return trim(deleteEnds, deletes);
    }

    private static long[] trim(long[] values, int length) {
        return values.length == length ? values : Arrays.copyOf(values, length);
    }

    private static int[] trim(int[] values, int length) {
        return values.length == length ? values : Arrays.copyOf(values, length);
    }
}
