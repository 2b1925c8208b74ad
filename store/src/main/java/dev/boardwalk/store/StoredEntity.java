package dev.boardwalk.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An entity as loaded: who it is and the pieces of its document.
 *
 * <p>The pieces stand in the order snapshot, operations, ticks. With several gateways a piece may refer to content of
 * a later piece (flushes are not causally ordered), and content may appear twice (in an operation and in the tick it
 * came from): apply all, and only then judge what is missing.
 *
 * @param ulid the public id; {@link EntityUlid#text} writes it
 * @param deleted whether the entity was deleted; only a load by id finds such a one
 * @param position of the entity's row: it moves on with every flush
 * @param quarantineReason why its projection is not kept up to date, null for a healthy entity
 */
public record StoredEntity(
        EntityId id,
        EntityKey key,
        UUID ulid,
        boolean deleted,
        long position,
        @Nullable String quarantineReason,
        List<StoredPiece> pieces) {

    /** With these before the others; an operation that is among both stands once. */
    StoredEntity withFirst(List<? extends StoredPiece> first) {
        List<StoredPiece> all = new ArrayList<>(first);
        Set<Long> known = new HashSet<>();
        for (StoredPiece piece : first) {
            if (piece instanceof StoredPiece.Operation operation) {
                known.add(operation.operationId());
            }
        }
        for (StoredPiece piece : pieces) {
            if (!(piece instanceof StoredPiece.Operation operation && known.contains(operation.operationId()))) {
                all.add(piece);
            }
        }
        return new StoredEntity(id, key, ulid, deleted, position, quarantineReason, List.copyOf(all));
    }
}
