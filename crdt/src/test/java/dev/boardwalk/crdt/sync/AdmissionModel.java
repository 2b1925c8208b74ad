package dev.boardwalk.crdt.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Admission done the slow and obvious way: all ids one by one in sets, and every struct of an update tried again and again
 * until none of them fits any more.
 */
final class AdmissionModel {
    private static final int CLIENTS = 4;
    private static final int CLOCKS = 12;

    private record Id(long client, int clock) {}

    private record Struct(long client, int clock, int length, List<Id> refersTo) {}

    final ClockVector clocks = new ClockVector();
    final IdSet deletions = new IdSet();

    private final Random random;
    private final Set<Id> known = new HashSet<>();
    private final Set<Id> gone = new HashSet<>();
    private List<Struct> structs = List.of();
    private Set<Id> deletes = Set.of();

    AdmissionModel(Random random) {
        this.random = random;
    }

    /** An update of a few sections, mostly near what is known. */
    byte[] randomUpdate() {
        structs = new ArrayList<>();
        deletes = new HashSet<>();
        ByteWriter out = new ByteWriter(64);
        List<Long> clients = randomClients();
        out.varUint(clients.size());
        clients.forEach(client -> writeSection(out, client));
        List<Long> deleting = random.nextInt(3) == 0 ? randomClients() : List.of();
        out.varUint(deleting.size());
        deleting.forEach(client -> writeDeletes(out, client));
        return out.toBytes();
    }

    private List<Long> randomClients() {
        List<Long> clients = new ArrayList<>();
        for (long client = CLIENTS; client > 0; client--) {
            if (random.nextInt(3) == 0) {
                clients.add(client);
            }
        }
        return clients;
    }

    private void writeSection(ByteWriter out, long client) {
        int count = 1 + random.nextInt(3);
        int clock = Math.max(0, clocks.get(client) - random.nextInt(3) + (random.nextInt(8) == 0 ? 1 : 0));
        out.varUint(count).varUint(client).varUint(clock);
        for (int i = 0; i < count; i++) {
            int length = 1 + random.nextInt(2);
            List<Id> refersTo = new ArrayList<>();
            writeStruct(out, client, clock, length, refersTo);
            structs.add(new Struct(client, clock, length, refersTo));
            clock += length;
        }
    }

    private void writeStruct(ByteWriter out, long client, int clock, int length, List<Id> refersTo) {
        int kinds = random.nextInt(4);
        if (kinds == 0) {
            out.varUint(0).varUint(length);
            return;
        }
        int info = kinds == 1 ? 0x80 : kinds == 2 ? 0x40 : 0xc0;
        out.raw(info | 4);
        for (int bit = 0x80; bit >= 0x40; bit >>= 1) {
            if ((info & bit) != 0) {
                Id id = randomId(client, clock);
                refersTo.add(id);
                out.varUint(id.client).varUint(id.clock);
            }
        }
        out.string("x".repeat(length));
    }

    /** Mostly a known id, at times one a little above. */
    private Id randomId(long ownClient, int ownClock) {
        long client = 1 + random.nextInt(CLIENTS);
        if (client == ownClient) {
            return ownClock > 0 ? new Id(client, random.nextInt(ownClock)) : randomId(ownClient, ownClock);
        }
        return new Id(client, random.nextInt(clocks.get(client) + 2));
    }

    private void writeDeletes(ByteWriter out, long client) {
        int clock = random.nextInt(CLOCKS);
        int length = 1 + random.nextInt(3);
        out.varUint(client).varUint(1).varUint(clock).varUint(length);
        for (int i = 0; i < length; i++) {
            deletes.add(new Id(client, clock + i));
        }
    }

    /** Judges the last update and compares verdict and bookkeeping. */
    void expect(Admission verdict) {
        Set<Id> after = new HashSet<>(known);
        boolean fits = integrateAll(after) && after.containsAll(deletes);
        if (!fits) {
            assertThat(verdict).isEqualTo(Admission.GAP);
        } else {
            boolean changed = known.addAll(after) | gone.addAll(deletes);
            assertThat(verdict).isEqualTo(changed ? Admission.NEW : Admission.NOTHING_NEW);
        }
        for (long client = 1; client <= CLIENTS; client++) {
            for (int clock = 0; clock < clocks.get(client) + 4; clock++) {
                Id id = new Id(client, clock);
                assertThat(clocks.knows(client, clock)).as("%s known", id).isEqualTo(known.contains(id));
                assertThat(deletions.contains(client, clock))
                        .as("%s deleted", id)
                        .isEqualTo(gone.contains(id));
            }
        }
    }

    /** Tries the first waiting struct of every client, as those of one client are integrated in their order. */
    private boolean integrateAll(Set<Id> after) {
        List<Struct> waiting = new ArrayList<>(structs);
        boolean goesOn = true;
        while (goesOn) {
            Set<Long> blocked = new HashSet<>();
            goesOn = waiting.removeIf(struct -> {
                if (!blocked.contains(struct.client) && integrate(struct, after)) {
                    return true;
                }
                blocked.add(struct.client);
                return false;
            });
        }
        return waiting.isEmpty();
    }

    private static boolean integrate(Struct struct, Set<Id> after) {
        boolean joins = struct.clock == 0 || after.contains(new Id(struct.client, struct.clock - 1));
        if (!joins || !after.containsAll(struct.refersTo)) {
            return false;
        }
        for (int i = 0; i < struct.length; i++) {
            after.add(new Id(struct.client, struct.clock + i));
        }
        return true;
    }
}
