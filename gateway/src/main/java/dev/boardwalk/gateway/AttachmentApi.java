package dev.boardwalk.gateway;

import dev.boardwalk.store.Attachment;
import dev.boardwalk.store.AttachmentUpload;
import dev.boardwalk.store.Attachments;
import dev.boardwalk.store.BlobKeys;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Catalog;
import dev.boardwalk.store.DirectObjects;
import dev.boardwalk.store.EntityUlid;
import dev.boardwalk.store.NewAttachment;
import dev.boardwalk.store.ObjectDigest;
import dev.boardwalk.store.StoreException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls about binary files of entities: bring, list, read, take away. */
final class AttachmentApi {
    private static final Logger log = LoggerFactory.getLogger(AttachmentApi.class);

    private static final String ATTACHMENTS = EntityApi.ENTITY + "/attachments";
    private static final String UPLOADS = ATTACHMENTS + "/uploads";

    /** Up to here the row holds the content. */
    static final int INLINE_BYTES = 512 << 10;

    /** How long somebody may take to put what they announced. */
    private static final Duration UPLOAD_VALID = Duration.ofHours(1);

    private static final int NAME_BYTES_MAX = 255;
    private static final int PAGE_DEFAULT = 100;
    private static final int PAGE_MAX = 1_000;

    private final Vertx vertx;
    private final Catalog catalog;
    private final Attachments attachments;
    private final BlobStore objects;
    private final AttachmentContent content;
    private final RequestBodies bodies;
    private final Spool spool;
    private final RestSettings settings;

    AttachmentApi(
            Vertx vertx,
            Catalog catalog,
            Attachments attachments,
            BlobStore objects,
            RequestBodies bodies,
            Spool spool,
            RestSettings settings) {
        this.vertx = vertx;
        this.catalog = catalog;
        this.attachments = attachments;
        this.objects = objects;
        this.content = new AttachmentContent(vertx, attachments, objects);
        this.bodies = bodies;
        this.spool = spool;
        this.settings = settings;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(ATTACHMENTS, Right.READ, this::list),
                Endpoint.post(ATTACHMENTS, Right.WRITE, this::bring),
                Endpoint.post(UPLOADS, Right.WRITE, this::begin),
                Endpoint.post(UPLOADS + "/{upload}", Right.WRITE, this::end),
                Endpoint.get(ATTACHMENTS + "/{attachment}", Right.READ, this::read),
                Endpoint.delete(ATTACHMENTS + "/{attachment}", Right.WRITE, this::remove));
    }

    private Future<Void> list(RoutingContext context) {
        int limit = RequestParts.number(context, "limit", PAGE_DEFAULT, 1, PAGE_MAX);
        String cursor = RequestParts.text(context, "cursor");
        if (cursor != null && !cursor.matches("\\d{1,18}")) {
            throw new ProblemException(400, "invalid-cursor", "the cursor was not made by a list of attachments");
        }
        long after = cursor == null ? 0 : Long.parseLong(cursor);
        return catalog.find(RequestParts.entity(context))
                .compose(entity -> attachments.page(entity, after, limit + 1))
                .compose(page -> {
                    boolean more = page.size() > limit;
                    List<Attachment> shown = more ? page.subList(0, limit) : page;
                    JsonArray items = new JsonArray();
                    shown.forEach(each -> items.add(json(each)));
                    return answer(
                            context,
                            200,
                            new JsonObject()
                                    .put("items", items)
                                    .put(
                                            "nextCursor",
                                            more ? Long.toString(shown.getLast().number()) : null));
                });
    }

    private Future<Void> bring(RoutingContext context) {
        HttpServerRequest request = context.request();
        String name = name(RequestParts.text(context, "name"));
        String type = type(request.getHeader(HttpHeaders.CONTENT_TYPE));
        String sha256 = RequestParts.text(context, "sha256");
        request.pause();
        context.put(HttpApi.READS_LATER, true);
        return catalog.find(RequestParts.entity(context))
                .onFailure(_ -> request.resume())
                .compose(entity -> spool.with(request, spooled -> {
                    requireSame(sha256, spooled.digest());
                    return keep(
                            new NewAttachment(
                                    entity,
                                    name,
                                    type,
                                    spooled.digest(),
                                    Caller.of(context).user()),
                            spooled);
                }))
                .compose(attachment -> answer(context, 201, json(attachment)));
    }

    private Future<Attachment> keep(NewAttachment attachment, Spool.Spooled spooled) {
        if (attachment.digest().size() <= INLINE_BYTES) {
            return Blocking.call(vertx.getOrCreateContext(), () -> Files.readAllBytes(spooled.file()))
                    .compose(bytes -> attachments.add(attachment, null, bytes));
        }
        String key = BlobKeys.newAttachment();
        return Blocking.call(vertx.getOrCreateContext(), () -> {
                    objects.put(key, spooled.file(), spooled.digest());
                    return key;
                })
                .compose(_ -> attachments.add(attachment, key, null));
    }

    /** Where the caller may put the content, if object storage can be reached by others. */
    private Future<Void> begin(RoutingContext context) {
        DirectObjects direct = direct();
        return bodies.with(context.request(), body -> {
                    NewAttachmentJson wanted = NewAttachmentJson.of(body);
                    if (wanted.size() > settings.attachmentBytes()) {
                        throw new ProblemException(
                                413,
                                "request-too-large",
                                "the attachment is larger than BOARDWALK_MAX_ATTACHMENT_BYTES="
                                        + SettingsReader.formatSize(settings.attachmentBytes()));
                    }
                    String name = name(wanted.name());
                    String type = type(wanted.contentType());
                    return catalog.find(RequestParts.entity(context))
                            .compose(entity -> attachments.begin(
                                    new NewAttachment(
                                            entity,
                                            name,
                                            type,
                                            wanted.digest(),
                                            Caller.of(context).user()),
                                    BlobKeys.newUpload(),
                                    UPLOAD_VALID));
                })
                .compose(upload -> Blocking.call(
                                vertx.getOrCreateContext(), () -> direct.uploadAddress(upload.object(), UPLOAD_VALID))
                        .compose(address -> answer(context, 201, json(upload, address))));
    }

    /** Proves what was put and makes it an attachment: a copy, since the address that was given out still holds. */
    private Future<Void> end(RoutingContext context) {
        DirectObjects direct = direct();
        return catalog.find(RequestParts.entity(context))
                .compose(entity -> attachments.begun(entity, ulid(context, "upload"), UPLOAD_VALID))
                .compose(upload -> Blocking.call(vertx.getOrCreateContext(), () -> proven(direct, upload))
                        .compose(key -> attachments.add(upload.attachment(), key, null))
                        .compose(attachment -> attachments.end(upload).map(attachment)))
                .compose(attachment -> answer(context, 201, json(attachment)));
    }

    private String proven(DirectObjects direct, AttachmentUpload upload) {
        String key = BlobKeys.newAttachment();
        try {
            direct.copy(upload.object(), key);
        } catch (StoreException.ObjectMissing _) {
            throw new ProblemException(409, "upload-missing", "nothing was put at the address that was given out");
        }
        ObjectDigest there = objects.digest(key);
        if (!there.equals(upload.attachment().digest())) {
            objects.remove(key);
            throw new ProblemException(
                    422, "digest-mismatch", "what was put has " + there.size() + " bytes and another content");
        }
        try {
            objects.remove(upload.object());
        } catch (StoreException later) {
            log.debug("upload stays until the compactor removes it key={}", upload.object(), later);
        }
        return key;
    }

    private Future<Void> read(RoutingContext context) {
        return catalog.find(RequestParts.entity(context))
                .compose(entity -> attachments.find(entity, ulid(context, "attachment")))
                .compose(attachment -> content.answer(context, attachment));
    }

    private Future<Void> remove(RoutingContext context) {
        return catalog.find(RequestParts.entity(context))
                .compose(entity -> attachments.remove(entity, ulid(context, "attachment")))
                .compose(_ -> context.response().setStatusCode(204).end());
    }

    private DirectObjects direct() {
        return objects.direct()
                .orElseThrow(() -> new ProblemException(
                        409,
                        "no-direct-upload",
                        "there is no object storage that callers could reach: send the content to …/attachments"));
    }

    private static void requireSame(@Nullable String sha256, ObjectDigest digest) {
        if (sha256 != null && !sha256.equals(HexFormat.of().formatHex(digest.sha256()))) {
            throw new ProblemException(422, "digest-mismatch", "what came has another sha256");
        }
    }

    private static String name(@Nullable String name) {
        if (name == null
                || name.isBlank()
                || name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX
                || name.chars().anyMatch(Character::isISOControl)) {
            throw new ProblemException(
                    400, "invalid-parameter", "name must be 1 to 255 bytes of UTF-8 without control characters");
        }
        return name;
    }

    private String type(@Nullable String header) {
        String type = header == null || header.isBlank()
                ? "application/octet-stream"
                : header.split(";", 2)[0].strip().toLowerCase(java.util.Locale.ROOT);
        if (!type.matches("[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
                || !settings.admits(type)) {
            throw new ProblemException(
                    415, "unsupported-media-type", "attachments of this type are not taken: " + type);
        }
        return type;
    }

    private static UUID ulid(RoutingContext context, String part) {
        return EntityUlid.parse(String.valueOf(context.pathParam(part)))
                .orElseThrow(() -> new ProblemException(404, "not-found", "there is no such " + part));
    }

    private static JsonObject json(Attachment attachment) {
        return new JsonObject()
                .put("id", EntityUlid.text(attachment.ulid()))
                .put("name", attachment.name())
                .put("contentType", attachment.contentType())
                .put("size", attachment.digest().size())
                .put("sha256", HexFormat.of().formatHex(attachment.digest().sha256()))
                .put("author", attachment.author())
                .put("createdAt", attachment.createdAt().toString());
    }

    private static JsonObject json(AttachmentUpload upload, URI address) {
        return new JsonObject()
                .put("id", EntityUlid.text(upload.ulid()))
                .put("method", "PUT")
                .put("url", address.toString())
                .put("validSeconds", UPLOAD_VALID.toSeconds());
    }

    private static Future<Void> answer(RoutingContext context, int status, JsonObject body) {
        return context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body.toBuffer());
    }
}
