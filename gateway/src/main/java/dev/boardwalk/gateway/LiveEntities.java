package dev.boardwalk.gateway;

import dev.boardwalk.store.EntityKey;
import io.vertx.core.Future;

/**
 * The live entities of this gateway as HTTP handlers see them: every call may come from any thread, is answered by the
 * entity's owner, and loads the entity if it is not live yet.
 *
 * <p>Futures complete on the caller's context. They fail with {@link GatewayException} (busy, refused, draining) or
 * with what the store said.
 */
public final class LiveEntities {

    LiveEntities() {}

    /**
     * Brings the entity's row up to date: when it completes, all that was confirmed before the call is in the
     * properties. Nothing to do for an entity that is not live here.
     */
    public Future<Void> flush(EntityKey key) {
        return Future.failedFuture(new UnsupportedOperationException("flush " + key));
    }

    /**
     * Applies one update (Yjs v1) like one that came from a peer; project and entity are created on first use.
     *
     * @return the position, after the commit
     */
    public Future<Long> applyUpdate(EntityKey key, byte[] update) {
        return Future.failedFuture(new UnsupportedOperationException("apply an update to " + key + update.length));
    }

    /** All that is confirmed of an entity as one update (Yjs v1); fails with the store's NotFound if there is none. */
    public Future<byte[]> state(EntityKey key) {
        return Future.failedFuture(new UnsupportedOperationException("state of " + key));
    }

    /** Forgets an entity that was deleted in the store and closes its peers with 4404. */
    public Future<Void> deleted(EntityKey key) {
        return Future.failedFuture(new UnsupportedOperationException("forget " + key));
    }
}
