package dev.boardwalk.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The browser client as static files of the class path, each read and compressed once.
 *
 * <p>Files under {@code assets/} carry a hash of their content in their names and may be kept for ever; all others are
 * asked for again and mostly answered with 304.
 */
final class Whiteboard {
    private static final String ROOT = "META-INF/resources/whiteboard/";
    private static final Pattern FILE = Pattern.compile("(?:assets/)?[A-Za-z0-9_-][A-Za-z0-9._-]*");

    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final String ASK_AGAIN = "no-cache";

    /** React Flow sets inline styles; scripts come from files only. Sockets are named for browsers whose 'self' leaves them out. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "woff2", "font/woff2",
            "json", "application/json",
            "webmanifest", "application/manifest+json");

    private record StaticFile(Buffer plain, Buffer gzip, String tag) {}

    private final Vertx vertx;
    private final Map<String, StaticFile> files = new ConcurrentHashMap<>();

    Whiteboard(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Answers with the page that shows a board, whichever that is. */
    Future<Void> page(RoutingContext context) {
        return file(context, "index.html");
    }

    /** Answers with the file that the path names; fails with 404 if there is none. */
    Future<Void> file(RoutingContext context) {
        return file(context, context.normalizedPath().substring(1));
    }

    private Future<Void> file(RoutingContext context, String name) {
        StaticFile known = files.get(name);
        Future<@Nullable StaticFile> found = known != null
                ? Future.succeededFuture(known)
                : Blocking.call(vertx.getOrCreateContext(), () -> read(name));
        return found.compose(file -> file == null
                ? Future.failedFuture(new ProblemException(
                        404,
                        "no-such-page",
                        "nothing is at " + context.request().path()))
                : answer(context, name, file));
    }

    private static Future<Void> answer(RoutingContext context, String name, StaticFile file) {
        HttpServerResponse response = context.response()
                .putHeader(HttpHeaders.ETAG, file.tag)
                .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                .putHeader(HttpHeaders.CACHE_CONTROL, name.startsWith("assets/") ? FOR_EVER : ASK_AGAIN)
                .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .putHeader("Cross-Origin-Opener-Policy", "same-origin");
        if (file.tag.equals(context.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
            return response.setStatusCode(304).end();
        }
        String ending = name.substring(name.lastIndexOf('.') + 1);
        response.putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPES.getOrDefault(ending, "application/octet-stream"));
        String accepted = context.request().getHeader(HttpHeaders.ACCEPT_ENCODING);
        if (accepted != null && accepted.contains("gzip") && file.gzip.length() < file.plain.length()) {
            return response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip").end(file.gzip);
        }
        return response.end(file.plain);
    }

    private @Nullable StaticFile read(String name) {
        if (!FILE.matcher(name).matches()) {
            return null;
        }
        try (InputStream in = Whiteboard.class.getClassLoader().getResourceAsStream(ROOT + name)) {
            if (in == null) {
                return null;
            }
            byte[] plain = in.readAllBytes();
            ByteArrayOutputStream gzip = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
                out.write(plain);
            }
            StaticFile file = new StaticFile(Buffer.buffer(plain), Buffer.buffer(gzip.toByteArray()), tag(plain));
            files.put(name, file);
            return file;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the page " + name, failure);
        }
    }

    private static String tag(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(hash, 0, 12) + '"';
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
