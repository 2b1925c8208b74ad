package dev.boardwalk.gateway;

import dev.boardwalk.gateway.token.Role;
import dev.boardwalk.store.AccessStore;
import dev.boardwalk.store.AuditEntry;
import dev.boardwalk.store.Member;
import dev.boardwalk.store.OrganisationAccount;
import dev.boardwalk.store.Revocation.Kind;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/** The calls about who may do what: organisations for operators; members, revocations and the audit for owners. */
final class AccessApi {
    private static final String ORGANISATIONS = "/api/v1/organisations";
    private static final String ORGANISATION = ORGANISATIONS + "/{organisation}";
    private static final String MEMBERS = "/api/v1/members";
    private static final int PAGE_DEFAULT = 100;
    private static final int PAGE_MAX = 1_000;

    private final AccessStore store;
    private final RequestBodies bodies;

    AccessApi(AccessStore store, RequestBodies bodies) {
        this.store = store;
        this.bodies = bodies;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(ORGANISATIONS, Right.MANAGE, this::organisations),
                Endpoint.post(ORGANISATIONS, Right.MANAGE, this::create),
                Endpoint.delete(ORGANISATION, Right.MANAGE, context -> change(context, this::deleted)),
                Endpoint.post(ORGANISATION + "/restore", Right.MANAGE, context -> change(context, this::restored)),
                Endpoint.put(ORGANISATION + "/suspension", Right.MANAGE, context -> change(context, this::suspended)),
                Endpoint.delete(ORGANISATION + "/suspension", Right.MANAGE, context -> change(context, this::resumed)),
                Endpoint.get(MEMBERS, Right.MANAGE, this::members),
                Endpoint.put(MEMBERS + "/{user}", Right.MANAGE, this::putMember),
                Endpoint.delete(MEMBERS + "/{user}", Right.MANAGE, this::removeMember),
                Endpoint.post("/api/v1/revocations", Right.MANAGE, this::revoke),
                Endpoint.get("/api/v1/audit", Right.MANAGE, this::audit));
    }

    private Future<Void> organisations(RoutingContext context) {
        Caller.of(context).requireOperator();
        String after = RequestParts.text(context, "after");
        int limit = RequestParts.number(context, "limit", PAGE_DEFAULT, 1, PAGE_MAX);
        return store.organisations(after == null ? "" : after, limit).compose(accounts -> {
            JsonArray items = new JsonArray();
            accounts.forEach(account -> items.add(json(account)));
            return answer(context, 200, new JsonObject().put("items", items));
        });
    }

    private Future<Void> create(RoutingContext context) {
        Caller caller = Caller.of(context);
        caller.requireOperator();
        return body(context, json -> store.create(name(json, "name"), caller.actor()))
                .compose(account -> answer(context, 201, json(account)));
    }

    private Future<Boolean> suspended(RoutingContext context) {
        return store.suspend(
                part(context, "organisation"), true, Caller.of(context).actor());
    }

    private Future<Boolean> resumed(RoutingContext context) {
        return store.suspend(
                part(context, "organisation"), false, Caller.of(context).actor());
    }

    private Future<Boolean> deleted(RoutingContext context) {
        return store.delete(
                part(context, "organisation"), true, Caller.of(context).actor());
    }

    private Future<Boolean> restored(RoutingContext context) {
        return store.delete(
                part(context, "organisation"), false, Caller.of(context).actor());
    }

    /** Doing it again changes nothing and is no mistake, as long as there is such an organisation. */
    private Future<Void> change(RoutingContext context, Function<RoutingContext, Future<Boolean>> change) {
        Caller.of(context).requireOperator();
        String name = part(context, "organisation");
        return store.exists(name).compose(there -> {
            if (!there) {
                throw new ProblemException(404, "not-found", "there is no organisation " + name);
            }
            return change.apply(context)
                    .compose(_ -> context.response().setStatusCode(204).end());
        });
    }

    private Future<Void> members(RoutingContext context) {
        Caller caller = Caller.of(context);
        caller.requireOrganisation();
        String user = RequestParts.text(context, "afterUser");
        String project = RequestParts.text(context, "afterProject");
        int limit = RequestParts.number(context, "limit", PAGE_DEFAULT, 1, PAGE_MAX);
        return store.members(caller.organisation(), user == null ? "" : user, project == null ? "" : project, limit)
                .compose(members -> {
                    JsonArray items = new JsonArray();
                    members.forEach(member -> items.add(new JsonObject()
                            .put("user", member.user())
                            .put("project", member.project().isEmpty() ? null : member.project())
                            .put("role", member.role())));
                    return answer(context, 200, new JsonObject().put("items", items));
                });
    }

    private Future<Void> putMember(RoutingContext context) {
        Caller caller = Caller.of(context);
        caller.requireOrganisation();
        String user = part(context, "user");
        String project = RequestParts.text(context, "project");
        return body(context, json -> {
                    Member member = new Member(user, project == null ? "" : project, role(json));
                    return store.putMember(caller.organisation(), member, caller.actor());
                })
                .compose(_ -> context.response().setStatusCode(204).end());
    }

    private Future<Void> removeMember(RoutingContext context) {
        Caller caller = Caller.of(context);
        caller.requireOrganisation();
        String project = RequestParts.text(context, "project");
        return store.removeMember(
                        caller.organisation(), part(context, "user"), project == null ? "" : project, caller.actor())
                .compose(removed -> {
                    if (!removed) {
                        throw new ProblemException(404, "not-found", "the user has no such role");
                    }
                    return context.response().setStatusCode(204).end();
                });
    }

    private Future<Void> revoke(RoutingContext context) {
        Caller caller = Caller.of(context);
        caller.requireOrganisation();
        return body(context, json -> {
                    if (json.size() != 1) {
                        throw invalid("name one of user, token and project");
                    }
                    String what = json.fieldNames().iterator().next();
                    Kind kind = switch (what) {
                        case "user" -> Kind.USER;
                        case "token" -> Kind.TOKEN;
                        case "project" -> Kind.PROJECT;
                        default -> throw invalid("name one of user, token and project");
                    };
                    return store.revoke(caller.organisation(), kind, name(json, what), caller.actor());
                })
                .compose(since -> answer(context, 201, new JsonObject().put("since", since.toString())));
    }

    private Future<Void> audit(RoutingContext context) {
        Caller caller = Caller.of(context);
        caller.requireOrganisation();
        String before = RequestParts.text(context, "before");
        if (before != null && !before.matches("\\d{1,18}")) {
            throw new ProblemException(400, "invalid-parameter", "the parameter before must be the number of an entry");
        }
        int limit = RequestParts.number(context, "limit", PAGE_DEFAULT, 1, PAGE_MAX);
        return store.audit(caller.organisation(), before == null ? Long.MAX_VALUE : Long.parseLong(before), limit)
                .compose(entries -> {
                    JsonArray items = new JsonArray();
                    entries.forEach(entry -> items.add(json(entry)));
                    return answer(context, 200, new JsonObject().put("items", items));
                });
    }

    private static JsonObject json(OrganisationAccount account) {
        return new JsonObject()
                .put("name", account.name())
                .put("createdAt", account.createdAt().toString())
                .put(
                        "suspendedAt",
                        account.suspendedAt() == null
                                ? null
                                : account.suspendedAt().toString());
    }

    private static JsonObject json(AuditEntry entry) {
        return new JsonObject()
                .put("number", entry.number())
                .put("actor", entry.actor())
                .put("action", entry.action())
                .put("subject", entry.subject())
                .put("at", entry.at().toString());
    }

    private <T> Future<T> body(RoutingContext context, Function<JsonObject, Future<T>> use) {
        return bodies.with(context.request(), bytes -> {
            try {
                return use.apply(bytes.toJsonObject());
            } catch (DecodeException | ClassCastException unreadable) {
                throw invalid("the body is not a JSON object");
            }
        });
    }

    private static String role(JsonObject json) {
        try {
            return Role.of(name(json, "role")).text();
        } catch (IllegalArgumentException unknown) {
            throw invalid("role " + unknown.getMessage());
        }
    }

    private static String name(JsonObject json, String member) {
        if (json.getValue(member) instanceof String text
                && !text.isEmpty()
                && text.indexOf('\u0000') < 0
                && text.getBytes(StandardCharsets.UTF_8).length <= 255) {
            return text;
        }
        throw invalid(member + " must be a text of 1 to 255 bytes");
    }

    private static ProblemException invalid(String why) {
        return new ProblemException(400, "invalid-body", why);
    }

    private static String part(RoutingContext context, String name) {
        return context.pathParam(name);
    }

    private static Future<Void> answer(RoutingContext context, int status, JsonObject body) {
        return context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body.toBuffer());
    }
}
