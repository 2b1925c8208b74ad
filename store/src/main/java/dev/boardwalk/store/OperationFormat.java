package dev.boardwalk.store;

/** How the bytes of an operation are to be read. */
public enum OperationFormat {
    /** One update: everything of the flush merged. */
    MERGED(1),
    /** An {@link UpdateBatch}: what could not be merged, kept as it came. */
    BATCH(2);

    private final short stored;

    OperationFormat(int stored) {
        this.stored = (short) stored;
    }

    short stored() {
        return stored;
    }

    static OperationFormat ofStored(short stored) {
        return switch (stored) {
            case 1 -> MERGED;
            case 2 -> BATCH;
            default -> throw new IllegalArgumentException("operation format " + stored + " is not known here");
        };
    }
}
