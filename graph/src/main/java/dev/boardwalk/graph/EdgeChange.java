package dev.boardwalk.graph;

/** One row of the index's feed: a relationship that came to be or ceased. */
record EdgeChange(
        long position,
        long organisationId,
        long sourceId,
        long targetId,
        String type,
        long sourceProjectId,
        long targetProjectId,
        boolean added) {}
