package dev.boardwalk.gateway;

import dev.boardwalk.store.EntityKey;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the address of a request says, checked: anything unreadable is a 400 that names the part. */
final class RequestParts {
    /** /api/v1/projects/{project}/entities/{name}: the segments after the leading slash. */
    private static final int PROJECT = 4;

    private static final int NAME = 6;

    private RequestParts() {}

    /** The entity that {@code /api/v1/projects/{project}/entities/{name}…} names. */
    static EntityKey entity(RoutingContext context) {
        String[] segments = segments(context);
        try {
            return EntityAddress.ofEscaped(Caller.of(context).organisation(), segments[PROJECT], segments[NAME]);
        } catch (IllegalArgumentException refused) {
            throw invalidName(refused);
        }
    }

    static String project(RoutingContext context) {
        try {
            return EntityAddress.decode(segments(context)[PROJECT]);
        } catch (IllegalArgumentException refused) {
            throw invalidName(refused);
        }
    }

    /** Whether the caller has the right to what a path of this template names, as far as it names anything. */
    static void require(RoutingContext context, String template, Right right) {
        if (template.contains("/entities/{name}")) {
            EntityKey key = entity(context);
            Caller.of(context).require(right, key.project(), key.name());
        } else if (template.contains("/projects/{project}")) {
            Caller.of(context).require(right, project(context), null);
        }
    }

    /** A parameter that may be given once; null if it is not there. */
    static @Nullable String text(RoutingContext context, String name) {
        List<String> values = context.queryParam(name);
        if (values.size() > 1) {
            throw invalid(name, "is given " + values.size() + " times");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    static int number(RoutingContext context, String name, int otherwise, int least, int most) {
        String text = text(context, name);
        if (text == null) {
            return otherwise;
        }
        int value = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
        if (value < least || value > most) {
            throw invalid(name, "must be a number from " + least + " to " + most);
        }
        return value;
    }

    static boolean flag(RoutingContext context, String name) {
        String text = text(context, name);
        if (text == null || text.equals("false")) {
            return false;
        }
        if (!text.equals("true")) {
            throw invalid(name, "must be true or false");
        }
        return true;
    }

    /** Split before decoding, so that an escaped slash stays inside its segment. */
    private static String[] segments(RoutingContext context) {
        return context.normalizedPath().split("/", -1);
    }

    private static ProblemException invalidName(IllegalArgumentException refused) {
        return new ProblemException(400, "invalid-name", String.valueOf(refused.getMessage()));
    }

    private static ProblemException invalid(String name, String why) {
        return new ProblemException(400, "invalid-parameter", "the parameter " + name + " " + why);
    }
}
