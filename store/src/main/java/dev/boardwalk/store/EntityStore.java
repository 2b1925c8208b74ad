package dev.boardwalk.store;

import io.vertx.core.Future;
import java.util.Optional;

/** Loads entities: identity and all pieces of the document, in one statement each. Safe from any thread. */
public final class EntityStore {

    EntityStore() {}

    /** Empty if there is no such entity (never made, or deleted). */
    public Future<Optional<StoredEntity>> load(EntityKey key) {
        throw new UnsupportedOperationException(key.toString());
    }

    /** Finds deleted entities too: their journal has to be flushed like any other. */
    public Future<Optional<StoredEntity>> load(EntityId id) {
        throw new UnsupportedOperationException(id.toString());
    }

    /** Makes project and entity if they are missing; several gateways at once make one. */
    public Future<StoredEntity> loadOrCreate(EntityKey key) {
        throw new UnsupportedOperationException(key.toString());
    }
}
