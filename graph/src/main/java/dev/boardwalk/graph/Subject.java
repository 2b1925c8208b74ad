package dev.boardwalk.graph;

import dev.boardwalk.store.OrganisationId;
import java.util.List;

/**
 * What a question is about: an entity, or an element.
 *
 * @param vertex its vertex; of a node that stands for an entity, that entity's
 * @param standsForAnother whether it is such a node
 * @param elements vertices of the entity's elements, if they were asked for
 */
record Subject(
        OrganisationId organisation,
        long entityId,
        long projectId,
        long vertex,
        boolean standsForAnother,
        List<Long> elements) {}
