package dev.boardwalk.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The way of a request that is not for a socket: guard, endpoint or page, and one form for everything that fails.
 *
 * <p>No answer allows other origins to read it (CORS): pages of other sites have no business here, and programs do not
 * ask.
 */
final class HttpApi {
    /** Put into a context by an endpoint that has paused its request and goes on with it by itself. */
    static final String READS_LATER = "boardwalk.reads-later";

    private final Vertx vertx;
    private final MeterRegistry meters;
    private final Function<HttpServerRequest, Future<Caller>> callers;

    private final RequestGuard guard;

    private HttpApi(
            Vertx vertx,
            MeterRegistry meters,
            Function<HttpServerRequest, Future<Caller>> callers,
            RequestGuard guard) {
        this.vertx = vertx;
        this.meters = meters;
        this.callers = callers;
        this.guard = guard;
    }

    /**
     * The way of all requests.
     *
     * @param callers who sends a request; asked for every endpoint that needs a right, a failure is answered as such
     * @param guard which pages may call
     */
    static Router router(
            Vertx vertx,
            MeterRegistry meters,
            Function<HttpServerRequest, Future<Caller>> callers,
            RequestGuard guard,
            List<Endpoint> endpoints) {
        return new HttpApi(vertx, meters, callers, guard).router(endpoints);
    }

    private Router router(List<Endpoint> endpoints) {
        Router router = Router.router(vertx);
        router.route().handler(this::guard);
        for (Endpoint endpoint : endpoints) {
            Route route = router.route(endpoint.method(), endpoint.route());
            if (endpoint.method().equals(HttpMethod.GET)) {
                route.method(HttpMethod.HEAD);
            }
            route.handler(context -> answer(context, endpoint.path(), _ -> admitted(context, endpoint)));
        }
        allowedMethods(endpoints)
                .forEach((route, allowed) ->
                        router.route(route).handler(context -> answerOtherMethod(context, allowed)));
        Whiteboard whiteboard = new Whiteboard(vertx);
        for (String page : List.of("/", "/board/*")) {
            page(router, page, whiteboard::page);
        }
        page(router, "/*", whiteboard::file);
        router.route().handler(context -> Problems.answer(context.response(), Problems.ofStatus(404)));
        // What Vert.x Web itself refuses, such as half a percent-escape.
        Stream.of(400, 404, 405, 413, 414, 500)
                .forEach(status -> router.errorHandler(status, context -> failed(context, status)));
        return router;
    }

    private void page(Router router, String path, Function<RoutingContext, Future<Void>> answer) {
        router.route(HttpMethod.GET, path).method(HttpMethod.HEAD).handler(context -> answer(context, "page", answer));
    }

    private void guard(RoutingContext context) {
        context.response()
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
        Problem refusal = guard.refusal(context.request());
        if (refusal != null) {
            Problems.answer(context.response(), refusal);
            return;
        }
        String origin = guard.crossOrigin(context.request());
        if (origin == null || !CrossOrigin.answered(context, origin)) {
            context.next();
        }
    }

    private Future<Void> admitted(RoutingContext context, Endpoint endpoint) {
        if (endpoint.right() == Right.OPEN) {
            return endpoint.answer().apply(context);
        }
        HttpServerRequest request = context.request();
        Future<Caller> caller = callers.apply(request);
        if (caller.succeeded()) {
            return admitted(context, endpoint, caller.result());
        }
        // The body must not pass by while nobody listens.
        request.pause();
        return caller.compose(known -> {
                    Future<Void> answer = admitted(context, endpoint, known);
                    if (context.get(READS_LATER) == null) {
                        request.resume();
                    }
                    return answer;
                })
                .onFailure(_ -> request.resume());
    }

    private static Future<Void> admitted(RoutingContext context, Endpoint endpoint, Caller caller) {
        caller.attach(context);
        RequestParts.require(context, endpoint.path(), endpoint.right());
        return endpoint.answer().apply(context);
    }

    private void answer(RoutingContext context, String path, Function<RoutingContext, Future<Void>> endpoint) {
        Timer.Sample sample = Timer.start(meters);
        Future<Void> answer;
        try {
            answer = endpoint.apply(context);
        } catch (RuntimeException failure) {
            answer = Future.failedFuture(failure);
        }
        answer.onFailure(failure -> Problems.answer(context, failure))
                .onComplete(_ -> sample.stop(Timer.builder("boardwalk_http_seconds")
                        .description("Answering one request, by its path's template")
                        .tag("method", context.request().method().name())
                        .tag("path", path)
                        .tag("status", Integer.toString(context.response().getStatusCode()))
                        .register(meters)));
    }

    private static Map<String, String> allowedMethods(List<Endpoint> endpoints) {
        Map<String, TreeSet<String>> byRoute = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            TreeSet<String> methods = byRoute.computeIfAbsent(endpoint.route(), _ -> new TreeSet<>(List.of("OPTIONS")));
            methods.add(endpoint.method().name());
            if (endpoint.method().equals(HttpMethod.GET)) {
                methods.add("HEAD");
            }
        }
        Map<String, String> allowed = new LinkedHashMap<>();
        byRoute.forEach((route, methods) -> allowed.put(route, String.join(", ", methods)));
        return allowed;
    }

    private static void answerOtherMethod(RoutingContext context, String allowed) {
        context.response().putHeader(HttpHeaders.ALLOW, allowed);
        if (context.request().method().equals(HttpMethod.OPTIONS)) {
            context.response().setStatusCode(204).end().onFailure(gone -> context.fail(gone));
        } else {
            Problems.answer(
                    context.response(),
                    new Problem(
                            405,
                            "method-not-allowed",
                            context.request().method() + " is not possible here, only " + allowed));
        }
    }

    private static void failed(RoutingContext context, int status) {
        Throwable failure = context.failure();
        if (failure == null || status != 500) {
            Problems.answer(context.response(), Problems.ofStatus(status));
        } else {
            Problems.answer(context, failure);
        }
    }
}
