package dev.boardwalk.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The difference between two JSON objects as operations of RFC 6902: {@code add}, {@code remove} and {@code replace}.
 *
 * <p>Objects are compared key by key. Of arrays, what is alike at both ends stays, and the elements between are compared
 * one by one.
 */
final class JsonPatch {
    private final JsonArray operations = new JsonArray();
    private final StringBuilder path = new StringBuilder();

    private JsonPatch() {}

    /** The operations that turn one into the other, in order; none if they are equal. */
    static JsonArray between(JsonObject from, JsonObject to) {
        JsonPatch patch = new JsonPatch();
        patch.objects(from.getMap(), to.getMap());
        return patch.operations;
    }

    private void values(@Nullable Object from, @Nullable Object to) {
        Object before = plain(from);
        Object after = plain(to);
        if (before instanceof Map<?, ?> left && after instanceof Map<?, ?> right) {
            objects(left, right);
        } else if (before instanceof List<?> left && after instanceof List<?> right) {
            arrays(left, right);
        } else if (!Objects.equals(before, after)) {
            write("replace", after);
        }
    }

    private void objects(Map<?, ?> from, Map<?, ?> to) {
        for (Object key : from.keySet()) {
            if (!to.containsKey(key)) {
                inside(String.valueOf(key), () -> remove());
            }
        }
        for (Map.Entry<?, ?> entry : to.entrySet()) {
            inside(String.valueOf(entry.getKey()), () -> {
                if (from.containsKey(entry.getKey())) {
                    values(from.get(entry.getKey()), entry.getValue());
                } else {
                    write("add", entry.getValue());
                }
            });
        }
    }

    private void arrays(List<?> from, List<?> to) {
        int shorter = Math.min(from.size(), to.size());
        int start = 0;
        while (start < shorter && Objects.equals(from.get(start), to.get(start))) {
            start++;
        }
        int end = 0;
        while (end < shorter - start && Objects.equals(from.get(from.size() - 1 - end), to.get(to.size() - 1 - end))) {
            end++;
        }
        int common = shorter - end;
        for (int at = start; at < common; at++) {
            int index = at;
            inside(String.valueOf(at), () -> values(from.get(index), to.get(index)));
        }
        for (int at = from.size() - end - 1; at >= Math.max(common, start); at--) {
            inside(String.valueOf(at), () -> remove());
        }
        for (int at = Math.max(common, start); at < to.size() - end; at++) {
            int index = at;
            inside(String.valueOf(at), () -> write("add", to.get(index)));
        }
    }

    /** Goes one step down; a name is escaped as RFC 6901 has it. */
    private void inside(String name, Runnable work) {
        int length = path.length();
        path.append('/').append(name.replace("~", "~0").replace("/", "~1"));
        work.run();
        path.setLength(length);
    }

    private void remove() {
        operations.add(new JsonObject().put("op", "remove").put("path", path.toString()));
    }

    private void write(String op, @Nullable Object value) {
        operations.add(
                new JsonObject().put("op", op).put("path", path.toString()).put("value", value));
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case JsonObject object -> object.getMap();
            case JsonArray array -> array.getList();
            case null, default -> value;
        };
    }
}
