package dev.boardwalk.crdt.sync;

/**
 * What one valid update contains, without its content: a clock range per client, the ids of other clients it refers to,
 * and the ids it deletes. Immutable; held in primitive arrays, so that an outline of a large update stays small.
 *
 * <p>A <em>section</em> is the run of structs of one client: its clocks are contiguous, and no two sections have the same
 * client. References are listed in the order of their section and, inside it, of the struct that refers; a reference
 * that an earlier one of the same section makes redundant may be left out. Delete ranges are listed by client (each
 * client's are adjacent) and ascending inside a client.
 */
public final class UpdateOutline {
    private final int bytes;
    private final int structs;
    private final int deletesAt;
    private final long[] clients;
    private final int[] firstClocks;
    private final int[] endClocks;
    private final int[] referenceStarts;
    private final int[] referenceAts;
    private final long[] referenceClients;
    private final int[] referenceClocks;
    private final long[] deleteClients;
    private final int[] deleteClocks;
    private final int[] deleteEnds;

    UpdateOutline(OutlineBuilder from, int bytes) {
        this.bytes = bytes;
        this.structs = from.structs;
        this.deletesAt = from.deletesAt;
        this.clients = from.clients();
        this.firstClocks = from.firstClocks();
        this.endClocks = from.endClocks();
        this.referenceStarts = from.referenceStarts();
        this.referenceAts = from.referenceAts();
        this.referenceClients = from.referenceClients();
        this.referenceClocks = from.referenceClocks();
        this.deleteClients = from.deleteClients();
        this.deleteClocks = from.deleteClocks();
        this.deleteEnds = from.deleteEnds();
    }

    /** The structs of one outline with other deletions. */
    UpdateOutline(UpdateOutline structsOf, OutlineBuilder deletesOf, int bytes) {
        this.bytes = bytes;
        this.structs = structsOf.structs;
        this.deletesAt = structsOf.deletesAt;
        this.clients = structsOf.clients;
        this.firstClocks = structsOf.firstClocks;
        this.endClocks = structsOf.endClocks;
        this.referenceStarts = structsOf.referenceStarts;
        this.referenceAts = structsOf.referenceAts;
        this.referenceClients = structsOf.referenceClients;
        this.referenceClocks = structsOf.referenceClocks;
        this.deleteClients = deletesOf.deleteClients();
        this.deleteClocks = deletesOf.deleteClocks();
        this.deleteEnds = deletesOf.deleteEnds();
    }

    /** Whether the update has neither structs nor deletions, as the two bytes {@code 00 00}. */
    public boolean isEmpty() {
        return clients.length == 0 && deleteClients.length == 0;
    }

    /** Whether the update deletes anything. */
    public boolean hasDeletes() {
        return deleteClients.length > 0;
    }

    /** Length of the update in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Where in the update its delete set begins, which ends it. */
    public int deletesAt() {
        return deletesAt;
    }

    /** Number of structs in all sections. */
    public int structs() {
        return structs;
    }

    /** Number of sections. */
    public int sections() {
        return clients.length;
    }

    public long client(int section) {
        return clients[section];
    }

    /** Clock of the section's first struct. */
    public int firstClock(int section) {
        return firstClocks[section];
    }

    /** First clock after the section's last struct. */
    public int endClock(int section) {
        return endClocks[section];
    }

    /** Number of references in all sections. */
    public int references() {
        return referenceAts.length;
    }

    /** Index of the section's first reference; it ends where the next section's begin. */
    public int referencesFrom(int section) {
        return referenceStarts[section];
    }

    /** Index after the section's last reference. */
    public int referencesTo(int section) {
        return referenceStarts[section + 1];
    }

    /** Clock of the struct that refers. */
    public int referenceAt(int reference) {
        return referenceAts[reference];
    }

    /** Client of the id that is referred to. */
    public long referenceClient(int reference) {
        return referenceClients[reference];
    }

    /** Clock of the id that is referred to. */
    public int referenceClock(int reference) {
        return referenceClocks[reference];
    }

    /** Number of delete ranges. */
    public int deletes() {
        return deleteClients.length;
    }

    public long deleteClient(int range) {
        return deleteClients[range];
    }

    /** First deleted clock of the range. */
    public int deleteClock(int range) {
        return deleteClocks[range];
    }

    /** First clock after the range. */
    public int deleteEnd(int range) {
        return deleteEnds[range];
    }

    /** About how much heap this outline takes. */
    public int weightBytes() {
        return 192 + clients.length * 20 + referenceAts.length * 16 + deleteClients.length * 16;
    }

    @Override
    public String toString() {
        return "UpdateOutline[bytes=" + bytes + ", structs=" + structs + ", sections=" + clients.length
                + ", references=" + referenceAts.length + ", deletes=" + deleteClients.length + "]";
    }
}
