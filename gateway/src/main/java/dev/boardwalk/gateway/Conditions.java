package dev.boardwalk.gateway;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Requests that hold only for some content, by its entity tag [1]. [1] RFC 9110, section 13. */
final class Conditions {
    /** May be kept by the caller's own cache, which asks each time whether it still holds. */
    static final String ASK_AGAIN = "private, no-cache";

    private static final Pattern TAG = Pattern.compile("\\s*(?:W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"\\s*(?:,|$)");

    private Conditions() {}

    /** Answers 304 if the caller has this content already, else 200 with it. */
    static Future<Void> answer(RoutingContext context, @Nullable String tag, String type, Buffer body) {
        context.response().putHeader(HttpHeaders.CACHE_CONTROL, ASK_AGAIN);
        if (tag != null) {
            context.response().putHeader(HttpHeaders.ETAG, '"' + tag + '"');
            List<String> known = ifNoneMatch(context.request());
            if (known != null && (known.contains("*") || known.contains(tag))) {
                return context.response().setStatusCode(304).end();
            }
        }
        return context.response().putHeader(HttpHeaders.CONTENT_TYPE, type).end(body);
    }

    /** The tags of {@code If-None-Match}; null if there are none. */
    static @Nullable List<String> ifNoneMatch(HttpServerRequest request) {
        return list(request, HttpHeaders.IF_NONE_MATCH);
    }

    /** The tags of {@code If-Match}, {@code *} among them for whatever there is; null if there is no condition. */
    static @Nullable List<String> ifMatch(HttpServerRequest request) {
        return list(request, HttpHeaders.IF_MATCH);
    }

    private static @Nullable List<String> list(HttpServerRequest request, CharSequence header) {
        List<String> values = request.headers().getAll(header);
        if (values.isEmpty()) {
            return null;
        }
        List<String> tags = new ArrayList<>();
        for (String value : values) {
            if (value.strip().equals("*")) {
                tags.add("*");
                continue;
            }
            Matcher matcher = TAG.matcher(value);
            int at = 0;
            while (at < value.length()) {
                if (!matcher.find(at) || matcher.start() != at) {
                    throw new ProblemException(
                            400, "invalid-parameter", "the header " + header + " must be entity tags in quotes, or *");
                }
                tags.add(matcher.group(1));
                at = matcher.end();
            }
        }
        return tags;
    }
}
