package dev.boardwalk.gateway;

import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * JSON while a JSON Patch [1] or a merge patch [2] is applied to it. Maps and lists as Jackson makes them, changed in place.
 *
 * <p>All or nothing: what fails is thrown, and whoever called forgets the rest.
 *
 * <p>[1] RFC 6902. [2] RFC 7396.
 */
final class JsonEdits {
    private final long copiedMax;
    private @Nullable Object root;
    private long copied;
    private int operation;

    private JsonEdits(JsonObject root, long copiedMax) {
        this.root = root.getMap();
        this.copiedMax = copiedMax;
    }

    /**
     * Applies a JSON Patch.
     *
     * @param copiedMax how many values and characters {@code copy} may add, since a short patch could ask for very many
     */
    static JsonObject patched(JsonObject properties, List<?> operations, long copiedMax) {
        JsonEdits edits = new JsonEdits(properties, copiedMax);
        for (Object each : operations) {
            edits.apply(each instanceof Map<?, ?> fields ? fields : Map.of());
            edits.operation++;
        }
        return edits.result();
    }

    /** Applies a merge patch: null takes away, objects are gone into, everything else replaces. */
    static JsonObject merged(JsonObject properties, Map<?, ?> patch) {
        return new JsonObject(merge(properties.getMap(), patch));
    }

    @SuppressWarnings("unchecked") // names in JSON are strings
    private static Map<String, @Nullable Object> merge(@Nullable Object target, Map<?, ?> patch) {
        Map<String, @Nullable Object> merged =
                target instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : new LinkedHashMap<>();
        patch.forEach((name, value) -> {
            if (value == null) {
                merged.remove(name);
            } else if (value instanceof Map<?, ?> deeper) {
                merged.put((String) name, merge(merged.get(name), deeper));
            } else {
                merged.put((String) name, value);
            }
        });
        return merged;
    }

    @SuppressWarnings("unchecked") // names in JSON are strings
    private JsonObject result() {
        if (root instanceof Map<?, ?> map) {
            return new JsonObject((Map<String, Object>) map);
        }
        throw new ProblemException(422, "content-not-writable", "the properties of an entity are an object");
    }

    private void apply(Map<?, ?> fields) {
        JsonPointer path = pointer(fields, "path");
        switch (String.valueOf(fields.get("op"))) {
            case "add" -> add(path, value(fields));
            case "remove" -> remove(path);
            case "replace" -> replace(path, value(fields));
            case "move" -> move(pointer(fields, "from"), path);
            case "copy" -> add(path, copy(get(pointer(fields, "from"))));
            case "test" -> test(path, value(fields));
            default -> throw malformed("op must be add, remove, replace, move, copy or test");
        }
    }

    private JsonPointer pointer(Map<?, ?> fields, String name) {
        if (!(fields.get(name) instanceof String text)) {
            throw malformed(name + " must be a text");
        }
        try {
            return JsonPointer.of(text);
        } catch (IllegalArgumentException wrong) {
            throw malformed(name + " " + wrong.getMessage());
        }
    }

    private @Nullable Object value(Map<?, ?> fields) {
        if (!fields.containsKey("value")) {
            throw malformed("value is missing");
        }
        return fields.get("value");
    }

    private @Nullable Object get(JsonPointer path) {
        Object here = root;
        for (String name : path.names()) {
            here = step(here, name, path);
        }
        return here;
    }

    private @Nullable Object step(@Nullable Object here, String name, JsonPointer path) {
        if (here instanceof Map<?, ?> map && map.containsKey(name)) {
            return map.get(name);
        }
        if (here instanceof List<?> list && JsonPointer.index(name, list.size()) >= 0) {
            return list.get(JsonPointer.index(name, list.size()));
        }
        throw missing(path);
    }

    private @Nullable Object parent(JsonPointer path) {
        Object here = root;
        for (String name : path.names().subList(0, path.names().size() - 1)) {
            here = step(here, name, path);
        }
        return here;
    }

    @SuppressWarnings("unchecked") // what Jackson made
    private void add(JsonPointer path, @Nullable Object value) {
        if (path.isRoot()) {
            root = value;
            return;
        }
        switch (parent(path)) {
            case Map<?, ?> map -> ((Map<String, @Nullable Object>) map).put(path.last(), value);
            case List<?> list -> {
                int index = path.last().equals("-") ? list.size() : JsonPointer.index(path.last(), list.size() + 1);
                if (index < 0) {
                    throw missing(path);
                }
                ((List<@Nullable Object>) list).add(index, value);
            }
            case null, default -> throw missing(path);
        }
    }

    private void remove(JsonPointer path) {
        if (path.isRoot()) {
            root = new LinkedHashMap<String, @Nullable Object>();
            return;
        }
        // What is not there cannot go.
        get(path);
        switch (parent(path)) {
            case Map<?, ?> map -> map.remove(path.last());
            case List<?> list -> list.remove(JsonPointer.index(path.last(), list.size()));
            case null, default -> throw missing(path);
        }
    }

    @SuppressWarnings("unchecked") // what Jackson made
    private void replace(JsonPointer path, @Nullable Object value) {
        get(path);
        if (!path.isRoot() && parent(path) instanceof List<?> list) {
            ((List<@Nullable Object>) list).set(JsonPointer.index(path.last(), list.size()), value);
        } else {
            add(path, value);
        }
    }

    private void move(JsonPointer from, JsonPointer path) {
        if (from.contains(path)) {
            throw problem(422, "patch-path-missing", "nothing can be moved into itself", path.text());
        }
        Object value = get(from);
        if (!from.equals(path)) {
            remove(from);
            add(path, value);
        }
    }

    private void test(JsonPointer path, @Nullable Object value) {
        if (!alike(get(path), value)) {
            throw problem(409, "patch-test-failed", "the value is another one", path.text());
        }
    }

    private @Nullable Object copy(@Nullable Object value) {
        copied += value instanceof String text ? text.length() + 1 : 1;
        if (copied > copiedMax) {
            throw new ProblemException(413, "request-too-large", "the patch copies more than " + copiedMax + " values");
        }
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((name, each) -> copy.put((String) name, copy(each)));
                yield copy;
            }
            case List<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>(list.size());
                list.forEach(each -> copy.add(copy(each)));
                yield copy;
            }
            case null, default -> value;
        };
    }

    /** Numbers are compared by what they mean: 1 and 1.0 are the same. */
    private static boolean alike(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Number one && right instanceof Number other) {
            return new BigDecimal(one.toString()).compareTo(new BigDecimal(other.toString())) == 0;
        }
        if (left instanceof List<?> one && right instanceof List<?> other) {
            Iterator<?> others = other.iterator();
            return one.size() == other.size() && one.stream().allMatch(each -> alike(each, others.next()));
        }
        if (left instanceof Map<?, ?> one && right instanceof Map<?, ?> other) {
            return one.size() == other.size()
                    && one.entrySet().stream()
                            .allMatch(entry -> other.containsKey(entry.getKey())
                                    && alike(entry.getValue(), other.get(entry.getKey())));
        }
        return Objects.equals(left, right);
    }

    private ProblemException malformed(String why) {
        return problem(400, "malformed-patch", why, "/" + operation);
    }

    private ProblemException missing(JsonPointer path) {
        return problem(422, "patch-path-missing", "there is no such place", path.text());
    }

    private ProblemException problem(int status, String code, String why, String pointer) {
        return new ProblemException(new Problem(
                status,
                code,
                "operation " + operation + ": " + why,
                Map.of("operation", operation, "pointer", pointer)));
    }
}
