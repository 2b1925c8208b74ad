package dev.boardwalk.graph.cypher;

import java.util.Set;

/** The properties of vertices and edges in the database that are numbers of ours, and are never shown. */
final class Internals {
    static final String ORGANISATION = "org_id";
    static final String PROJECT = "project_id";
    static final String ENTITY = "entity_id";

    private static final Set<String> HIDDEN =
            Set.of(ORGANISATION, PROJECT, ENTITY, "source_project_id", "target_project_id");

    private Internals() {}

    static boolean hides(String property) {
        return HIDDEN.contains(property);
    }
}
