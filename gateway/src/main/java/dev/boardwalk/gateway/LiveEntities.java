package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.MalformedInput;
import dev.boardwalk.crdt.sync.UpdateValidator;
import dev.boardwalk.gateway.live.LiveEntity;
import dev.boardwalk.gateway.live.LiveEvent;
import dev.boardwalk.gateway.live.ValidUpdate;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.EntityStore;
import dev.boardwalk.store.FlushWriter;
import dev.boardwalk.store.FlushedEntity;
import dev.boardwalk.store.NewFork;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.StoreException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The live entities of this gateway as HTTP handlers see them: every call may come from any thread and is answered by the
 * entity's owner.
 *
 * <p>Futures complete on the caller's context. They fail with {@link GatewayException} (busy, refused, draining), with
 * {@link MalformedInput} for bytes that are not an update, or with what the store said.
 */
public final class LiveEntities {
    private final Vertx vertx;
    private final Function<EntityKey, EntityShard> shards;
    private final EntityStore store;
    private final Flusher flusher;
    private final OrganisationFlush organisationFlush;
    private final FlushWriter writer;
    private final JournalFlush journalFlush;
    private final Registration registration;
    private final Replicas replicas;
    private final Relay relay;
    private final UpdateValidator validator;
    private final GatewayMeters meters;
    private volatile boolean draining;

    LiveEntities(
            Vertx vertx,
            Function<EntityKey, EntityShard> shards,
            EntityStore store,
            Flusher flusher,
            OrganisationFlush organisationFlush,
            FlushWriter writer,
            JournalFlush journalFlush,
            Registration registration,
            Replicas replicas,
            Relay relay,
            UpdateValidator validator,
            GatewayMeters meters) {
        this.vertx = vertx;
        this.shards = shards;
        this.store = store;
        this.flusher = flusher;
        this.organisationFlush = organisationFlush;
        this.writer = writer;
        this.journalFlush = journalFlush;
        this.registration = registration;
        this.replicas = replicas;
        this.relay = relay;
        this.validator = validator;
        this.meters = meters;
    }

    /**
     * Brings the entity's row up to date: when it completes, all that was confirmed before the call is in the
     * properties, also what a gateway confirmed that has died since and is not recovered yet.
     */
    public Future<Void> flush(EntityKey key) {
        return flushOwn(key)
                .compose(_ -> store.journalledElsewhere(key, registration.lease()))
                .compose(elsewhere -> elsewhere ? flushOthers(key) : Future.succeededFuture());
    }

    /**
     * For those who want to read what was written up to a position: when it completes, all of the organisation that this
     * gateway confirmed before the call, and all that any other confirmed up to the position, is in the properties,
     * relationships and the change feed.
     *
     * @param patience after this it fails with a {@link ProblemException} 504 {@code position-not-reached}
     */
    Future<Void> flushOrganisation(OrganisationId organisation, long position, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        return flushOrganisation(organisation)
                .compose(_ -> Blocking.call(vertx.getOrCreateContext(), () -> {
                    organisationFlush.flushOthers(organisation, position, deadline);
                    return (Void) null;
                }))
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(
                        failure instanceof TimeoutException
                                ? new ProblemException(
                                        504,
                                        "position-not-reached",
                                        "the flush up to that position did not end in time")
                                : failure));
    }

    /** Flushes everything of the organisation that this gateway holds. */
    private Future<Void> flushOrganisation(OrganisationId organisation) {
        Context caller = vertx.getOrCreateContext();
        Promise<Void> answer = Promise.promise();
        organisationFlush.flush(organisation).onComplete(result -> caller.runOnContext(_ -> answer.handle(result)));
        return answer.future();
    }

    private Future<Void> flushOthers(EntityKey key) {
        return Blocking.call(vertx.getOrCreateContext(), () -> {
            journalFlush.flushOthers(registration.lease(), key);
            return (Void) null;
        });
    }

    private Future<Void> flushOwn(EntityKey key) {
        return ask(key, (shard, done) -> {
            LiveSlot slot = shard.find(key);
            if (slot == null || !slot.flushable()) {
                done.complete();
            } else {
                flusher.flush(slot).onComplete(done);
            }
        });
    }

    /**
     * Applies one update (Yjs v1) like one that came from a peer; project and entity are created on first use.
     *
     * @return the position, after the commit
     */
    public Future<Long> applyUpdate(EntityKey key, byte[] update) {
        return applyUpdate(key, update, null);
    }

    /**
     * The same on behalf of somebody.
     *
     * @param user who signed in, for the history; null if nobody did
     */
    public Future<Long> applyUpdate(EntityKey key, byte[] update, @Nullable String user) {
        ValidUpdate valid;
        try {
            valid = new ValidUpdate(update, validator.validate(update));
        } catch (MalformedInput malformed) {
            meters.refused(malformed.code().text());
            return Future.failedFuture(malformed);
        }
        return apply(key, valid, user, null);
    }

    /** Applies an update of our own making, however large. */
    Future<Long> applyOwn(EntityKey key, byte[] update, @Nullable String user) {
        return applyOwn(key, update, user, null);
    }

    /**
     * The same, only if it brings nothing new or the entity's content is this one at that moment; else fails with the
     * {@link Problem} 412. Content that is not committed yet counts.
     */
    Future<Long> applyOwn(EntityKey key, byte[] update, @Nullable String user, @Nullable EntityTag onlyIf) {
        return apply(key, StoredContent.validated(List.of(update)).getFirst(), user, onlyIf);
    }

    /** Does something that holds a document in native memory. */
    <T> Future<T> withReplica(Callable<T> work) {
        return replicas.call(work);
    }

    private Future<Long> apply(EntityKey key, ValidUpdate valid, @Nullable String user, @Nullable EntityTag onlyIf) {
        if (draining) {
            return Future.failedFuture(
                    new GatewayException.Draining("update of " + key + ": the gateway is going down"));
        }
        return ask(key, (shard, done) -> {
            UpdateWriter writer = new UpdateWriter(key, user);
            LiveSlot slot = shard.open(key);
            if (slot.full()) {
                meters.refused("document-too-large");
                done.fail(new GatewayException.TooLarge(
                        "update of " + key + ": the entity is at its greatest size and takes no more edits"));
                return;
            }
            slot.join(writer);
            if (onlyIf == null) {
                slot.handle(new LiveEvent.PeerUpdate(writer, valid));
            } else {
                slot.whenLoaded(() -> applyOnlyIf(slot, writer, valid, onlyIf));
            }
            writer.answer().onComplete(result -> {
                shard.execute(() -> slot.leave(writer));
                done.handle(result);
            });
        });
    }

    private static void applyOnlyIf(LiveSlot slot, UpdateWriter writer, ValidUpdate valid, EntityTag onlyIf) {
        LiveEntity entity = slot.entity();
        if (entity.contains(valid)
                || EntityTag.of(entity.known(), entity.deleted()).equals(onlyIf)) {
            slot.handle(new LiveEvent.PeerUpdate(writer, valid));
        } else {
            writer.stale();
        }
    }

    /**
     * Makes an entity that begins with content; fails with the store's Conflict if its name is taken.
     *
     * @return the position
     */
    Future<Long> fork(NewFork fork, Function<EntityId, FlushedEntity> content) {
        return Blocking.call(vertx.getOrCreateContext(), () -> writer.fork(registration.lease(), fork, content));
    }

    /** All that is confirmed of an entity, as updates in order; fails with the store's NotFound if there is none. */
    Future<List<byte[]>> pieces(EntityKey key) {
        return ask(key, (shard, done) -> {
            LiveSlot slot = shard.find(key);
            if (slot != null && slot.loaded()) {
                done.complete(slot.entity().committedPieces());
            } else {
                stored(key).onComplete(done);
            }
        });
    }

    /** All that is confirmed of an entity as one update (Yjs v1); fails with the store's NotFound if there is none. */
    public Future<byte[]> state(EntityKey key) {
        return pieces(key)
                .compose(pieces ->
                        pieces.size() == 1 ? Future.succeededFuture(pieces.getFirst()) : replicas.state(pieces));
    }

    private Future<List<byte[]>> stored(EntityKey key) {
        return store.load(key)
                .map(found -> Loader.updates(found.orElseThrow(
                        () -> new StoreException.NotFound("state of " + key + ": there is no such entity"))));
    }

    /** Forgets an entity that was deleted in the store and closes its peers with 4404, here and at other gateways. */
    public Future<Void> deleted(EntityKey key) {
        relay.deleted(key);
        return ask(key, (shard, done) -> {
            LiveSlot slot = shard.find(key);
            if (slot != null) {
                shard.deleted(slot);
            }
            done.complete();
        });
    }

    void drain() {
        draining = true;
    }

    /** What happens on the shard, and who is told. */
    private interface Question<T> {
        void ask(EntityShard shard, Promise<T> done);
    }

    private <T> Future<T> ask(EntityKey key, Question<T> question) {
        Context caller = vertx.getOrCreateContext();
        Promise<T> answer = Promise.promise();
        Promise<T> done = Promise.promise();
        done.future().onComplete(result -> caller.runOnContext(_ -> answer.handle(result)));
        EntityShard shard = shards.apply(key);
        shard.execute(() -> question.ask(shard, done));
        return answer.future();
    }
}
