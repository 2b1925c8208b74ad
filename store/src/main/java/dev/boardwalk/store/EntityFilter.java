package dev.boardwalk.store;

import org.jspecify.annotations.Nullable;

/**
 * Which entities of a project a list shows.
 *
 * @param type only entities of this type; null for all
 * @param cursor where the previous page ended; null for the first
 * @param limit entities a page, 1–{@value #LIMIT_MAX}
 */
public record EntityFilter(
        OrganisationId organisation,
        String project,
        @Nullable String type,
        @Nullable String cursor,
        int limit) {

    /** Most entities of one page: keeps an answer under a megabyte. */
    public static final int LIMIT_MAX = 1_000;

    public EntityFilter {
        EntityKey.requireName("project name", project);
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("limit must be 1–" + LIMIT_MAX + ", was " + limit);
        }
    }
}
