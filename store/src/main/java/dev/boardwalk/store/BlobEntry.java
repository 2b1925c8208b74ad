package dev.boardwalk.store;

import java.time.Instant;

/**
 * An object as a list of the storage shows it.
 *
 * @param size in bytes
 * @param modifiedAt by the clock of the storage
 */
public record BlobEntry(String key, long size, Instant modifiedAt) {}
