package dev.boardwalk.store;

import org.jspecify.annotations.Nullable;

/**
 * What an entity's content means, as computed from its document at a flush.
 *
 * @param properties JSON of all roots, as text
 * @param type the entity's type, {@code document} unless the content says otherwise
 * @param title its title, null if it has none
 * @param stateVector of the whole document
 * @param bytes size of the whole document's state
 */
public record Projection(
        String properties, String type, @Nullable String title, byte[] stateVector, long bytes) {}
