package dev.boardwalk.graph;

import java.time.Duration;

/**
 * What the graph holds at most.
 *
 * @param relationshipsPerEntity that the content of one entity may claim, and elements that it may have; what goes beyond
 *     is ignored and counted
 * @param indexBytes memory for the indexes of all organisations together, of which a quarter may be names and titles
 * @param steps edges that one question may look at
 * @param vertices that one answer may hold
 * @param patience how long a question waits for a position that it was asked for
 */
public record GraphLimits(int relationshipsPerEntity, long indexBytes, long steps, int vertices, Duration patience) {

    /** Longest name of an element in UTF-8 bytes; longer ones are no elements. */
    static final int ELEMENT_NAME_BYTES_MAX = 255;

    /** Longest reference: two names of 255 bytes and a slash. */
    static final int REFERENCE_BYTES_MAX = 511;

    /** Longest title of an element in UTF-16 units, as a line of a list shows it; longer ones are cut. */
    static final int ELEMENT_TITLE_LENGTH_MAX = 200;

    /** Longest type of an element in UTF-16 units; longer ones are cut. */
    static final int ELEMENT_TYPE_LENGTH_MAX = 100;

    public static final GraphLimits DEFAULT =
            new GraphLimits(100_000, 256L << 20, 20_000_000, 10_000, Duration.ofSeconds(10));

    /** How long a question waits for what this process wrote before: it can do without. */
    Duration ownWritesPatience() {
        return patience.dividedBy(5);
    }

    /** Memory for names and titles. */
    long knownBytes() {
        return indexBytes / 4;
    }

    public GraphLimits {
        if (relationshipsPerEntity < 1 || indexBytes < 1 || steps < 1 || vertices < 1) {
            throw new IllegalArgumentException("a limit of the graph is below 1");
        }
    }
}
