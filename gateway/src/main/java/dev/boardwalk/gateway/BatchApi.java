package dev.boardwalk.gateway;

import dev.boardwalk.store.Catalog;
import dev.boardwalk.store.EntityDescription;
import dev.boardwalk.store.EntityKey;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The call that reads many entities of one project at once. */
final class BatchApi {
    /** Read and written before the next ones are, so that the answer never is in memory as a whole. */
    private static final int AT_ONCE = 10;

    private final LiveEntities live;
    private final Catalog catalog;
    private final RequestBodies bodies;
    private final int namesMax;

    BatchApi(LiveEntities live, Catalog catalog, RequestBodies bodies, int namesMax) {
        this.live = live;
        this.catalog = catalog;
        this.bodies = bodies;
        this.namesMax = namesMax;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.post(EntityApi.ENTITIES + "/batch", Right.READ, this::read));
    }

    private Future<Void> read(RoutingContext context) {
        Caller caller = Caller.of(context);
        String project = RequestParts.project(context);
        boolean fresh = RequestParts.flag(context, "fresh");
        return bodies.with(context.request(), body -> {
            Batch batch = new Batch(context, caller, project, fresh, names(body));
            return batch.parts(0, Future.succeededFuture());
        });
    }

    private List<String> names(Buffer body) {
        Set<String> names = new LinkedHashSet<>();
        try {
            for (Object name : new JsonObject(body).getJsonArray("names", new JsonArray())) {
                if (!(name instanceof String text)) {
                    throw invalid();
                }
                names.add(text);
            }
        } catch (DecodeException | ClassCastException _) {
            throw invalid();
        }
        if (names.isEmpty() || names.size() > namesMax) {
            throw invalid();
        }
        return List.copyOf(names);
    }

    private ProblemException invalid() {
        return new ProblemException(
                400,
                "invalid-parameter",
                "the body must have names, 1 to BOARDWALK_MAX_BATCH=" + namesMax + " texts in an array");
    }

    /** One answer, part by part. */
    private final class Batch {
        private final RoutingContext context;
        private final Caller caller;
        private final String project;
        private final boolean fresh;
        private final List<String> names;
        private final JsonArray missing = new JsonArray();
        private String separator = "{\"items\":[";

        Batch(RoutingContext context, Caller caller, String project, boolean fresh, List<String> names) {
            this.context = context;
            this.caller = caller;
            this.project = project;
            this.fresh = fresh;
            this.names = names;
        }

        Future<Void> parts(int from, Future<Void> before) {
            if (from >= names.size()) {
                return before.compose(_ -> end());
            }
            List<String> some = names.subList(from, Math.min(names.size(), from + AT_ONCE));
            return parts(from + AT_ONCE, before.compose(_ -> part(some)));
        }

        private Future<Void> part(List<String> some) {
            Future<Void> flushed = Future.succeededFuture();
            for (String name : fresh ? some : List.<String>of()) {
                flushed = flushed.compose(_ -> EntityApi.inTime(live.flush(key(name))));
            }
            return flushed.compose(_ -> catalog.describe(caller.organisation(), project, some))
                    .compose(found -> write(some, found));
        }

        private Future<Void> write(List<String> some, Map<String, EntityDescription> found) {
            Buffer out = Buffer.buffer();
            for (String name : some) {
                EntityDescription entity = found.get(name);
                if (entity == null) {
                    missing.add(name);
                } else {
                    out.appendString(separator).appendBuffer(EntityJson.description(entity));
                    separator = ",";
                }
            }
            return out.length() == 0 ? Future.succeededFuture() : response().write(out);
        }

        private Future<Void> end() {
            String head = separator.equals(",") ? "" : separator;
            return response().end(head + "],\"missing\":" + missing.encode() + "}");
        }

        private HttpServerResponse response() {
            HttpServerResponse response = context.response();
            return response.headWritten()
                    ? response
                    : response.setChunked(true)
                            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        }

        private EntityKey key(String name) {
            return new EntityKey(caller.organisation(), project, name);
        }
    }
}
