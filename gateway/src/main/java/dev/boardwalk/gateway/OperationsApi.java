package dev.boardwalk.gateway;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The calls of those who operate a gateway, and the description of all calls. */
final class OperationsApi {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final Vertx vertx;
    private final Readiness readiness;
    private final PrometheusMeterRegistry meters;

    OperationsApi(Vertx vertx, Readiness readiness, PrometheusMeterRegistry meters) {
        this.vertx = vertx;
        this.readiness = readiness;
        this.meters = meters;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/healthz", Right.OPEN, this::alive),
                Endpoint.get("/readyz", Right.OPEN, this::ready),
                Endpoint.get("/metrics", Right.OPEN, this::metrics),
                Endpoint.get("/openapi.yaml", Right.OPEN, this::description));
    }

    /** An answer at all is the answer: it comes from an event loop, and nothing else is asked. */
    private Future<Void> alive(RoutingContext context) {
        return text(
                context,
                "application/json",
                new JsonObject().put("status", "alive").encode());
    }

    private Future<Void> ready(RoutingContext context) {
        return readiness
                .check()
                .compose(checks -> text(
                        context,
                        "application/json",
                        new JsonObject()
                                .put("status", "ready")
                                .put("checks", checks)
                                .encode()));
    }

    private Future<Void> metrics(RoutingContext context) {
        return Blocking.call(vertx.getOrCreateContext(), () -> meters.scrape())
                .compose(scrape -> text(context, PROMETHEUS_TEXT, scrape));
    }

    private Future<Void> description(RoutingContext context) {
        return Blocking.call(vertx.getOrCreateContext(), OperationsApi::openApi)
                .compose(text -> text(context, "application/yaml", text));
    }

    static String openApi() {
        try (InputStream in = OperationsApi.class.getResourceAsStream("/openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("openapi.yaml is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read openapi.yaml", failure);
        }
    }

    private static Future<Void> text(RoutingContext context, String mediaType, String text) {
        return context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(text);
    }
}
