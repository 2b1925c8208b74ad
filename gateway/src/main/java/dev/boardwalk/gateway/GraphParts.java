package dev.boardwalk.gateway;

import dev.boardwalk.graph.Direction;
import dev.boardwalk.graph.Question;
import dev.boardwalk.graph.RelationshipType;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.StoreException;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the address of a request about relationships says, checked as in {@link RequestParts}. */
final class GraphParts {
    /** /api/v1/projects/{project}/entities/{name}/relationships/{type}/{target}: the segments after the leading slash. */
    private static final int TYPE = 8;

    private static final int TARGET = 9;

    /** Deeper than anybody looks on purpose; beyond there is {@code all}. */
    private static final int DEPTH_MAX = 1_000;

    private GraphParts() {}

    static int depth(RoutingContext context, int otherwise) {
        String text = RequestParts.text(context, "depth");
        if (text == null) {
            return otherwise;
        }
        if (text.equals("all")) {
            return Question.ALL;
        }
        int depth = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
        if (depth < 1 || depth > DEPTH_MAX) {
            throw invalid("depth", "must be a number from 1 to " + DEPTH_MAX + ", or all");
        }
        return depth;
    }

    /** Given several times or separated by commas; null if none is. */
    static @Nullable Set<String> types(RoutingContext context) {
        Set<String> types = new LinkedHashSet<>();
        for (String given : context.queryParam("type")) {
            for (String type : given.split(",", -1)) {
                types.add(checked(type));
            }
        }
        return types.isEmpty() ? null : types;
    }

    static @Nullable Direction direction(RoutingContext context) {
        String text = RequestParts.text(context, "direction");
        return switch (text == null ? "both" : text) {
            case "both" -> null;
            case "out" -> Direction.OUT;
            case "in" -> Direction.IN;
            default -> throw invalid("direction", "must be out, in or both");
        };
    }

    static @Nullable Long position(RoutingContext context, String name) {
        String text = RequestParts.text(context, name);
        if (text == null) {
            return null;
        }
        if (!text.matches("\\d{1,18}")) {
            throw invalid(name, "must be a position");
        }
        return Long.valueOf(text);
    }

    /** The type in the path. */
    static String type(RoutingContext context) {
        return checked(segment(context, TYPE));
    }

    /** The target in the path: a name in the same project, or project/name. */
    static String target(RoutingContext context) {
        String target = segment(context, TARGET);
        if (target.isEmpty() || target.length() > 2 * EntityKey.NAME_BYTES_MAX + 1 || target.indexOf('\0') >= 0) {
            throw new ProblemException(400, "invalid-name", "the target's name is empty or too long, or no name");
        }
        return target;
    }

    /** The entity that a parameter names, in the project of the path. */
    static EntityKey entity(RoutingContext context, String parameter) {
        String name = RequestParts.text(context, parameter);
        if (name == null) {
            throw invalid(parameter, "is missing");
        }
        try {
            return new EntityKey(Caller.of(context).organisation(), RequestParts.project(context), name);
        } catch (StoreException.InvalidName refused) {
            throw new ProblemException(400, "invalid-name", String.valueOf(refused.getMessage()));
        }
    }

    static String lower(Direction direction) {
        return direction.name().toLowerCase(Locale.ROOT);
    }

    private static String segment(RoutingContext context, int place) {
        try {
            return EntityAddress.decode(context.normalizedPath().split("/", -1)[place]);
        } catch (IllegalArgumentException refused) {
            throw new ProblemException(400, "invalid-name", String.valueOf(refused.getMessage()));
        }
    }

    private static String checked(String type) {
        if (!RelationshipType.valid(type)) {
            throw new ProblemException(
                    400,
                    "invalid-type",
                    "a type of relationships is an identifier in UPPER_SNAKE of at most 63 characters");
        }
        return type;
    }

    private static ProblemException invalid(String name, String why) {
        return new ProblemException(400, "invalid-parameter", "the parameter " + name + " " + why);
    }
}
