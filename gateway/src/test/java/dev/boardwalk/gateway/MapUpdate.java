package dev.boardwalk.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.util.Map;

/**
 * The update (Yjs v1) by which a client that had written nothing sets entries of root maps, each to a JSON value: what
 * {@code doc.getMap(root).set(key, value)} sends.
 */
final class MapUpdate {
    private static final int CONTENT_ANY_UNDER_A_KEY = 0x28;
    private static final int PARENT_IS_A_ROOT = 1;
    private static final int ANY_STRING = 119;
    private static final int ANY_OBJECT = 118;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private MapUpdate() {}

    /**
     * Of a client that has not written before.
     *
     * @param roots name and entries of each root; values are strings and objects of such
     */
    static byte[] of(int client, Map<String, JsonObject> roots) {
        MapUpdate update = new MapUpdate();
        update.number(1);
        update.number(roots.values().stream().mapToInt(JsonObject::size).sum());
        update.number(client);
        update.number(0);
        roots.forEach((root, entries) -> entries.forEach(entry -> {
            update.number(CONTENT_ANY_UNDER_A_KEY);
            update.number(PARENT_IS_A_ROOT);
            update.text(root);
            update.text(entry.getKey());
            update.number(1);
            update.any(entry.getValue());
        }));
        update.number(0);
        return update.bytes.toByteArray();
    }

    private void any(Object value) {
        if (value instanceof String text) {
            bytes.write(ANY_STRING);
            text(text);
        } else {
            JsonObject object = (JsonObject) value;
            bytes.write(ANY_OBJECT);
            number(object.size());
            object.forEach(field -> {
                text(field.getKey());
                any(field.getValue());
            });
        }
    }

    private void text(String text) {
        byte[] encoded = text.getBytes(UTF_8);
        number(encoded.length);
        bytes.writeBytes(encoded);
    }

    private void number(int value) {
        int left = value;
        while (left > 0x7F) {
            bytes.write(left & 0x7F | 0x80);
            left >>>= 7;
        }
        bytes.write(left);
    }
}
