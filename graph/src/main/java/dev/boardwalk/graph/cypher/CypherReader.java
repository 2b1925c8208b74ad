package dev.boardwalk.graph.cypher;

import dev.boardwalk.store.OrganisationId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks a query.
 *
 * @param projects names of the only projects that may be seen; null means all of the organisation
 */
public record CypherReader(
        OrganisationId organisation, @Nullable Set<String> projects) {

    public CypherReader {
        projects = projects == null ? null : Set.copyOf(projects);
    }
}
