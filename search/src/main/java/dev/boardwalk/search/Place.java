package dev.boardwalk.search;

/**
 * What a document is about: an entity, or an element of it.
 *
 * @param element "" for the entity itself
 */
public record Place(long entity, String element) {}
