package dev.boardwalk.gateway;

import dev.boardwalk.store.ProjectAccount;
import dev.boardwalk.store.ProjectStore;
import dev.boardwalk.store.ProjectStore.Change;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The calls about projects, for owners of the organisation. Their paths name the project as {@code {name}}: whoever may
 * decide about a project that lets nobody in is not let into it either.
 */
final class ProjectApi {
    private static final String PROJECTS = "/api/v1/projects";
    private static final String PROJECT = PROJECTS + "/{name}";
    private static final int PAGE_DEFAULT = 100;
    private static final int PAGE_MAX = 1_000;
    private static final int NAME_BYTES_MAX = 255;

    private final ProjectStore store;
    private final RequestBodies bodies;

    ProjectApi(ProjectStore store, RequestBodies bodies) {
        this.store = store;
        this.bodies = bodies;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(PROJECTS, Right.MANAGE, this::list),
                Endpoint.post(PROJECTS, Right.MANAGE, this::create),
                Endpoint.delete(PROJECT, Right.MANAGE, context -> change(context, Change.DELETE)),
                Endpoint.post(PROJECT + "/restore", Right.MANAGE, context -> change(context, Change.RESTORE)),
                Endpoint.put(PROJECT + "/suspension", Right.MANAGE, context -> change(context, Change.SUSPEND)),
                Endpoint.delete(PROJECT + "/suspension", Right.MANAGE, context -> change(context, Change.RESUME)));
    }

    private Future<Void> list(RoutingContext context) {
        Caller caller = owner(context);
        String after = RequestParts.text(context, "after");
        int limit = RequestParts.number(context, "limit", PAGE_DEFAULT, 1, PAGE_MAX);
        return store.page(caller.organisation(), after == null ? "" : after, limit)
                .compose(projects -> {
                    JsonArray items = new JsonArray();
                    projects.forEach(project -> items.add(json(project)));
                    return answer(context, 200, new JsonObject().put("items", items));
                });
    }

    private Future<Void> create(RoutingContext context) {
        Caller caller = owner(context);
        return bodies.with(context.request(), body -> {
                    try {
                        return store.create(
                                caller.organisation(), name(new JsonObject(body).getString("name")), caller.actor());
                    } catch (DecodeException | ClassCastException _) {
                        throw new ProblemException(
                                400, "malformed-request", "the body must be a JSON object with name");
                    }
                })
                .compose(project -> answer(context, 201, json(project)));
    }

    private Future<Void> change(RoutingContext context, Change change) {
        Caller caller = owner(context);
        if (caller.token() == null) {
            throw new ProblemException(
                    409, "needs-authentication", "without authentication nobody can be kept out of a project");
        }
        return store.change(caller.organisation(), name(context.pathParam("name")), change, caller.actor())
                .compose(_ -> context.response().setStatusCode(204).end());
    }

    private static Caller owner(RoutingContext context) {
        Caller caller = Caller.of(context);
        caller.requireOrganisation();
        return caller;
    }

    private static String name(@org.jspecify.annotations.Nullable String name) {
        if (name == null
                || name.isEmpty()
                || name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX
                || name.chars().anyMatch(Character::isISOControl)) {
            throw new ProblemException(
                    400, "invalid-name", "a name is 1 to 255 bytes of UTF-8 without control characters");
        }
        return name;
    }

    private static JsonObject json(ProjectAccount project) {
        return new JsonObject()
                .put("name", project.name())
                .put("createdAt", project.createdAt().toString())
                .put(
                        "suspendedAt",
                        project.suspendedAt() == null
                                ? null
                                : project.suspendedAt().toString())
                .put(
                        "deletedAt",
                        project.deletedAt() == null ? null : project.deletedAt().toString());
    }

    private static Future<Void> answer(RoutingContext context, int status, JsonObject body) {
        return context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body.toBuffer());
    }
}
