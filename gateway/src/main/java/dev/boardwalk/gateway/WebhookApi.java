package dev.boardwalk.gateway;

import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.WebhookEvent;
import dev.boardwalk.store.Webhooks;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls about webhooks that were given up: see them, have them delivered again. */
final class WebhookApi {
    private static final String DEAD = "/api/v1/webhooks/dead";
    private static final int PAGE_DEFAULT = 100;
    private static final int PAGE_MAX = 1_000;

    private final Webhooks webhooks;

    WebhookApi(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(DEAD, Right.MANAGE, this::dead),
                Endpoint.post(DEAD + "/{id}/redeliver", Right.MANAGE, this::redeliver));
    }

    private Future<Void> dead(RoutingContext context) {
        OrganisationId organisation = manager(context);
        int limit = RequestParts.number(context, "limit", PAGE_DEFAULT, 1, PAGE_MAX);
        long after = id(RequestParts.text(context, "cursor"), "cursor");
        return webhooks.dead(organisation, after, limit + 1).compose(found -> {
            boolean more = found.size() > limit;
            List<WebhookEvent> page = more ? found.subList(0, limit) : found;
            JsonArray events = new JsonArray();
            page.forEach(event -> events.add(WebhookDelivery.body(event)
                    .put("attempts", event.attempts())
                    .put("lastError", event.lastError())));
            JsonObject body = new JsonObject()
                    .put("events", events)
                    .put("cursor", more ? Long.toString(page.getLast().id()) : null);
            return context.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .end(body.toBuffer());
        });
    }

    private Future<Void> redeliver(RoutingContext context) {
        OrganisationId organisation = manager(context);
        long id = id(context.pathParam("id"), "id");
        return webhooks.redeliver(organisation, id).compose(found -> {
            if (!found) {
                throw new ProblemException(404, "not-found", "there is no dead webhook of this id");
            }
            return context.response().setStatusCode(204).end();
        });
    }

    /** Events tell of all projects, so only who manages the organisation may see them. */
    private static OrganisationId manager(RoutingContext context) {
        Caller caller = Caller.of(context);
        caller.requireOrganisation();
        return caller.organisation();
    }

    private static long id(@Nullable String text, String name) {
        if (text == null) {
            return 0;
        }
        if (!text.matches("\\d{1,18}")) {
            throw new ProblemException(400, "invalid-parameter", "the parameter " + name + " must be an id");
        }
        return Long.parseLong(text);
    }
}
