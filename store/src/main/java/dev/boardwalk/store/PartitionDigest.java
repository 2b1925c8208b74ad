package dev.boardwalk.store;

/** What all rows of a partition come to: equal as long as no row is added, changed or removed. */
public record PartitionDigest(long operations, long digest) {}
