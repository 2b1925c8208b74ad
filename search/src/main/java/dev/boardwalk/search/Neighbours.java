package dev.boardwalk.search;

import dev.boardwalk.store.EntityId;
import java.util.Map;

/** Who is close to an entity in the graph. Implemented where the graph is known. */
public interface Neighbours {

    /** Nobody is close to anybody. */
    Neighbours NONE = (_, _) -> Map.of();

    /**
     * Places within some steps of an entity, in whatever direction, each with its distance (1 for direct neighbours).
     * May block, for milliseconds.
     */
    Map<Place, Integer> around(EntityId entity, int depthMax);
}
