package dev.boardwalk.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** The bodies of all requests that are being read or worked on, in memory and bounded one by one and together. */
final class RequestBodies {
    private final int bodyBytesMax;
    private final long allBytesMax;
    private final int jsonDepthMax;
    private final MeterRegistry meters;
    private final AtomicLong held = new AtomicLong();

    /**
     * @param bodyBytesMax a larger body is refused with 413
     * @param allBytesMax what would bring all bodies above this is refused with 503
     * @param jsonDepthMax a body that is not said to be bytes and nests more deeply is refused with 400
     */
    RequestBodies(int bodyBytesMax, long allBytesMax, int jsonDepthMax, MeterRegistry meters) {
        this.bodyBytesMax = bodyBytesMax;
        this.allBytesMax = allBytesMax;
        this.jsonDepthMax = jsonDepthMax;
        this.meters = meters;
        Gauge.builder("boardwalk_request_bytes", held, AtomicLong::doubleValue)
                .description("Bytes of request bodies in memory")
                .register(meters);
    }

    /**
     * Reads the body to its end and counts it as held until {@code use} is done with it. Must be called before the
     * request's handler returns.
     */
    <T> Future<T> with(HttpServerRequest request, Function<Buffer, Future<T>> use) {
        AtomicLong mine = new AtomicLong();
        return read(request, mine).compose(use).onComplete(_ -> held.addAndGet(-mine.get()));
    }

    private Future<Buffer> read(HttpServerRequest request, AtomicLong mine) {
        if (announced(request) > bodyBytesMax) {
            return Future.failedFuture(tooLarge(request));
        }
        Promise<Buffer> promise = Promise.promise();
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() > bodyBytesMax) {
                request.handler(null);
                promise.tryFail(tooLarge(request));
            } else if (held.get() + chunk.length() > allBytesMax) {
                request.handler(null);
                promise.tryFail(tooMany(request));
            } else {
                mine.addAndGet(chunk.length());
                held.addAndGet(chunk.length());
                body.appendBuffer(chunk);
            }
        });
        request.exceptionHandler(promise::tryFail);
        request.endHandler(_ -> {
            if (isText(request) && JsonDepth.exceeds(body, jsonDepthMax)) {
                promise.tryFail(refused(new ProblemException(
                        400,
                        "json-too-deep",
                        "the body nests more deeply than BOARDWALK_MAX_JSON_DEPTH=" + jsonDepthMax)));
            } else {
                promise.tryComplete(body);
            }
        });
        return promise.future();
    }

    private static boolean isText(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return type == null || type.contains("json") || type.startsWith("text/") || type.contains("form-urlencoded");
    }

    private ProblemException refused(ProblemException refusal) {
        Counter.builder("boardwalk_refused_total")
                .description("Messages and upgrades that were refused")
                .tag("reason", refusal.problem().code())
                .register(meters)
                .increment();
        return refusal;
    }

    private static long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    private ProblemException tooLarge(HttpServerRequest request) {
        closeAfter(request);
        return refused(new ProblemException(
                413,
                "request-too-large",
                "the body is larger than BOARDWALK_MAX_REQUEST_BYTES=" + SettingsReader.formatSize(bodyBytesMax)));
    }

    private ProblemException tooMany(HttpServerRequest request) {
        closeAfter(request);
        return refused(new ProblemException(
                503, "overloaded", "request bodies of " + SettingsReader.formatSize(allBytesMax) + " are in work"));
    }

    /** The rest of the body is still on its way: the connection is of no use afterwards. */
    private static void closeAfter(HttpServerRequest request) {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
}
