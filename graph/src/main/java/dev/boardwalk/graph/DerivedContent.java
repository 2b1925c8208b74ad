package dev.boardwalk.graph;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one document says about elements and relationships.
 *
 * @param elements by hash
 * @param claims by hash
 * @param ignored how many entries could not be taken as an element or a relationship
 * @param ignoredExample why, for the first of them; null if there is none
 */
record DerivedContent(
        Map<Long, DerivedItem.Element> elements,
        Map<Long, DerivedItem.Claim> claims,
        int ignored,
        @Nullable String ignoredExample) {

    /** Above so many items, digests are kept by part. */
    private static final int ITEMS_OF_ONE_PART_MAX = 256;

    private static final int PARTS = 256;

    static final DerivedContent EMPTY = new DerivedContent(Map.of(), Map.of(), 0, null);

    /** One digest for few items, 256 for many; none for nothing. Each is the sum of its items' digests. */
    long[] digests() {
        int items = elements.size() + claims.size();
        if (items == 0) {
            return new long[0];
        }
        long[] digests = new long[items <= ITEMS_OF_ONE_PART_MAX ? 1 : PARTS];
        for (Map<Long, ? extends DerivedItem> kind : List.of(elements, claims)) {
            for (DerivedItem item : kind.values()) {
                digests[part(item.hash(), digests.length)] += item.digest();
            }
        }
        return digests;
    }

    static int part(long hash, int parts) {
        return parts == 1 ? 0 : (int) (hash >>> 56);
    }

    /** The least hash of a part. */
    static long from(int part, int parts) {
        return parts == 1 ? Long.MIN_VALUE : (long) part << 56;
    }

    /** The greatest hash of a part. */
    static long through(int part, int parts) {
        return parts == 1 ? Long.MAX_VALUE : (long) part << 56 | (1L << 56) - 1;
    }
}
