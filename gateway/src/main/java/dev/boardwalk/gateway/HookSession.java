package dev.boardwalk.gateway;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What an application is told of a client in every call about it.
 *
 * @param context what the application said about the client in earlier answers, to be handed back as it is
 * @param readOnly once an answer said so it stays
 */
record HookSession(
        Handshake handshake,
        String project,
        String document,
        @Nullable String providerVersion,
        JsonObject context,
        boolean readOnly) {

    static HookSession of(Authenticator.Attempt attempt) {
        return new HookSession(
                attempt.handshake(),
                attempt.project(),
                attempt.document(),
                attempt.providerVersion(),
                new JsonObject(),
                false);
    }

    /** The same client after an answer. */
    HookSession after(JsonObject answer) {
        JsonObject merged = context.copy();
        if (answer.getValue("context") instanceof JsonObject added) {
            merged.mergeIn(added);
        }
        boolean nowReadOnly = readOnly || Boolean.TRUE.equals(answer.getValue("readOnly"));
        return new HookSession(handshake, project, document, providerVersion, merged, nowReadOnly);
    }

    JsonObject toJson(String event) {
        JsonObject headers = new JsonObject();
        handshake.headers().forEach(headers::put);
        JsonObject json = new JsonObject()
                .put("event", event)
                .put("documentName", document)
                .put("project", project)
                .put("url", handshake.url())
                .put("headers", headers)
                .put("socketId", handshake.socketId())
                .put("context", context)
                .put("readOnly", readOnly);
        if (providerVersion != null) {
            json.put("providerVersion", providerVersion);
        }
        return json;
    }
}
