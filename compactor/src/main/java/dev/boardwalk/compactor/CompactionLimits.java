package dev.boardwalk.compactor;

/**
 * How much one run takes of the machine.
 *
 * @param threads documents folded at the same time
 * @param bytes of documents under work at the same time; one that is larger is folded alone
 * @param inlineBytes states up to this size also lie in the database, and share objects
 * @param packBytes an object of several states is closed when it is this large
 * @param pageEntities entities found at a time
 */
record CompactionLimits(int threads, long bytes, int inlineBytes, int packBytes, int pageEntities) {
    /** Half the processors at most: the others are for those who edit meanwhile. */
    static final CompactionLimits DEFAULTS = new CompactionLimits(
            Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 2), 64L << 20, 1 << 20, 8 << 20, 10_000);

    CompactionLimits {
        if (threads < 1 || bytes < 1 || inlineBytes < 0 || packBytes < 1 || pageEntities < 1) {
            throw new IllegalArgumentException("limits of a compaction must be positive");
        }
    }
}
