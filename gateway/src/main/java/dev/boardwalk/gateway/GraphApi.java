package dev.boardwalk.gateway;

import dev.boardwalk.graph.Asking;
import dev.boardwalk.graph.Direction;
import dev.boardwalk.graph.Graph;
import dev.boardwalk.graph.GraphLimits;
import dev.boardwalk.graph.Question;
import dev.boardwalk.graph.Relationships;
import dev.boardwalk.store.EntityKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** The calls about relationships: who depends on whom, and setting it by hand. Everything behind them blocks. */
final class GraphApi {
    private static final String PROJECT = "/api/v1/projects/{project}";
    private static final String RELATIONSHIPS = EntityApi.ENTITY + "/relationships";
    private static final String ONE = RELATIONSHIPS + "/{type}/{target}";

    private static final int LIMIT_DEFAULT = 1_000;
    private static final int PAGE_DEFAULT = 100;
    private static final int PAGE_MAX = 1_000;

    private final Vertx vertx;
    private final LiveEntities live;
    private final Graph graph;
    private final GraphLimits limits;
    private final RequestBodies bodies;

    GraphApi(Vertx vertx, LiveEntities live, Graph graph, GraphLimits limits, RequestBodies bodies) {
        this.vertx = vertx;
        this.live = live;
        this.graph = graph;
        this.limits = limits;
        this.bodies = bodies;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(EntityApi.ENTITY + "/dependents", Right.READ, context -> reach(context, Direction.IN)),
                Endpoint.get(EntityApi.ENTITY + "/dependencies", Right.READ, context -> reach(context, Direction.OUT)),
                Endpoint.get(EntityApi.ENTITY + "/impact", Right.READ, this::impact),
                Endpoint.get(RELATIONSHIPS, Right.READ, this::list),
                Endpoint.put(ONE, Right.WRITE, this::put),
                Endpoint.delete(ONE, Right.WRITE, this::remove),
                Endpoint.get(PROJECT + "/path", Right.READ, this::path),
                Endpoint.get(PROJECT + "/cycles", Right.READ, this::cycles));
    }

    private Future<Void> reach(RoutingContext context, Direction direction) {
        EntityKey key = RequestParts.entity(context);
        String element = RequestParts.text(context, "element");
        Asking asking = asking(context, GraphParts.depth(context, 1));
        return answer(context, asking, () -> GraphJson.of(graph.questions().reach(key, element, direction, asking)));
    }

    private Future<Void> impact(RoutingContext context) {
        EntityKey key = RequestParts.entity(context);
        String element = RequestParts.text(context, "element");
        Asking asking = asking(context, GraphParts.depth(context, Question.ALL));
        return answer(context, asking, () -> GraphJson.of(graph.questions().impact(key, element, asking)));
    }

    private Future<Void> path(RoutingContext context) {
        EntityKey from = GraphParts.entity(context, "from");
        EntityKey to = GraphParts.entity(context, "to");
        String fromElement = RequestParts.text(context, "fromElement");
        String toElement = RequestParts.text(context, "toElement");
        Asking asking = asking(context, GraphParts.depth(context, Question.ALL));
        Caller.of(context).require(Right.READ, from.project(), from.name());
        Caller.of(context).require(Right.READ, to.project(), to.name());
        return answer(
                context,
                asking,
                () -> GraphJson.path(graph.questions().path(from, fromElement, to, toElement, asking)));
    }

    private Future<Void> cycles(RoutingContext context) {
        String project = RequestParts.project(context);
        Asking asking = asking(context, Question.ALL);
        return answer(
                context,
                asking,
                () -> GraphJson.of(graph.questions().cycles(Caller.of(context).organisation(), project, asking)));
    }

    private Future<Void> list(RoutingContext context) {
        EntityKey key = RequestParts.entity(context);
        String element = RequestParts.text(context, "element");
        Relationships.Filter filter = new Relationships.Filter(
                GraphParts.direction(context),
                GraphParts.types(context),
                Caller.of(context).grants().projects(),
                RequestParts.text(context, "cursor"),
                RequestParts.number(context, "limit", PAGE_DEFAULT, 1, PAGE_MAX));
        return blocking(() -> GraphJson.of(graph.relationships().page(key, element, filter)))
                .compose(json -> send(context, json));
    }

    private Future<Void> put(RoutingContext context) {
        EntityKey key = RequestParts.entity(context);
        String type = GraphParts.type(context);
        String target = GraphParts.target(context);
        Set<String> projects = Caller.of(context).grants().projects();
        return bodies.with(context.request(), body -> {
                    String properties = properties(body);
                    return blocking(() -> graph.relationships().put(key, type, target, projects, properties));
                })
                .compose(position ->
                        send(context, new JsonObject().put("position", position).toBuffer()));
    }

    private Future<Void> remove(RoutingContext context) {
        EntityKey key = RequestParts.entity(context);
        String type = GraphParts.type(context);
        String target = GraphParts.target(context);
        return blocking(() -> graph.relationships().remove(key, type, target))
                .compose(_ -> context.response().setStatusCode(204).end());
    }

    /**
     * The properties in the body as JSON text of an object; nothing is an empty one. A body that says {@code properties}
     * and nothing else is taken as lists of relationships write it, so that what was read can be put back.
     */
    private static String properties(Buffer body) {
        if (body.length() == 0) {
            return "{}";
        }
        if (body.length() > Relationships.PROPERTIES_LENGTH_MAX) {
            throw new ProblemException(
                    413,
                    "request-too-large",
                    "properties of a relationship may have " + Relationships.PROPERTIES_LENGTH_MAX + " bytes at most");
        }
        try {
            JsonObject object = new JsonObject(body);
            return object.size() == 1 && object.getValue("properties") instanceof JsonObject inner
                    ? inner.encode()
                    : object.encode();
        } catch (DecodeException | ClassCastException unreadable) {
            throw new ProblemException(400, "malformed-request", "the body is not a JSON object");
        }
    }

    private Asking asking(RoutingContext context, int depth) {
        AtomicBoolean gone = new AtomicBoolean();
        context.response().closeHandler(_ -> gone.set(true));
        return new Asking(
                GraphParts.types(context),
                Caller.of(context).grants().projects(),
                depth,
                RequestParts.number(context, "limit", Math.min(LIMIT_DEFAULT, limits.vertices()), 1, limits.vertices()),
                GraphParts.position(context, "after"),
                gone::get);
    }

    /** Who wants to see a position gets what is held back of it flushed first. */
    private Future<Void> answer(RoutingContext context, Asking asking, Callable<Buffer> question) {
        Long after = asking.after();
        Future<Void> flushed = after == null
                ? Future.succeededFuture()
                : live.flushOrganisation(Caller.of(context).organisation(), after, limits.patience());
        return flushed.compose(_ -> blocking(question)).compose(json -> send(context, json));
    }

    private <T> Future<T> blocking(Callable<T> work) {
        return Blocking.call(vertx.getOrCreateContext(), work);
    }

    private static Future<Void> send(RoutingContext context, Buffer json) {
        return context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(json);
    }
}
