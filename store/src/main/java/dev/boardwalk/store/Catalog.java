package dev.boardwalk.store;

import io.vertx.core.Future;

/** What there is: entities described and listed, made and deleted, as the HTTP API asks. Safe from any thread. */
public final class Catalog {

    Catalog() {}

    /** Fails with {@link StoreException.NotFound}. */
    public Future<OrganisationId> organisation(String name) {
        throw new UnsupportedOperationException(name);
    }

    /** Fails with {@link StoreException.NotFound}. */
    public Future<EntityDescription> describe(EntityKey key) {
        throw new UnsupportedOperationException(key.toString());
    }

    /**
     * One page in the order of the names' UTF-8 bytes. Fails with {@link StoreException.NotFound} (no such project) or
     * {@link StoreException.InvalidCursor}.
     */
    public Future<EntityPage> page(EntityFilter filter) {
        throw new UnsupportedOperationException(filter.toString());
    }

    /**
     * Marks the entity as deleted: its name is free at once, its content stays. Answers with the position of the
     * change; fails with {@link StoreException.NotFound}.
     */
    public Future<Long> delete(EntityKey key) {
        throw new UnsupportedOperationException(key.toString());
    }
}
