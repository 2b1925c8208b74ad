package dev.boardwalk.gateway;

import dev.boardwalk.store.ChangeEntry;
import dev.boardwalk.store.ChangeLog;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.HistorySubject;
import dev.boardwalk.store.Versions;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The calls about what entities were: versions, any time, differences, who changed what, and the ways back. */
final class HistoryApi {
    private static final String OCTETS = "application/octet-stream";
    private static final int PAGE_DEFAULT = 50;
    private static final int PAGE_MAX = 500;

    private final Vertx vertx;
    private final LiveEntities live;
    private final PastReader reader;
    private final HistoryEdits edits;
    private final Versions versions;
    private final ChangeLog changeLog;
    private final RequestBodies bodies;

    HistoryApi(Vertx vertx, LiveEntities live, Database database, RequestBodies bodies, MeterRegistry meters) {
        this.vertx = vertx;
        this.live = live;
        this.reader = new PastReader(database, meters);
        this.edits = new HistoryEdits(vertx, live, reader, database);
        this.versions = database.versions();
        this.changeLog = database.changeLog();
        this.bodies = bodies;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(EntityApi.ENTITY + "/versions", Right.READ, this::versions),
                Endpoint.post(
                        EntityApi.ENTITY + "/versions", Right.WRITE, context -> change(context, 201, edits::name)),
                Endpoint.get(EntityApi.ENTITY + "/at", Right.READ, this::at),
                Endpoint.get(EntityApi.ENTITY + "/diff", Right.READ, this::diff),
                Endpoint.get(EntityApi.ENTITY + "/changes", Right.READ, this::changes),
                Endpoint.post(
                        EntityApi.ENTITY + "/restore", Right.WRITE, context -> change(context, 200, edits::restore)),
                Endpoint.post(EntityApi.ENTITY + "/fork", Right.READ, context -> change(context, 201, edits::fork)));
    }

    private Future<Void> versions(RoutingContext context) {
        EntityKey key = RequestParts.entity(context);
        boolean named = RequestParts.flag(context, "named");
        int limit = RequestParts.number(context, "limit", PAGE_DEFAULT, 1, PAGE_MAX);
        Long before = number(RequestParts.text(context, "cursor"));
        return blocking(() ->
                        HistoryJson.versions(versions.page(reader.find(key).id(), before, named, limit + 1), limit))
                .compose(page -> json(context, 200, page.toBuffer()));
    }

    private Future<Void> at(RoutingContext context) {
        EntityKey key = RequestParts.entity(context);
        Point point = Point.of(RequestParts.text(context, "time"), RequestParts.text(context, "version"));
        boolean octets = OCTETS.equals(context.request().getHeader(HttpHeaders.ACCEPT));
        return octets
                ? blocking(() -> reader.contentAt(reader.find(key), point))
                        .compose(content -> answer(context, 200, OCTETS, Buffer.buffer(content.state())))
                : blocking(() -> EntityJson.description(
                                reader.at(reader.find(key), point).description()))
                        .compose(entity -> json(context, 200, entity));
    }

    private Future<Void> diff(RoutingContext context) {
        EntityKey key = RequestParts.entity(context);
        String from = RequestParts.text(context, "from");
        String to = RequestParts.text(context, "to");
        if (from == null) {
            throw new ProblemException(400, "invalid-parameter", "the parameter from must be a time or a version");
        }
        Future<Void> upToDate = to == null ? EntityApi.inTime(live.flush(key)) : Future.succeededFuture();
        return upToDate.compose(_ -> blocking(() -> {
                    HistorySubject subject = reader.find(key);
                    JsonObject before =
                            new JsonObject(reader.at(subject, Point.of(from)).json());
                    Point end = to == null ? new Point.AtTime(subject.now()) : Point.of(to);
                    return JsonPatch.between(
                            before, new JsonObject(reader.at(subject, end).json()));
                }))
                .compose(patch -> answer(context, 200, "application/json-patch+json", patch.toBuffer()));
    }

    private Future<Void> changes(RoutingContext context) {
        EntityKey key = RequestParts.entity(context);
        int limit = RequestParts.number(context, "limit", PAGE_DEFAULT, 1, PAGE_MAX);
        HistoryJson.Place place = HistoryJson.Place.of(RequestParts.text(context, "cursor"));
        Future<Void> upToDate =
                RequestParts.flag(context, "fresh") ? EntityApi.inTime(live.flush(key)) : Future.succeededFuture();
        boolean touched = RequestParts.flag(context, "touched");
        return upToDate.compose(_ -> blocking(() -> {
                    HistorySubject subject = reader.find(key);
                    List<ChangeEntry> found = changeLog.page(subject.id(), place.before(), place.number(), limit + 1);
                    List<ChangeEntry> shown = found.subList(0, Math.min(limit, found.size()));
                    return HistoryJson.changes(found, limit, touched ? reader.touched(subject, shown) : Map.of());
                }))
                .compose(page -> json(context, 200, page.toBuffer()));
    }

    /** A call with a JSON object as its body. */
    private Future<Void> change(
            RoutingContext context, int status, BiFunction<HistoryEdits.Asker, JsonObject, Future<JsonObject>> work) {
        HistoryEdits.Asker asker = new HistoryEdits.Asker(RequestParts.entity(context), Caller.of(context));
        return bodies.with(context.request(), body -> EntityApi.inTime(work.apply(asker, object(body))))
                .compose(made -> json(context, status, made.toBuffer()));
    }

    private static JsonObject object(Buffer body) {
        try {
            return new JsonObject(body);
        } catch (DecodeException | ClassCastException _) {
            throw new ProblemException(400, "malformed-request", "the body must be a JSON object");
        }
    }

    private static @Nullable Long number(@Nullable String cursor) {
        if (cursor != null && !cursor.matches("\\d{1,18}")) {
            throw new ProblemException(400, "invalid-cursor", "the cursor was not made by a list of versions");
        }
        return cursor == null ? null : Long.valueOf(cursor);
    }

    private <T> Future<T> blocking(Callable<T> work) {
        return Blocking.call(vertx.getOrCreateContext(), work);
    }

    private static Future<Void> json(RoutingContext context, int status, Buffer body) {
        return answer(context, status, "application/json", body);
    }

    private static Future<Void> answer(RoutingContext context, int status, String type, Buffer body) {
        return context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body);
    }
}
