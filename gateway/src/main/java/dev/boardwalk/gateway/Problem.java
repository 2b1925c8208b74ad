package dev.boardwalk.gateway;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer that says what went wrong, as problem+json [1].
 *
 * <p>Programs go by {@code code}, which never changes its meaning; people read {@code detail}.
 *
 * <p>[1] <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 *
 * @param status HTTP status
 * @param code stable name, words joined by dashes
 * @param detail what was attempted and why it failed
 * @param more further members, for the codes that have them
 */
record Problem(int status, String code, String detail, Map<String, Object> more) {
    static final String MEDIA_TYPE = "application/problem+json";

    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(409, "Conflict"),
            Map.entry(410, "Gone"),
            Map.entry(412, "Precondition Failed"),
            Map.entry(413, "Content Too Large"),
            Map.entry(414, "URI Too Long"),
            Map.entry(415, "Unsupported Media Type"),
            Map.entry(416, "Range Not Satisfiable"),
            Map.entry(422, "Unprocessable Content"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(504, "Gateway Timeout"),
            Map.entry(507, "Insufficient Storage"));

    Problem {
        if (!TITLES.containsKey(status)) {
            throw new IllegalArgumentException("no title for the status " + status + " of the problem " + code);
        }
        more = new LinkedHashMap<>(more);
    }

    Problem(int status, String code, String detail) {
        this(status, code, detail, Map.of());
    }

    /** Whether the same request may succeed in a moment. */
    boolean passes() {
        return status == 503 || status == 507;
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("type", "about:blank")
                .put("title", TITLES.get(status))
                .put("status", status)
                .put("code", code)
                .put("detail", detail);
        more.forEach(json::put);
        return json;
    }
}
