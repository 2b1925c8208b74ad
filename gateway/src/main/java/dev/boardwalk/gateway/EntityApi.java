package dev.boardwalk.gateway;

import dev.boardwalk.store.Catalog;
import dev.boardwalk.store.EntityDescription;
import dev.boardwalk.store.EntityFilter;
import dev.boardwalk.store.EntityKey;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The calls about entities: read, list, write and delete them. */
final class EntityApi {
    static final String ENTITIES = "/api/v1/projects/{project}/entities";
    static final String ENTITY = ENTITIES + "/{name}";

    /** The position of the entity's last change, as in the body. */
    private static final String POSITION_HEADER = "Boardwalk-Position";

    private static final int PAGE_DEFAULT = 100;

    /** How long a caller is kept waiting for a database that is away: below the usual patience of HTTP clients. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LiveEntities live;
    private final Catalog catalog;
    private final RequestBodies bodies;

    EntityApi(LiveEntities live, Catalog catalog, RequestBodies bodies) {
        this.live = live;
        this.catalog = catalog;
        this.bodies = bodies;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(ENTITIES, Right.READ, this::list),
                Endpoint.get(ENTITY, Right.READ, this::describe),
                Endpoint.delete(ENTITY, Right.WRITE, this::delete),
                Endpoint.get(ENTITY + "/access", Right.READ, this::access),
                Endpoint.get(ENTITY + "/update", Right.READ, this::state),
                Endpoint.post(ENTITY + "/update", Right.WRITE, this::apply));
    }

    private Future<Void> list(RoutingContext context) {
        EntityFilter filter = new EntityFilter(
                Caller.of(context).organisation(),
                RequestParts.project(context),
                RequestParts.text(context, "type"),
                RequestParts.text(context, "cursor"),
                RequestParts.number(context, "limit", PAGE_DEFAULT, 1, EntityFilter.LIMIT_MAX));
        return catalog.page(filter).compose(page -> json(context, EntityJson.page(page)));
    }

    private Future<Void> describe(RoutingContext context) {
        EntityKey key = RequestParts.entity(context);
        Future<@Nullable Void> upToDate = RequestParts.flag(context, "fresh")
                ? inTime(live.flush(key), "flush-timeout", "the entity could not be flushed in time")
                : Future.succeededFuture();
        return upToDate.compose(_ -> catalog.describe(key)).compose(description -> {
            // For those who only want to wait for it: a HEAD gets this and no body.
            context.response().putHeader(POSITION_HEADER, Long.toString(description.position()));
            return Conditions.answer(
                    context, tag(description), "application/json", EntityJson.description(description));
        });
    }

    /** Null for a row of an entity that no flush has described. */
    private static @Nullable String tag(EntityDescription description) {
        byte[] tag = description.contentTag();
        if (description.quarantineReason() != null) {
            return null;
        }
        if (tag == null) {
            return description.stateVector().length > 1 ? null : EntityTag.EMPTY.text();
        }
        return EntityTag.of(tag).text();
    }

    /** What the caller may do here, so that a page need not offer what would be refused. */
    private Future<Void> access(RoutingContext context) {
        EntityKey key = RequestParts.entity(context);
        Caller caller = Caller.of(context);
        JsonObject answer = new JsonObject().put("user", caller.user());
        for (Right right : List.of(Right.READ, Right.COMMENT, Right.WRITE, Right.MANAGE)) {
            answer.put(right.name().toLowerCase(Locale.ROOT), caller.grants().allow(right, key.project(), key.name()));
        }
        return json(context, answer.toBuffer());
    }

    private Future<Void> state(RoutingContext context) {
        return live.state(RequestParts.entity(context))
                .compose(state -> live.withReplica(() -> new Tagged(state)))
                .compose(tagged -> Conditions.answer(
                        context, tagged.tag, "application/octet-stream", Buffer.buffer(tagged.bytes)));
    }

    /** Bytes with their own hash: the same content may be written down in more than one way. */
    private record Tagged(byte[] bytes, String tag) {
        Tagged(byte[] bytes) {
            this(bytes, HexFormat.of().formatHex(EntityTag.sha256().digest(bytes)));
        }
    }

    private Future<Void> apply(RoutingContext context) {
        EntityKey key = RequestParts.entity(context);
        return bodies.with(
                        context.request(),
                        body -> inTime(
                                live.applyUpdate(
                                        key, body.getBytes(), Caller.of(context).user()),
                                "commit-timeout",
                                "the update is not saved yet and may or may not be later; sending it again does no harm"))
                .compose(position ->
                        json(context, new JsonObject().put("position", position).toBuffer()));
    }

    private Future<Void> delete(RoutingContext context) {
        EntityKey key = RequestParts.entity(context);
        return catalog.delete(key)
                .compose(_ -> live.deleted(key))
                .compose(_ -> context.response().setStatusCode(204).end());
    }

    /** The work, unless it takes longer than callers wait. */
    static <T> Future<T> inTime(Future<T> work) {
        return inTime(work, "timeout", "this takes too long; the database may be away");
    }

    private static <T> Future<T> inTime(Future<T> work, String code, String detail) {
        return work.timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(
                        failure instanceof TimeoutException ? new ProblemException(503, code, detail) : failure));
    }

    private static Future<Void> json(RoutingContext context, Buffer body) {
        return context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body);
    }
}
