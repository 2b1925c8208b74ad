package dev.boardwalk.graph;

import org.jspecify.annotations.Nullable;

/**
 * One thing that content says: an element of the board, or a relationship.
 *
 * <p>Each has a key by which it is found again ({@link #hash()}) and a digest of all that is known of it.
 */
sealed interface DerivedItem {

    /** Identifies it among the items of its kind of one entity. */
    long hash();

    /** Changes with anything that is stored of it. */
    long digest();

    /**
     * A node of a board.
     *
     * @param reference the entity that it stands for; null for an element of its own right
     */
    record Element(
            long hash,
            long digest,
            String name,
            String type,
            @Nullable String title,
            @Nullable String reference) implements DerivedItem {

        static Element of(String name, String type, @Nullable String title, @Nullable String reference) {
            return new Element(
                    Hashes.of("element", name),
                    Hashes.of(
                            "element",
                            name,
                            type,
                            title == null ? "" : "t" + title,
                            reference == null ? "" : "r" + reference),
                    name,
                    type,
                    title,
                    reference);
        }
    }

    /** That the source has a relationship of this type to the target. */
    record Claim(long hash, long digest, End source, String type, End target) implements DerivedItem {

        static Claim of(End source, String type, End target) {
            long hash = Hashes.of("claim", source.canonical(), type, target.canonical());
            return new Claim(hash, hash, source, type, target);
        }
    }
}
