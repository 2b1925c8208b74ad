package dev.boardwalk.gateway;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.crdt.Folded;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.FlushedEntity;
import dev.boardwalk.store.FoldBacklog;
import dev.boardwalk.store.FoldHorizon;
import dev.boardwalk.store.HistorySubject;
import dev.boardwalk.store.NewFork;
import dev.boardwalk.store.NewVersion;
import dev.boardwalk.store.OperationFormat;
import dev.boardwalk.store.StoreException;
import dev.boardwalk.store.Versions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What callers do with history: name the present, lead back to what was, begin another entity from it. */
final class HistoryEdits {
    private static final byte[] NO_EDITS = {0, 0};

    /** Client ids of Yjs are random numbers of 32 bits. */
    private static final long CLIENT_IDS = 1L << 32;

    /** Who asks about which entity. */
    record Asker(EntityKey key, Caller caller) {
        @Nullable
        String user() {
            return caller.user();
        }
    }

    private final SecureRandom random = new SecureRandom();
    private final Vertx vertx;
    private final LiveEntities live;
    private final PastReader reader;
    private final Versions versions;
    private final FoldBacklog backlog;

    HistoryEdits(Vertx vertx, LiveEntities live, PastReader reader, Database database) {
        this.vertx = vertx;
        this.live = live;
        this.reader = reader;
        this.versions = database.versions();
        this.backlog = database.foldBacklog();
    }

    /** Keeps what is confirmed now under a name, for ever. */
    Future<JsonObject> name(Asker asker, JsonObject body) {
        String name = required(body, "name");
        if (name.matches("\\d+") || Point.instant(name) != null) {
            throw new ProblemException(
                    400, "invalid-name", "a version's name must not look like an id (digits only) or a time");
        }
        return live.flush(asker.key)
                .compose(_ -> blocking(() -> {
                    // Before the subject's time is taken, so that all below it is in the state.
                    FoldHorizon horizon = backlog.horizon();
                    HistorySubject subject = reader.find(asker.key);
                    Folded folded = reader.contentAt(subject, new Point.AtTime(subject.now()));
                    return HistoryJson.version(versions.name(new NewVersion(
                            subject.id(), name, asker.user(), folded.state(), folded.stateVector(), horizon)));
                }));
    }

    /** New edits that lead back; live peers see them, and what they do meanwhile stays. */
    Future<JsonObject> restore(Asker asker, JsonObject body) {
        Point point = Point.of(body);
        return blocking(() -> reader.contentAt(reader.find(asker.key), point).state())
                .compose(wanted -> live.pieces(asker.key)
                        .compose(present -> blocking(() -> reader.inTurn(
                                () -> Engine.restore(present, List.of(wanted), random.nextLong(1, CLIENT_IDS))))))
                .compose(update -> Arrays.equals(update, NO_EDITS)
                        ? Future.succeededFuture(new JsonObject().put("changed", false))
                        : live.applyOwn(asker.key, update, asker.user())
                                .map(position ->
                                        new JsonObject().put("changed", true).put("position", position)));
    }

    /** Another entity of the same project that begins with what this one was. */
    Future<JsonObject> fork(Asker asker, JsonObject body) {
        Point point = Point.of(body);
        EntityKey made = new EntityKey(asker.key.organisation(), asker.key.project(), required(body, "name"));
        asker.caller.require(Right.WRITE, made.project(), made.name());
        return blocking(() -> reader.at(reader.find(asker.key), point))
                .compose(past -> live.fork(
                        new NewFork(made, past.subject().id(), past.moment().time(), asker.user()),
                        id -> FlushedEntity.projected(
                                id,
                                OperationFormat.MERGED,
                                past.folded().state(),
                                authors(asker.user()),
                                0,
                                0,
                                EntityProjection.of(past.folded()))))
                .map(position -> new JsonObject()
                        .put("name", made.name())
                        .put("project", made.project())
                        .put("position", position))
                .recover(failure -> Future.failedFuture(
                        failure instanceof StoreException.Conflict
                                ? new ProblemException(
                                        409, "entity-exists", "there is an entity of this name in the project")
                                : failure));
    }

    private static @Nullable String authors(@Nullable String user) {
        return user == null
                ? null
                : new JsonArray().add(new JsonObject().put("user", user)).encode();
    }

    private static String required(JsonObject body, String field) {
        Object value = body.getValue(field);
        if (value instanceof String text) {
            return text;
        }
        throw new ProblemException(400, "invalid-parameter", "the body must have a " + field + ", a text");
    }

    private <T> Future<T> blocking(Callable<T> work) {
        return Blocking.call(vertx.getOrCreateContext(), work);
    }
}
