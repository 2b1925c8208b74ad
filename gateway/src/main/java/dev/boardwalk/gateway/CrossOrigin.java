package dev.boardwalk.gateway;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What lets pages of other origins read answers [1]: those of the settings, nobody else. [1] The Fetch standard, CORS. */
final class CrossOrigin {
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private static final String REQUEST_HEADERS =
            "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Prefer, Range, Accept";
    private static final String RESPONSE_HEADERS =
            "ETag, Location, Retry-After, Accept-Patch, Content-Disposition, Boardwalk-Position, Idempotency-Replayed";

    /** How long browsers need not ask again, in seconds. */
    private static final String KNOWN_FOR = "600";

    private CrossOrigin() {}

    /** The settings' origins; fails with {@link IllegalArgumentException}. */
    static Set<String> origins(String text) {
        Set<String> origins = new LinkedHashSet<>();
        for (String origin : List.of(text.split(",", -1))) {
            String one = origin.strip();
            if (!one.matches("https?://([a-z0-9.-]+|\\[[0-9a-f:]+])(:\\d{1,5})?")) {
                throw new IllegalArgumentException(
                        "must be origins as browsers write them, such as https://app.example, not " + one);
            }
            origins.add(one);
        }
        return Set.copyOf(origins);
    }

    /** Writes the headers; answers true if the request was a browser's question beforehand, which is answered then. */
    static boolean answered(RoutingContext context, String origin) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response()
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                .putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        boolean preflight = request.method().equals(HttpMethod.OPTIONS)
                && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
        if (!preflight) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, RESPONSE_HEADERS);
            return false;
        }
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS)
                .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, KNOWN_FOR)
                .setStatusCode(204)
                .end()
                .onFailure(context::fail);
        return true;
    }
}
