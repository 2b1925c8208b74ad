package dev.boardwalk.gateway;

import dev.boardwalk.store.RetentionPolicies;
import dev.boardwalk.store.RetentionPolicy;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The calls about how long a project's history is kept, for its owners. */
final class RetentionApi {
    private static final String RETENTION = "/api/v1/projects/{project}/retention";
    private static final String HOURLY = "hourlyFor";
    private static final String DAILY = "dailyFor";
    private static final String MONTHLY = "monthlyFor";
    private static final String ARCHIVE = "archiveFor";
    private static final Set<String> FIELDS = Set.of(HOURLY, DAILY, MONTHLY, ARCHIVE);

    private final RetentionPolicies policies;
    private final RequestBodies bodies;

    RetentionApi(RetentionPolicies policies, RequestBodies bodies) {
        this.policies = policies;
        this.bodies = bodies;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(RETENTION, Right.MANAGE, this::get), Endpoint.put(RETENTION, Right.MANAGE, this::put));
    }

    private Future<Void> get(RoutingContext context) {
        String project = RequestParts.project(context);
        return policies.find(Caller.of(context).organisation(), project)
                .compose(found -> answer(context, found.orElseThrow(() -> notFound(project))));
    }

    private Future<Void> put(RoutingContext context) {
        Caller caller = Caller.of(context);
        String project = RequestParts.project(context);
        return bodies.with(context.request(), body -> {
            RetentionPolicy policy = policy(body);
            return policies.put(caller.organisation(), project, policy, caller.actor())
                    .compose(there -> there ? answer(context, policy) : Future.failedFuture(notFound(project)));
        });
    }

    /** What is left out is as in projects that have said nothing. */
    private static RetentionPolicy policy(Buffer body) {
        JsonObject asked;
        try {
            asked = new JsonObject(body);
        } catch (DecodeException | ClassCastException _) {
            throw invalid("the body must be a JSON object");
        }
        for (String field : asked.fieldNames()) {
            if (!FIELDS.contains(field)) {
                throw invalid("the body has hourlyFor, dailyFor, monthlyFor and archiveFor, and no field " + field);
            }
        }
        RetentionPolicy otherwise = RetentionPolicy.DEFAULTS;
        try {
            return new RetentionPolicy(
                    duration(asked, HOURLY, otherwise.hourlyFor()),
                    duration(asked, DAILY, otherwise.dailyFor()),
                    asked.getValue(MONTHLY) == null ? null : duration(asked, MONTHLY, Duration.ZERO),
                    duration(asked, ARCHIVE, otherwise.archiveFor()));
        } catch (IllegalArgumentException refused) {
            throw invalid(String.valueOf(refused.getMessage()));
        }
    }

    private static Duration duration(JsonObject asked, String field, Duration otherwise) {
        if (!asked.containsKey(field)) {
            return otherwise;
        }
        if (asked.getValue(field) instanceof String text) {
            try {
                return SettingsReader.parseDuration(text);
            } catch (IllegalArgumentException unreadable) {
                throw invalid(field + " " + unreadable.getMessage());
            }
        }
        throw invalid(field + " must be a text like \"36h\" or \"90d\"" + (field.equals(MONTHLY) ? ", or null" : ""));
    }

    private static ProblemException invalid(String why) {
        return new ProblemException(400, "invalid-body", why);
    }

    private static ProblemException notFound(String project) {
        return new ProblemException(404, "not-found", "there is no project " + project);
    }

    private static Future<Void> answer(RoutingContext context, RetentionPolicy policy) {
        Duration monthly = policy.monthlyFor();
        JsonObject json = new JsonObject()
                .put(HOURLY, SettingsReader.format(policy.hourlyFor()))
                .put(DAILY, SettingsReader.format(policy.dailyFor()))
                .put(MONTHLY, monthly == null ? null : SettingsReader.format(monthly))
                .put(ARCHIVE, SettingsReader.format(policy.archiveFor()));
        return context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(json.toBuffer());
    }
}
