package dev.boardwalk.search;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much each way of finding counts: a hit's score is the sum of weight / (60 + place) over the lists that it is in
 * (reciprocal rank fusion [1]).
 *
 * <p>Found by trying on the judged questions of {@code ./boardwalk bench search}; see docs/search.md.
 *
 * <p>[1] Cormack, Clarke, Büttcher: Reciprocal Rank Fusion outperforms Condorcet and individual rank learning methods,
 * SIGIR 2009. The 60 is theirs.
 */
final class Weights {
    static final int RANK_OFFSET = 60;

    /** Weight of each list, in the order in which {@code why} names them. */
    static final Map<String, Double> OF_LISTS = new LinkedHashMap<>();

    /** All its words, as they are or stemmed. */
    static final double WORDS = 1.0;

    /** The same with misspelt words replaced. */
    static final double CORRECTED = 0.8;

    /** The last word unfinished. */
    static final double PREFIX = 0.5;

    /** A title that is much like it. */
    static final double TITLE = 0.3;

    /** Some of its words. */
    static final double SOME_WORDS = 0.4;

    static final double MEANING = 1.0;
    static final double NEAR = 0.5;

    /** Only settles what is equal otherwise. */
    static final double RECENCY = 0.05;

    static {
        OF_LISTS.put("words", WORDS);
        OF_LISTS.put("corrected", CORRECTED);
        OF_LISTS.put("prefix", PREFIX);
        OF_LISTS.put("title", TITLE);
        OF_LISTS.put("someWords", SOME_WORDS);
        OF_LISTS.put("meaning", MEANING);
        OF_LISTS.put("near", NEAR);
        OF_LISTS.put("recency", RECENCY);
    }

    private Weights() {}
}
