package dev.boardwalk.search;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The approximate index over the vectors of one organisation by one model: a partial HNSW index, so that what is found is
 * of this organisation without anything to filter. Its name says what is in it.
 *
 * @param dimensions length of the vectors that are in it
 */
record NearIndex(long organisation, int model, int dimensions) {
    /**
     * Neighbours looked at for the nearest {@link Fusion#CHUNKS_MAX}: among 20,000 vectors, many of them much alike, the
     * nearest 50 are found and 96 % of the nearest 150 (docs/decisions/0081).
     */
    static final int LOOKED_AT = 400;

    /** Vectors gone through where filters leave few of them; enough for {@link #exactIsCheaper}. */
    static final int LOOKED_AT_MAX = 40_000;

    /** Half again as many links as by default, looked for twice as thoroughly: without, 97 % of the nearest 50 are found. */
    private static final String LINKS = " with (m = 24, ef_construction = 128)";

    private static final Pattern NAME = Pattern.compile("embedding_near_(\\d{1,18})_(\\d{1,5})_(\\d{1,5})");

    String name() {
        return "embedding_near_" + organisation + "_" + model + "_" + dimensions;
    }

    /** Null if no such index is called so. */
    static @Nullable NearIndex named(String name) {
        Matcher parts = NAME.matcher(name);
        return parts.matches()
                ? new NearIndex(
                        Long.parseLong(parts.group(1)),
                        Integer.parseInt(parts.group(2)),
                        Integer.parseInt(parts.group(3)))
                : null;
    }

    /** Which rows are in it: what a query must say, to the letter, to be served by it. */
    String condition(String table) {
        return "%1$sorg_id = '%2$d'::bigint and %1$smodel_id = '%3$d'::smallint and vector_dims(%1$svector) = %4$d"
                .formatted(table, organisation, model, dimensions);
    }

    /** What it is ordered by. */
    String vector(String table) {
        return "(%svector::halfvec(%d))".formatted(table, dimensions);
    }

    /** Makes it while everything goes on. */
    String creation() {
        return "create index concurrently %s on search.embedding using hnsw (%s halfvec_cosine_ops)%s where %s"
                .formatted(name(), vector(""), LINKS, condition(""));
    }

    /**
     * Whether comparing all that a filter leaves costs less than going through neighbours until enough have passed the
     * filter: {@code left} rows against {@code CHUNKS_MAX * all / left}.
     */
    static boolean exactIsCheaper(long left, double all) {
        return (double) left * left <= NearestInMeaning.CHUNKS_MAX * all;
    }
}
