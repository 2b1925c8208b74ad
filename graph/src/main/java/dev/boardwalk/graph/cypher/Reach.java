package dev.boardwalk.graph.cypher;

import dev.boardwalk.store.OrganisationId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may see of the graph, in the numbers of the database.
 *
 * @param projects their numbers, if not all of the organisation; an empty list sees nothing
 */
record Reach(OrganisationId organisation, @Nullable List<Long> projects) {

    public Reach {
        projects = projects == null ? null : List.copyOf(projects);
    }
}
