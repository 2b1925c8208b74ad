package dev.boardwalk.gateway;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;

/**
 * One call of the HTTP API.
 *
 * @param path as in {@code openapi.yaml}, with {@code {project}} and the like for what varies
 * @param right what the caller must be allowed to do with the project and the entity that the path names; a path that
 *     names none leaves it to the answer to keep to {@link Caller#grants()}
 * @param answer sends the answer; runs on an event loop, and a failed future becomes a {@link Problem}
 */
record Endpoint(HttpMethod method, String path, Right right, Function<RoutingContext, Future<Void>> answer) {

    static Endpoint get(String path, Right right, Function<RoutingContext, Future<Void>> answer) {
        return new Endpoint(HttpMethod.GET, path, right, answer);
    }

    static Endpoint post(String path, Right right, Function<RoutingContext, Future<Void>> answer) {
        return new Endpoint(HttpMethod.POST, path, right, answer);
    }

    static Endpoint delete(String path, Right right, Function<RoutingContext, Future<Void>> answer) {
        return new Endpoint(HttpMethod.DELETE, path, right, answer);
    }

    static Endpoint put(String path, Right right, Function<RoutingContext, Future<Void>> answer) {
        return new Endpoint(HttpMethod.PUT, path, right, answer);
    }

    static Endpoint patch(String path, Right right, Function<RoutingContext, Future<Void>> answer) {
        return new Endpoint(HttpMethod.PATCH, path, right, answer);
    }

    /** The path in the notation of Vert.x Web. */
    String route() {
        return path.replace('{', ':').replace("}", "");
    }
}
