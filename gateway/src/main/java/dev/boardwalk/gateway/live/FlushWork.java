package dev.boardwalk.gateway.live;

import java.util.List;

/**
 * What a flush has to write of one entity: the content before, and the committed updates since. Immutable, so that it may
 * be worked on elsewhere while the entity goes on.
 *
 * @param base what earlier flushes wrote
 * @param updates the committed updates after it, in order; may be empty
 * @param throughSequence sequence of the last of them
 * @param writers who wrote them
 */
public record FlushWork(Base base, List<byte[]> updates, long throughSequence, List<Writer> writers) {
    public FlushWork {
        updates = List.copyOf(updates);
        writers = List.copyOf(writers);
    }
}
