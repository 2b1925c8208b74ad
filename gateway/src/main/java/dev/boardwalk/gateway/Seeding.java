package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.Admission;
import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.IdSet;
import dev.boardwalk.crdt.sync.UpdateValidator;
import dev.boardwalk.gateway.live.ValidUpdate;
import dev.boardwalk.store.EntitySeeds;
import dev.boardwalk.store.StoredEntity;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fills entities that have no content from the application, each exactly once: the first answer to reach the database is
 * the one that counts, for this gateway and every other, now and after a crash. May be used from any thread.
 */
final class Seeding {
    private final ApplicationHooks hooks;
    private final EntitySeeds seeds;
    private final UpdateValidator validator;

    Seeding(ApplicationHooks hooks, EntitySeeds seeds, UpdateValidator validator) {
        this.hooks = hooks;
        this.seeds = seeds;
        this.validator = validator;
    }

    /**
     * What an entity without content begins with, if anything; fails if the application does not answer as agreed.
     *
     * @param opener who opens it, as far as the hooks know them
     */
    Future<Optional<ValidUpdate>> seed(StoredEntity entity, @Nullable HookSession opener) {
        return seeds.find(entity.id())
                .compose(kept -> kept.isPresent()
                        ? Future.succeededFuture(kept)
                        : hooks.load(
                                        opener,
                                        entity.key().project(),
                                        entity.key().name())
                                .compose(offered -> offered.isEmpty()
                                        ? Future.succeededFuture(offered)
                                        : keep(entity, offered.get())))
                .map(kept -> kept.map(this::valid));
    }

    private Future<Optional<byte[]>> keep(StoredEntity entity, byte[] offered) {
        ValidUpdate update = valid(offered);
        if (Admission.admit(new ClockVector(), new IdSet(), update.outline()) == Admission.GAP) {
            return Future.failedFuture(
                    new IllegalStateException("onLoadDocument: the update refers to content that is not in it"));
        }
        return seeds.keepFirst(entity.id(), offered).map(Optional::of);
    }

    private ValidUpdate valid(byte[] update) {
        return new ValidUpdate(update, validator.validate(update));
    }
}
