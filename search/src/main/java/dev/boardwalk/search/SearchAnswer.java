package dev.boardwalk.search;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was found.
 *
 * @param facets hits by project and by type, over all pages
 * @param asOf everything with a position below is in
 * @param leftOut ways of finding that were not used, each with the reason
 * @param nextCursor null if this is the last page
 */
public record SearchAnswer(
        List<Hit> hits,
        Map<String, Map<String, Long>> facets,
        long asOf,
        Map<String, String> leftOut,
        @Nullable String nextCursor) {

    /**
     * One find.
     *
     * @param element "" for the entity itself
     * @param snippet HTML: text in which the only elements are {@code <mark>} around what was looked for
     * @param why the lists that the hit is in, the one that counts most first
     */
    public record Hit(
            UUID ulid,
            String name,
            String project,
            String type,
            String element,
            String title,
            String snippet,
            double score,
            List<Reason> why) {}

    /**
     * A list that a hit is in.
     *
     * @param list words, corrected, prefix, title, someWords, meaning, near or recency
     * @param place from 1
     * @param share of the score
     * @param detail what the list was ordered by
     */
    public record Reason(String list, long place, double share, double detail) {}
}
