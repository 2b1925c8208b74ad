package dev.boardwalk.store;

import java.time.Instant;

/** An object that no row names, and since when that is known. */
public record OrphanObject(String key, Instant since) {}
