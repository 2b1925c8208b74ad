package dev.boardwalk.gateway;

import dev.boardwalk.store.EntityDescription;
import dev.boardwalk.store.EntityPage;
import dev.boardwalk.store.EntitySummary;
import dev.boardwalk.store.EntityUlid;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;

/** Entities as the HTTP API shows them. */
final class EntityJson {
    /** Room for what stands beside the properties, as it mostly is: a large buffer that grows is copied. */
    private static final int REST_BYTES = 1_024;

    private EntityJson() {}

    /** The properties are set in as the database gave them: reading and writing them again would cost, and round numbers. */
    static Buffer description(EntityDescription entity) {
        JsonObject before = new JsonObject()
                .put("id", EntityUlid.text(entity.ulid()))
                .put("name", entity.key().name())
                .put("project", entity.key().project())
                .put("type", entity.type())
                .put("title", entity.title());
        JsonObject after = new JsonObject()
                .put("stateVector", Base64.getEncoder().encodeToString(entity.stateVector()))
                .put("position", entity.position())
                .put("bytes", entity.bytes())
                .put("createdAt", entity.createdAt().toString())
                .put("updatedAt", entity.updatedAt().toString());
        if (entity.quarantineReason() != null) {
            after.put("quarantined", entity.quarantineReason());
        }
        String head = before.encode();
        return Buffer.buffer(entity.properties().length() + REST_BYTES)
                .appendString(head.substring(0, head.length() - 1))
                .appendString(",\"properties\":")
                .appendString(entity.properties())
                .appendString(",")
                .appendString(after.encode().substring(1));
    }

    static Buffer page(EntityPage page) {
        JsonArray items = new JsonArray();
        page.entities().forEach(entity -> items.add(summary(entity)));
        return new JsonObject()
                .put("items", items)
                .put("nextCursor", page.nextCursor())
                .toBuffer();
    }

    private static JsonObject summary(EntitySummary entity) {
        return new JsonObject()
                .put("id", EntityUlid.text(entity.ulid()))
                .put("name", entity.key().name())
                .put("project", entity.key().project())
                .put("type", entity.type())
                .put("title", entity.title())
                .put("position", entity.position())
                .put("bytes", entity.bytes())
                .put("createdAt", entity.createdAt().toString())
                .put("updatedAt", entity.updatedAt().toString());
    }
}
