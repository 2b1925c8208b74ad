package dev.boardwalk.gateway;

import dev.boardwalk.search.ProjectLanguage;
import dev.boardwalk.search.Search;
import dev.boardwalk.search.SearchAnswer;
import dev.boardwalk.search.SearchRequest;
import dev.boardwalk.store.EntityUlid;
import dev.boardwalk.store.OrganisationId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The call that finds entities and elements, in all projects that the caller may see; and the language that the texts of a
 * project are of.
 */
final class SearchApi {
    static final String SEARCH = "/api/v1/search";

    private static final String SETTING = "/api/v1/projects/{project}/search";

    /** How long a caller waits for what they have just written. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String PROJECT_DEFAULT = "default";

    private final Vertx vertx;
    private final Search search;
    private final LiveEntities live;
    private final int questionsMax;
    private final RequestBodies bodies;
    private final AtomicInteger questions;
    private final Counter refused;

    /** @param questionsMax questions answered at one time; above, 503 */
    SearchApi(
            Vertx vertx,
            Search search,
            LiveEntities live,
            int questionsMax,
            RequestBodies bodies,
            MeterRegistry meters) {
        this.vertx = vertx;
        this.search = search;
        this.live = live;
        this.questionsMax = questionsMax;
        this.bodies = bodies;
        this.questions = meters.gauge("boardwalk_search_questions", new AtomicInteger());
        this.refused = Counter.builder("boardwalk_search_questions_refused").register(meters);
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(SEARCH, Right.READ, this::find),
                Endpoint.get(SETTING, Right.READ, this::language),
                Endpoint.put(SETTING, Right.MANAGE, this::setLanguage));
    }

    private Future<Void> find(RoutingContext context) {
        SearchRequest request = request(context);
        Long after = after(context);
        if (questions.incrementAndGet() > questionsMax) {
            questions.decrementAndGet();
            refused.increment();
            throw new ProblemException(503, "overloaded", "too many searches at one time; try again in a moment");
        }
        Future<SearchAnswer> answer = after == null ? answer(request) : upTo(request.organisation(), after, request);
        return answer.onComplete(_ -> questions.decrementAndGet())
                .compose(found -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                        .end(json(found).toBuffer()));
    }

    private Future<SearchAnswer> answer(SearchRequest request) {
        return Blocking.call(vertx.getOrCreateContext(), () -> search.find(request));
    }

    /** What gateways hold is flushed first: nothing else would bring it in before the next flush. */
    private Future<SearchAnswer> upTo(OrganisationId organisation, long position, SearchRequest request) {
        return live.flushOrganisation(organisation, position, PATIENCE)
                .compose(_ -> Blocking.call(vertx.getOrCreateContext(), () -> {
                    search.awaitIndexed(organisation, position, PATIENCE);
                    return search.find(request);
                }));
    }

    private Future<Void> language(RoutingContext context) {
        OrganisationId organisation = Caller.of(context).organisation();
        String project = RequestParts.project(context);
        return Blocking.call(vertx.getOrCreateContext(), () -> search.language(organisation, project))
                .compose(setting -> answer(context, setting));
    }

    private Future<Void> setLanguage(RoutingContext context) {
        OrganisationId organisation = Caller.of(context).organisation();
        String project = RequestParts.project(context);
        return bodies.with(context.request(), bytes -> {
                    String language = language(bytes);
                    return Blocking.call(
                            vertx.getOrCreateContext(), () -> search.setLanguage(organisation, project, language));
                })
                .compose(setting -> answer(context, setting));
    }

    private static String language(Buffer body) {
        try {
            if (body.toJsonObject().getValue("language") instanceof String text
                    && ProjectLanguage.choices().contains(text)) {
                return text;
            }
        } catch (DecodeException | ClassCastException unreadable) {
            throw new ProblemException(400, "invalid-body", "the body is not a JSON object");
        }
        throw new ProblemException(
                400, "invalid-body", "language must be one of " + String.join(", ", ProjectLanguage.choices()));
    }

    private static Future<Void> answer(RoutingContext context, ProjectLanguage setting) {
        return context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(new JsonObject()
                        .put("language", setting.language())
                        .put("underway", setting.underway())
                        .toBuffer());
    }

    private static SearchRequest request(RoutingContext context) {
        Caller caller = Caller.of(context);
        String project = RequestParts.text(context, "project");
        if (project != null) {
            caller.require(Right.READ, project, null);
        }
        String query = RequestParts.text(context, "q");
        return new SearchRequest(
                caller.organisation(),
                query == null ? "" : query,
                project,
                caller.grants().projects(),
                RequestParts.text(context, "type"),
                near(context, caller, project),
                RequestParts.text(context, "cursor"),
                RequestParts.number(context, "limit", SearchRequest.LIMIT_DEFAULT, 1, SearchRequest.LIMIT_MAX));
    }

    /** {@code name} in the project that is searched, or {@code project/name}. */
    private static SearchRequest.@Nullable Near near(RoutingContext context, Caller caller, @Nullable String project) {
        String near = RequestParts.text(context, "near");
        if (near == null) {
            return null;
        }
        int slash = near.indexOf('/');
        SearchRequest.Near entity = project != null
                ? new SearchRequest.Near(project, near)
                : slash < 0
                        ? new SearchRequest.Near(PROJECT_DEFAULT, near)
                        : new SearchRequest.Near(near.substring(0, slash), near.substring(slash + 1));
        caller.require(Right.READ, entity.project(), entity.name());
        return entity;
    }

    private static @Nullable Long after(RoutingContext context) {
        String after = RequestParts.text(context, "after");
        if (after == null) {
            return null;
        }
        if (!after.matches("\\d{1,18}")) {
            throw new ProblemException(400, "invalid-parameter", "the parameter after must be a position");
        }
        return Long.valueOf(after);
    }

    private static JsonObject json(SearchAnswer answer) {
        JsonArray hits = new JsonArray();
        answer.hits().forEach(hit -> hits.add(json(hit, answer)));
        JsonObject facets = new JsonObject();
        answer.facets().forEach((name, counts) -> {
            JsonObject values = new JsonObject();
            counts.forEach(values::put);
            facets.put(name, values);
        });
        JsonArray leftOut = new JsonArray();
        answer.leftOut().forEach((part, reason) -> leftOut.add(part + ": " + reason));
        return new JsonObject()
                .put("hits", hits)
                .put("facets", facets)
                .put("asOf", answer.asOf())
                .put("leftOut", leftOut)
                .put("nextCursor", answer.nextCursor());
    }

    private static JsonObject json(SearchAnswer.Hit hit, SearchAnswer answer) {
        JsonArray why = new JsonArray();
        hit.why()
                .forEach(reason -> why.add(new JsonObject()
                        .put("by", reason.list())
                        .put("place", reason.place())
                        .put("share", reason.share())
                        .put("detail", reason.detail())));
        answer.leftOut()
                .forEach((part, reason) ->
                        why.add(new JsonObject().put("leftOut", part).put("reason", reason)));
        JsonObject json = new JsonObject()
                .put("id", EntityUlid.text(hit.ulid()))
                .put("name", hit.name())
                .put("project", hit.project())
                .put("type", hit.type());
        if (!hit.element().isEmpty()) {
            json.put("element", hit.element());
        }
        return json.put("title", hit.title())
                .put("snippet", hit.snippet())
                .put("score", hit.score())
                .put("why", why);
    }
}
