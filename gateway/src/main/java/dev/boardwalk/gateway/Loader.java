package dev.boardwalk.gateway;

import dev.boardwalk.gateway.live.ValidUpdate;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.EntityStore;
import dev.boardwalk.store.StoredEntity;
import dev.boardwalk.store.StoredPiece;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Loads entities for one shard: from the database in one statement, put in order on a virtual thread. So many at a time;
 * the rest wait their turn. Belongs to the shard's context.
 */
final class Loader {

    /**
     * An entity as it lies in the store, ready to live.
     *
     * @param position of its row when it was read
     * @param seed with what an entity without content begins; null if with nothing
     */
    record Loaded(
            EntityId id,
            long position,
            StoredContent content,
            @Nullable ValidUpdate seed) {}

    /** All updates of an entity, and the position of its row. */
    record Stored(long position, List<ValidUpdate> updates) {}

    /** Bounds the memory of loads under way when very many peers come back at once. */
    private static final int LOADS_AT_ONCE = 32;

    private final Context context;
    private final EntityStore store;
    private final @Nullable Seeding seeding;
    private final GatewayMeters meters;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int running;

    Loader(Context context, EntityStore store, @Nullable Seeding seeding, GatewayMeters meters) {
        this.context = context;
        this.store = store;
        this.seeding = seeding;
        this.meters = meters;
    }

    /**
     * Loads an entity; project and entity are created if they are missing.
     *
     * @param opener who opens it, as far as the hooks know them
     */
    Future<Loaded> load(EntityKey key, @Nullable HookSession opener) {
        long startNanos = System.nanoTime();
        return inTurn(() -> store.loadOrCreate(key).compose(stored -> ordered(stored, opener)))
                .onComplete(result -> {
                    if (result.succeeded()) {
                        meters.loaded(Duration.ofNanos(System.nanoTime() - startNanos));
                    } else {
                        meters.loadFailed();
                    }
                });
    }

    /** What lies in the store of an entity now, and the position of its row at that moment. */
    Future<Stored> reread(EntityId id) {
        return inTurn(() -> store.load(id)
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(new Stored(0, List.of()))
                        : Blocking.call(
                                context,
                                () -> new Stored(
                                        found.get().position(), StoredContent.validated(updates(found.get()))))));
    }

    static List<byte[]> updates(StoredEntity stored) {
        List<byte[]> updates = new ArrayList<>();
        for (StoredPiece piece : stored.pieces()) {
            updates.addAll(piece.updates());
        }
        return updates;
    }

    private Future<Loaded> ordered(StoredEntity stored, @Nullable HookSession opener) {
        if (!stored.pieces().isEmpty()) {
            return Blocking.call(
                    context, () -> new Loaded(stored.id(), stored.position(), StoredContent.of(updates(stored)), null));
        }
        StoredContent nothing = StoredContent.of(List.of());
        return seeding == null
                ? Future.succeededFuture(new Loaded(stored.id(), stored.position(), nothing, null))
                : seeding.seed(stored, opener)
                        .map(seed -> new Loaded(stored.id(), stored.position(), nothing, seed.orElse(null)));
    }

    private <T> Future<T> inTurn(Supplier<Future<T>> load) {
        Promise<T> done = Promise.promise();
        waiting.add(() -> load.get().onComplete(result -> {
            running--;
            done.handle(result);
            startNext();
        }));
        startNext();
        return done.future();
    }

    private void startNext() {
        while (running < LOADS_AT_ONCE && !waiting.isEmpty()) {
            running++;
            waiting.remove().run();
        }
    }
}
