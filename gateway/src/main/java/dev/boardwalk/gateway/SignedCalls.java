package dev.boardwalk.gateway;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signed JSON calls of one address of an application. May be used from any thread. */
final class SignedCalls {
    static final String SIGNATURE = "X-Boardwalk-Signature-256";

    private static final String ALGORITHM = "HmacSHA256";

    /** Calls under way, and calls that wait for their turn; one more fails. */
    private static final int AT_ONCE = 64;

    private static final int WAITING_MAX = 1_024;

    /** Below that of the usual servers, so that a connection is not used while its other end closes it. */
    private static final int KEEP_ALIVE_SECONDS = 3;

    private final HttpClientAgent client;
    private final HookSettings settings;
    private final int successLast;
    private final int answerBytesMax;

    /**
     * Calls of one address.
     *
     * @param successLast the highest status that is a success; the lowest is 200
     * @param answerBytesMax a longer answer is a failure
     */
    SignedCalls(Vertx vertx, HookSettings settings, int successLast, int answerBytesMax) {
        this.successLast = successLast;
        this.settings = settings;
        this.answerBytesMax = answerBytesMax;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setConnectTimeout(Math.toIntExact(settings.timeout().toMillis())),
                new PoolOptions().setHttp1MaxSize(AT_ONCE).setMaxWaitQueueSize(WAITING_MAX));
    }

    /** Posts the body; answers with that of a success, and fails for any other status or when no answer came in time. */
    Future<Buffer> post(Buffer body) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(settings.url().toString())
                .setFollowRedirects(false)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(SIGNATURE, "sha256=" + signature(settings.secret(), body.getBytes()));
        return client.request(request)
                .compose(ready -> ready.send(body).compose(this::read))
                .timeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private Future<Buffer> read(HttpClientResponse response) {
        Promise<Buffer> whole = Promise.promise();
        Buffer answer = Buffer.buffer();
        response.handler(chunk -> {
            if (answer.length() + chunk.length() > answerBytesMax) {
                whole.tryFail(new IllegalStateException("an answer of more than " + answerBytesMax + " bytes"));
                response.request().connection().close().onFailure(whole::tryFail);
            } else {
                answer.appendBuffer(chunk);
            }
        });
        response.exceptionHandler(whole::tryFail);
        response.endHandler(_ -> {
            if (response.statusCode() >= 200 && response.statusCode() <= successLast) {
                whole.tryComplete(answer);
            } else {
                whole.tryFail(new IllegalStateException("status " + response.statusCode()));
            }
        });
        return whole.future();
    }

    /** Lower-case hexadecimal HMAC-SHA256. */
    static String signature(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has " + ALGORITHM, impossible);
        }
    }
}
