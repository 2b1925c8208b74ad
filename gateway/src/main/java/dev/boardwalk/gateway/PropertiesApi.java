package dev.boardwalk.gateway;

import dev.boardwalk.store.IdempotencyKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** The call that edits an entity by its JSON. */
final class PropertiesApi {
    private final PropertyEdits edits;
    private final RequestBodies bodies;
    private final long copiedMax;

    /** @param copiedMax how many values and characters one patch may copy */
    PropertiesApi(Vertx vertx, LiveEntities live, IdempotencyKeys keys, RequestBodies bodies, long copiedMax) {
        this.edits = new PropertyEdits(vertx, live, keys);
        this.bodies = bodies;
        this.copiedMax = copiedMax;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.patch(EntityApi.ENTITY + "/properties", Right.WRITE, this::patch));
    }

    private Future<Void> patch(RoutingContext context) {
        PropertyEdit.Head head = PropertyEdit.Head.of(context);
        return bodies.with(
                        context.request(), body -> EntityApi.inTime(edits.edit(PropertyEdit.of(head, body, copiedMax))))
                .compose(answer -> {
                    if (answer.again()) {
                        context.response().putHeader("Idempotency-Replayed", "true");
                    }
                    return context.response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                            .putHeader(HttpHeaders.ETAG, '"' + answer.body().getString("etag") + '"')
                            .end(answer.body().toBuffer());
                });
    }
}
