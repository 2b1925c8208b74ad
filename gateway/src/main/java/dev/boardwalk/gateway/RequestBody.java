package dev.boardwalk.gateway;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** The bounded body of a request, gathered in memory. */
final class RequestBody {
    private RequestBody() {}

    /**
     * Reads the body to its end; must be called before the request's handler returns.
     *
     * @param most bytes; one more fails with 413 and ends the connection, since the rest is still on its way
     */
    static Future<Buffer> read(HttpServerRequest request, int most) {
        if (announced(request) > most) {
            return Future.failedFuture(tooLarge(request, most));
        }
        Promise<Buffer> promise = Promise.promise();
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() <= most) {
                body.appendBuffer(chunk);
            } else {
                request.handler(null);
                promise.tryFail(tooLarge(request, most));
            }
        });
        request.exceptionHandler(promise::tryFail);
        request.endHandler(_ -> promise.tryComplete(body));
        return promise.future();
    }

    private static long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    private static ProblemException tooLarge(HttpServerRequest request, int most) {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        return new ProblemException(
                413,
                "request-too-large",
                "the body is larger than BOARDWALK_MAX_REQUEST_BYTES=" + SettingsReader.formatSize(most));
    }
}
