package dev.boardwalk.store;

import java.util.List;

/**
 * What became of a flushed batch. Every entity in it is durable, those listed without a projection.
 *
 * @param position of the newest of its transactions
 * @param quarantined entities whose projection the database refused, with its reason
 */
public record FlushOutcome(long position, List<Quarantined> quarantined) {

    /** One entity whose update was kept and whose projection was not. */
    public record Quarantined(EntityId entity, String reason) {}
}
