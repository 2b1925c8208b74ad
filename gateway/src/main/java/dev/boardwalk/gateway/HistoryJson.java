package dev.boardwalk.gateway;

import dev.boardwalk.store.ChangeEntry;
import dev.boardwalk.store.Version;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Versions and changes as the HTTP API shows them, and where their pages end. */
final class HistoryJson {
    private HistoryJson() {}

    /**
     * A page; of one item more than asked for, the last tells that there is another page.
     *
     * @param limit items of the page
     */
    static JsonObject versions(List<Version> found, int limit) {
        JsonArray items = new JsonArray();
        found.stream().limit(limit).forEach(version -> items.add(version(version)));
        return page(
                items,
                found.size() > limit ? String.valueOf(found.get(limit - 1).number()) : null);
    }

    static JsonObject version(Version version) {
        return new JsonObject()
                .put("id", String.valueOf(version.number()))
                .put("kind", version.name() == null ? "automatic" : "named")
                .put("name", version.name())
                .put("author", version.author())
                .put("createdAt", version.createdAt().toString())
                .put("bytes", version.bytes());
    }

    /**
     * The same of changes.
     *
     * @param touched what changes were about, by their numbers, as far as it is to be told
     */
    static JsonObject changes(List<ChangeEntry> found, int limit, Map<Long, JsonObject> touched) {
        JsonArray items = new JsonArray();
        for (ChangeEntry change : found.subList(0, Math.min(limit, found.size()))) {
            JsonObject item = change(change);
            JsonObject roots = touched.get(change.number());
            items.add(roots == null ? item : item.put("touched", roots));
        }
        return page(items, found.size() > limit ? Place.of(found.get(limit - 1)).cursor() : null);
    }

    private static JsonObject change(ChangeEntry change) {
        return new JsonObject()
                .put("id", String.valueOf(change.number()))
                .put("time", change.createdAt().toString())
                .put("position", change.position())
                .put("authors", change.authors() == null ? new JsonArray() : new JsonArray(change.authors()))
                .put("gateway", change.gateway() == null ? String.valueOf(change.gatewayId()) : change.gateway())
                .put("bytes", change.bytes());
    }

    private static JsonObject page(JsonArray items, @Nullable String nextCursor) {
        return new JsonObject().put("items", items).put("nextCursor", nextCursor);
    }

    /** Where a page of changes begins: after this one. */
    record Place(Instant before, long number) {
        private static final Place NEWEST = new Place(Instant.parse("9999-12-31T00:00:00Z"), Long.MAX_VALUE);

        static Place of(ChangeEntry change) {
            return new Place(change.createdAt(), change.number());
        }

        static Place of(@Nullable String cursor) {
            if (cursor == null) {
                return NEWEST;
            }
            try {
                String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split(" ");
                Instant before = parts.length == 2 ? Point.instant(parts[0]) : null;
                if (before != null) {
                    return new Place(before, Long.parseLong(parts[1]));
                }
            } catch (IllegalArgumentException _) {
                // Falls through to the one answer for every word that is no cursor.
            }
            throw new ProblemException(400, "invalid-cursor", "the cursor was not made by a list of changes");
        }

        String cursor() {
            byte[] text = (before + " " + number).getBytes(StandardCharsets.UTF_8);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
        }
    }
}
