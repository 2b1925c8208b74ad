package dev.boardwalk.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Applies a JSON Patch as RFC 6902 describes it, for tests of patches. */
final class PatchReader {
    private PatchReader() {}

    static JsonObject apply(JsonObject to, JsonArray patch) {
        JsonObject patched = to.copy();
        for (int at = 0; at < patch.size(); at++) {
            JsonObject operation = patch.getJsonObject(at);
            String[] path = operation.getString("path").split("/", -1);
            Object parent = patched;
            for (int step = 1; step < path.length - 1; step++) {
                parent = parent instanceof JsonArray array
                        ? array.getValue(Integer.parseInt(path[step]))
                        : ((JsonObject) parent).getValue(unescaped(path[step]));
            }
            String last = unescaped(path[path.length - 1]);
            Object value = new JsonObject()
                    .put("v", operation.getValue("value"))
                    .copy()
                    .getValue("v");
            switch (parent) {
                case JsonArray array -> change(array, operation.getString("op"), Integer.parseInt(last), value);
                case JsonObject object -> change(object, operation.getString("op"), last, value);
                default -> throw new IllegalStateException("no such place: " + operation);
            }
        }
        return patched;
    }

    private static void change(JsonArray array, String op, int at, Object value) {
        switch (op) {
            case "add" -> array.add(at, value);
            case "replace" -> array.set(at, value);
            case "remove" -> array.remove(at);
            default -> throw new IllegalStateException(op);
        }
    }

    private static void change(JsonObject object, String op, String name, Object value) {
        boolean there = object.containsKey(name);
        if (op.equals("add") == there) {
            throw new IllegalStateException(op + " of " + name + ", which is " + (there ? "" : "not ") + "there");
        }
        if (op.equals("remove")) {
            object.remove(name);
        } else {
            object.put(name, value);
        }
    }

    private static String unescaped(String name) {
        return name.replace("~1", "/").replace("~0", "~");
    }
}
