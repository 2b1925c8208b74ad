package dev.boardwalk.gateway;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.crdt.EngineFailure;
import dev.boardwalk.crdt.Folded;
import dev.boardwalk.store.IdempotencyKeys;
import dev.boardwalk.store.IdempotencyKeys.Claim;
import dev.boardwalk.store.StoreException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Edits of entities by their JSON: the engine finds the fewest edits that make the document say what is wanted, and they go
 * the way of every peer's edits.
 *
 * <p>With an idempotency key the edit is written down before it is applied. Whoever asks again, after whatever happened,
 * applies the same bytes under the same client id, which changes nothing if they are in already.
 */
final class PropertyEdits {
    private static final byte[] NO_EDITS = {0, 0};

    /** Client ids of Yjs are random numbers of 32 bits. */
    private static final long CLIENT_IDS = 1L << 32;

    /** Longer than an edit takes; a gateway that dies with a key in hand keeps others from it for so long. */
    private static final Duration HELD = Duration.ofSeconds(30);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    /** How long a call waits for another one with the same key. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** An answer, and whether it was given before. */
    record Answer(JsonObject body, boolean again) {}

    /** What is confirmed of an entity, which may not be there yet. */
    private record Present(List<byte[]> pieces, boolean exists) {}

    /**
     * Edits to be applied.
     *
     * @param onlyIf the content for which they are meant; null if any will do
     * @param after the content that they make of the one they were made for; null if that is forgotten
     */
    private record Prepared(
            byte[] update,
            @Nullable EntityTag onlyIf,
            @Nullable Folded after) {}

    private final SecureRandom random = new SecureRandom();
    private final Vertx vertx;
    private final LiveEntities live;
    private final IdempotencyKeys keys;

    PropertyEdits(Vertx vertx, LiveEntities live, IdempotencyKeys keys) {
        this.vertx = vertx;
        this.live = live;
        this.keys = keys;
    }

    Future<Answer> edit(PropertyEdit edit) {
        String key = edit.idempotencyKey();
        if (key == null) {
            return prepare(edit).compose(prepared -> apply(edit, prepared)).map(body -> new Answer(body, false));
        }
        String user = edit.caller().user();
        IdempotencyKeys.Use use = new IdempotencyKeys.Use(
                edit.caller().organisation(), user == null ? "" : user, key, edit.sha256(), UUID.randomUUID());
        return once(edit, use, System.nanoTime() + PATIENCE.toNanos());
    }

    private Future<Answer> once(PropertyEdit edit, IdempotencyKeys.Use use, long untilNanos) {
        return keys.claim(use, HELD).compose(claim -> switch (claim) {
            case Claim.Done(String answer) -> Future.succeededFuture(new Answer(new JsonObject(answer), true));
            case Claim.Different() ->
                Future.failedFuture(new ProblemException(
                        422, "idempotency-key-reused", "this Idempotency-Key was used for another request"));
            case Claim.Busy() -> later(edit, use, untilNanos);
            case Claim.Mine(byte[] update) -> mine(edit, use, update, untilNanos);
        });
    }

    private Future<Answer> later(PropertyEdit edit, IdempotencyKeys.Use use, long untilNanos) {
        if (System.nanoTime() > untilNanos) {
            return Future.failedFuture(new ProblemException(
                    409, "idempotency-key-in-use", "a request with this Idempotency-Key is still under way"));
        }
        return vertx.timer(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS).compose(_ -> once(edit, use, untilNanos));
    }

    private Future<Answer> mine(
            PropertyEdit edit, IdempotencyKeys.Use use, byte @Nullable [] written, long untilNanos) {
        Future<@Nullable Prepared> prepared = written == null
                ? prepare(edit).compose(fresh -> keys.prepare(use, fresh.update).map(kept -> kept ? fresh : null))
                : again(edit, written);
        return prepared.compose(known -> {
                    if (known == null) {
                        // It took so long that somebody else began: their edit counts.
                        return later(edit, use, untilNanos);
                    }
                    return apply(edit, known)
                            .compose(body -> keys.finish(use, body.encode()).map(new Answer(body, written != null)));
                })
                .recover(failure -> (nothingHappened(failure) ? keys.forget(use) : keys.letGo(use))
                        .transform(_ -> Future.failedFuture(failure)));
    }

    /** An edit that was written down by somebody of whom nothing was heard since. */
    private Future<@Nullable Prepared> again(PropertyEdit edit, byte[] update) {
        return edit.ifMatch() == null
                ? Future.succeededFuture(new Prepared(update, null, null))
                : present(edit)
                        .compose(present -> live.withReplica(() -> {
                            EntityTag tag = EntityTag.of(Engine.fold(null, present.pieces, Engine.Projection.NONE));
                            // A tag that nothing has: it may only pass if it is in already.
                            return new Prepared(
                                    update, matches(edit, tag, present.exists) ? tag : new EntityTag(""), null);
                        }));
    }

    private static boolean nothingHappened(Throwable failure) {
        return failure instanceof ProblemException refused && refused.problem().status() < 500
                || failure instanceof EngineFailure
                || failure instanceof GatewayException.TooLarge;
    }

    private Future<Prepared> prepare(PropertyEdit edit) {
        return present(edit).compose(present -> live.withReplica(() -> prepare(edit, present)));
    }

    private Prepared prepare(PropertyEdit edit, Present present) {
        Folded folded = Engine.fold(null, present.pieces, Engine.Projection.JSON);
        EntityTag tag = EntityTag.of(folded);
        if (!matches(edit, tag, present.exists)) {
            throw new ProblemException(412, "precondition-failed", "the entity is not what If-Match asks for");
        }
        String json = folded.json();
        JsonObject wanted = edit.change().apply(new JsonObject(json == null ? "{}" : json));
        try {
            byte[] update = Engine.edit(present.pieces, wanted.encode(), random.nextLong(1, CLIENT_IDS));
            return new Prepared(update, edit.ifMatch() == null ? null : tag, after(edit, present.pieces, update));
        } catch (EngineFailure.Unwritable unwritable) {
            throw new ProblemException(new Problem(
                    422,
                    unwritable.code(),
                    String.valueOf(unwritable.getMessage()),
                    Map.of("pointer", unwritable.pointer())));
        } catch (EngineFailure.Refused | EngineFailure.TooDeep | EngineFailure.TooLarge impossible) {
            throw new ProblemException(422, impossible.code(), String.valueOf(impossible.getMessage()));
        }
    }

    private static Folded after(PropertyEdit edit, List<byte[]> pieces, byte[] update) {
        List<byte[]> all = new ArrayList<>(pieces);
        all.add(update);
        return Engine.fold(null, all, edit.withProperties() ? Engine.Projection.JSON : Engine.Projection.NONE);
    }

    private static boolean matches(PropertyEdit edit, EntityTag tag, boolean exists) {
        List<String> wanted = edit.ifMatch();
        return wanted == null || wanted.contains(tag.text()) || exists && wanted.contains("*");
    }

    /** Nothing of an entity that is not there yet, since the edit makes it. */
    private Future<Present> present(PropertyEdit edit) {
        return live.pieces(edit.key())
                .map(pieces -> new Present(pieces, true))
                .recover(failure -> failure instanceof StoreException.NotFound
                        ? Future.succeededFuture(new Present(List.of(), false))
                        : Future.failedFuture(failure));
    }

    private Future<JsonObject> apply(PropertyEdit edit, Prepared prepared) {
        boolean changed = !Arrays.equals(prepared.update, NO_EDITS);
        return live.applyOwn(edit.key(), prepared.update, edit.caller().user(), prepared.onlyIf)
                .compose(position -> after(edit, prepared).map(after -> {
                    JsonObject body = new JsonObject()
                            .put("changed", changed)
                            .put("position", position)
                            .put("stateVector", Base64.getEncoder().encodeToString(after.stateVector()))
                            .put("etag", EntityTag.of(after).text());
                    String json = after.json();
                    return json == null ? body : body.put("properties", new JsonObject(json));
                }));
    }

    private Future<Folded> after(PropertyEdit edit, Prepared prepared) {
        Folded known = prepared.after;
        return known != null
                ? Future.succeededFuture(known)
                : present(edit).compose(present -> live.withReplica(() -> after(edit, present.pieces, NO_EDITS)));
    }
}
