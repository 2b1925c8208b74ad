package dev.boardwalk.store;

import java.util.List;

/**
 * What became of a flushed batch.
 *
 * @param position of the newest of its transactions
 * @param quarantined entities whose projection the database refused; their updates are durable
 * @param unwritten entities of which nothing could be written: they stay in the journal, and the flushed tick was not
 *     recorded. Somebody must look
 * @param superseded entities whose update was written but not their projection, since the row had moved on from its
 *     {@linkplain Projection#basis() basis}: read the content again and flush again
 */
public record FlushOutcome(
        long position, List<Refused> quarantined, List<Refused> unwritten, List<EntityId> superseded) {

    /** One entity and what the database said about it. */
    public record Refused(EntityId entity, String reason) {}
}
