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
 * @param basis position of the entity's row at which the content was read; if the row has moved on since, this projection
 *     is superseded and is not written. Null for whoever holds all content and cannot be overtaken
 * @param contentTag says which content this is of; null if that is not known
 */
public record Projection(
        String properties,
        String type,
        @Nullable String title,
        byte[] stateVector,
        long bytes,
        @Nullable Long basis,
        byte @Nullable [] contentTag) {

    public Projection(String properties, String type, @Nullable String title, byte[] stateVector, long bytes) {
        this(properties, type, title, stateVector, bytes, null, null);
    }

    /** This projection, computed from content that was read at this position of the entity's row. */
    public Projection readAt(long position) {
        return new Projection(properties, type, title, stateVector, bytes, position, contentTag);
    }
}
