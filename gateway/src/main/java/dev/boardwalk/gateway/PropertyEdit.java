package dev.boardwalk.gateway;

import dev.boardwalk.store.EntityKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks to be changed in an entity's properties, read out of a request.
 *
 * @param ifMatch tags of which the content must have one, {@code *} for any content; null if it does not matter
 * @param idempotencyKey under which it happens once however often it is sent; null if the caller gave none
 * @param withProperties whether the answer is to show the properties
 * @param sha256 of all that was asked
 * @param change of the properties, all or nothing
 */
record PropertyEdit(
        EntityKey key,
        Caller caller,
        @Nullable List<String> ifMatch,
        @Nullable String idempotencyKey,
        boolean withProperties,
        byte[] sha256,
        UnaryOperator<JsonObject> change) {

    static final String JSON_PATCH = "application/json-patch+json";
    static final String MERGE_PATCH = "application/merge-patch+json";

    private static final int KEY_LENGTH_MAX = 255;

    /** What the headers say; read while the request is there, before its body. */
    record Head(
            EntityKey key,
            Caller caller,
            String type,
            @Nullable List<String> ifMatch,
            @Nullable String idempotencyKey,
            boolean withProperties) {

        static Head of(RoutingContext context) {
            HttpServerRequest request = context.request();
            String type = String.valueOf(request.getHeader(HttpHeaders.CONTENT_TYPE));
            type = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            if (!type.equals(JSON_PATCH) && !type.equals(MERGE_PATCH)) {
                context.response().putHeader("Accept-Patch", JSON_PATCH + ", " + MERGE_PATCH);
                throw new ProblemException(
                        415, "unsupported-media-type", "send " + JSON_PATCH + " or " + MERGE_PATCH + ", not " + type);
            }
            String prefer = String.valueOf(request.getHeader("Prefer"));
            return new Head(
                    RequestParts.entity(context),
                    Caller.of(context),
                    type,
                    Conditions.ifMatch(request),
                    idempotencyKey(request),
                    prefer.contains("return=representation"));
        }

        private static @Nullable String idempotencyKey(HttpServerRequest request) {
            String key = request.getHeader("Idempotency-Key");
            if (key != null && (key.isEmpty() || key.length() > KEY_LENGTH_MAX || !key.matches("[\\x20-\\x7e]+"))) {
                throw new ProblemException(
                        400,
                        "invalid-parameter",
                        "the header Idempotency-Key must have 1 to " + KEY_LENGTH_MAX + " printable characters");
            }
            return key;
        }
    }

    /** With the body; fails with {@link ProblemException} if that is no patch of its type. */
    static PropertyEdit of(Head head, Buffer body, long copiedMax) {
        return new PropertyEdit(
                head.key,
                head.caller,
                head.ifMatch,
                head.idempotencyKey,
                head.withProperties,
                sha256(head, body),
                change(head.type, body, copiedMax));
    }

    private static UnaryOperator<JsonObject> change(String type, Buffer body, long copiedMax) {
        try {
            if (type.equals(JSON_PATCH)) {
                List<?> operations = new JsonArray(body).getList();
                return properties -> JsonEdits.patched(properties, operations, copiedMax);
            }
            Map<String, Object> patch = new JsonObject(body).getMap();
            return properties -> JsonEdits.merged(properties, patch);
        } catch (DecodeException | ClassCastException _) {
            throw new ProblemException(
                    400,
                    "malformed-patch",
                    type.equals(JSON_PATCH)
                            ? "the body must be a JSON array of operations"
                            : "the body must be a JSON object");
        }
    }

    private static byte[] sha256(Head head, Buffer body) {
        MessageDigest digest = EntityTag.sha256();
        for (String part : List.of(
                head.key.project(),
                head.key.name(),
                head.type,
                String.valueOf(head.ifMatch),
                "" + head.withProperties)) {
            digest.update(part.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        return digest.digest(body.getBytes());
    }
}
