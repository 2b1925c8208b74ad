package dev.boardwalk.search;

import dev.boardwalk.store.OrganisationId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question.
 *
 * @param query in the syntax of web searches
 * @param project only hits in this one; null for all
 * @param readable the only projects that the caller may see; null means all
 * @param type only hits of this type; null for all
 * @param near hits close to this one in the graph come earlier; null for none
 * @param cursor where the page before ended; null for the first
 * @param limit hits a page
 */
public record SearchRequest(
        OrganisationId organisation,
        String query,
        @Nullable String project,
        @Nullable Set<String> readable,
        @Nullable String type,
        @Nullable Near near,
        @Nullable String cursor,
        int limit) {

    /** Most hits of a page. */
    public static final int LIMIT_MAX = 100;

    public static final int LIMIT_DEFAULT = 20;

    public SearchRequest {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("limit must be from 1 to " + LIMIT_MAX + ", was " + limit);
        }
    }

    /** An entity that hits should be close to. */
    public record Near(String project, String name) {}

    /** All of an organisation, the first page. */
    public static SearchRequest of(OrganisationId organisation, String query) {
        return new SearchRequest(organisation, query, null, null, null, null, null, LIMIT_DEFAULT);
    }
}
