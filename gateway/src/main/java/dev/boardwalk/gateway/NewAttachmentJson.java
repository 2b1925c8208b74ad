package dev.boardwalk.gateway;

import dev.boardwalk.store.ObjectDigest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What a caller announces of an attachment that it will put into object storage itself. */
record NewAttachmentJson(@Nullable String name, @Nullable String contentType, long size, ObjectDigest digest) {

    /** Fails with {@link ProblemException}. */
    static NewAttachmentJson of(Buffer body) {
        try {
            JsonObject json = new JsonObject(body);
            Long size = json.getLong("size");
            String sha256 = json.getString("sha256");
            if (size != null && size >= 0 && sha256 != null && sha256.matches("[0-9a-f]{64}")) {
                ObjectDigest digest = new ObjectDigest(size, HexFormat.of().parseHex(sha256));
                return new NewAttachmentJson(json.getString("name"), json.getString("contentType"), size, digest);
            }
        } catch (DecodeException | ClassCastException _) {
            // Told below.
        }
        throw new ProblemException(
                400,
                "invalid-parameter",
                "the body must have name, contentType, size (bytes) and sha256 (64 hex digits)");
    }
}
