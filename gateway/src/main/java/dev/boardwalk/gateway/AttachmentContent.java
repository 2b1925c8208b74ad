package dev.boardwalk.gateway;

import dev.boardwalk.store.Attachment;
import dev.boardwalk.store.Attachments;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.DirectObjects;
import dev.boardwalk.store.StoreException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The answer with an attachment's content: out of its row, out of a file, or by the way to object storage.
 *
 * <p>What people bring must not become a page of ours: browsers save it, except pictures, are told not to guess, and run
 * nothing in it.
 */
final class AttachmentContent {
    /** How long an address into object storage holds; it is used at once. */
    private static final Duration ADDRESS_VALID = Duration.ofMinutes(5);

    private static final Set<String> SHOWN = Set.of("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    private final Vertx vertx;
    private final Attachments attachments;
    private final BlobStore objects;

    AttachmentContent(Vertx vertx, Attachments attachments, BlobStore objects) {
        this.vertx = vertx;
        this.attachments = attachments;
        this.objects = objects;
    }

    /** A part of the content: where it begins, and how long it is. */
    private record Part(long from, long length) {}

    Future<Void> answer(RoutingContext context, Attachment attachment) {
        HttpServerResponse response = context.response();
        String tag = '"' + HexFormat.of().formatHex(attachment.digest().sha256()) + '"';
        response.putHeader(HttpHeaders.ETAG, tag)
                .putHeader(HttpHeaders.CACHE_CONTROL, "private, max-age=31536000, immutable");
        List<String> known = Conditions.ifNoneMatch(context.request());
        if (known != null && (known.contains("*") || known.contains(tag.substring(1, tag.length() - 1)))) {
            return response.setStatusCode(304).end();
        }
        String object = attachment.object();
        Optional<DirectObjects> direct = objects.direct();
        if (object != null && direct.isPresent()) {
            return Blocking.call(
                            vertx.getOrCreateContext(),
                            () -> direct.get()
                                    .downloadAddress(
                                            object, ADDRESS_VALID, disposition(attachment), attachment.contentType()))
                    .compose(address -> response.setStatusCode(307)
                            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                            .putHeader(HttpHeaders.LOCATION, address.toString())
                            .end());
        }
        Part part = part(context, attachment, tag);
        response.putHeader(HttpHeaders.CONTENT_TYPE, attachment.contentType())
                .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
                .putHeader("Content-Disposition", disposition(attachment))
                .putHeader("Content-Security-Policy", "default-src 'none'; sandbox")
                .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(part.length));
        if (context.request().method().equals(HttpMethod.HEAD)) {
            return response.end();
        }
        return object == null ? inline(response, attachment, part) : file(response, object, part);
    }

    private Future<Void> inline(HttpServerResponse response, Attachment attachment, Part part) {
        return attachments
                .content(attachment)
                .compose(content -> response.end(content.getBuffer((int) part.from, (int) (part.from + part.length))));
    }

    private Future<Void> file(HttpServerResponse response, String object, Part part) {
        Path file = objects.file(object).orElseThrow();
        return Blocking.call(vertx.getOrCreateContext(), () -> Files.exists(file))
                .compose(there -> there
                        ? response.sendFile(file.toString(), part.from, part.length)
                        : Future.failedFuture(
                                new StoreException.ObjectMissing("object " + object + " does not exist", null)));
    }

    /** What the caller wants of it; several parts at once are answered with everything. */
    private static Part part(RoutingContext context, Attachment attachment, String tag) {
        long size = attachment.digest().size();
        String asked = context.request().getHeader("Range");
        String onlyIf = context.request().getHeader("If-Range");
        Matcher range = RANGE.matcher(String.valueOf(asked));
        if (asked == null || onlyIf != null && !onlyIf.equals(tag) || !range.matches() || asked.equals("bytes=-")) {
            return new Part(0, size);
        }
        Part part = part(range.group(1), range.group(2), size);
        if (part == null) {
            context.response().putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
            throw new ProblemException(416, "range-not-satisfiable", "the attachment has " + size + " bytes");
        }
        context.response()
                .setStatusCode(206)
                .putHeader(
                        HttpHeaders.CONTENT_RANGE,
                        "bytes " + part.from + "-" + (part.from + part.length - 1) + "/" + size);
        return part;
    }

    private static @Nullable Part part(String first, String last, long size) {
        if (first.isEmpty()) {
            long length = Math.min(size, Long.parseLong(last));
            return length == 0 ? null : new Part(size - length, length);
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(last));
        return from > to ? null : new Part(from, to - from + 1);
    }

    private static String disposition(Attachment attachment) {
        String encoded = URLEncoder.encode(attachment.name(), StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
        return (SHOWN.contains(attachment.contentType()) ? "inline" : "attachment") + "; filename*=UTF-8''" + encoded;
    }
}
