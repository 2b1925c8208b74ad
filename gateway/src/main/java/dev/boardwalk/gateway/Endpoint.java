package dev.boardwalk.gateway;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;

/**
 * One call of the HTTP API.
 *
 * @param path as in {@code openapi.yaml}, with {@code {project}} and the like for what varies
 * @param answer sends the answer; runs on an event loop, and a failed future becomes a {@link Problem}
 */
record Endpoint(HttpMethod method, String path, Function<RoutingContext, Future<Void>> answer) {

    static Endpoint get(String path, Function<RoutingContext, Future<Void>> answer) {
        return new Endpoint(HttpMethod.GET, path, answer);
    }

    static Endpoint post(String path, Function<RoutingContext, Future<Void>> answer) {
        return new Endpoint(HttpMethod.POST, path, answer);
    }

    static Endpoint delete(String path, Function<RoutingContext, Future<Void>> answer) {
        return new Endpoint(HttpMethod.DELETE, path, answer);
    }

    /** The path in the notation of Vert.x Web. */
    String route() {
        return path.replace('{', ':').replace("}", "");
    }
}
