package dev.boardwalk.store;

import org.jspecify.annotations.Nullable;

/**
 * What one flush writes of one entity.
 *
 * @param update what the ticks brought, in {@code format}; empty if they brought nothing and only the projection is written
 * @param authors JSON array of who wrote it, null if unknown
 * @param firstTick first tick of the gateway that is in {@code update}
 * @param lastTick all of the entity's updates in the gateway's ticks up to this one are in this or an earlier operation
 * @param projection null if it cannot be computed; then {@code quarantineReason} says why
 * @param quarantineReason null for a healthy entity
 */
public record FlushedEntity(
        EntityId entity,
        OperationFormat format,
        byte[] update,
        @Nullable String authors,
        long firstTick,
        long lastTick,
        @Nullable Projection projection,
        @Nullable String quarantineReason) {

    public FlushedEntity {
        if ((projection == null) == (quarantineReason == null)) {
            throw new IllegalArgumentException(
                    "the flush of entity " + entity + " needs either a projection or the reason why there is none");
        }
        if (firstTick > lastTick) {
            throw new IllegalArgumentException(
                    "the flush of entity " + entity + " has first tick " + firstTick + " after last tick " + lastTick);
        }
    }

    public static FlushedEntity projected(
            EntityId entity,
            OperationFormat format,
            byte[] update,
            @Nullable String authors,
            long firstTick,
            long lastTick,
            Projection projection) {
        return new FlushedEntity(entity, format, update, authors, firstTick, lastTick, projection, null);
    }

    /** The same, its projection (if it has one) valid only while the entity's row is at this position. */
    public FlushedEntity readAt(long position) {
        return new FlushedEntity(
                entity,
                format,
                update,
                authors,
                firstTick,
                lastTick,
                projection == null ? null : projection.readAt(position),
                quarantineReason);
    }

    /** The update alone, the entity marked as quarantined: its properties stay as they were. */
    public static FlushedEntity quarantined(
            EntityId entity, OperationFormat format, byte[] update, long firstTick, long lastTick, String reason) {
        return new FlushedEntity(entity, format, update, null, firstTick, lastTick, null, reason);
    }
}
