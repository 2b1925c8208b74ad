package dev.boardwalk.gateway;

import dev.boardwalk.store.ObjectDigest;
import dev.boardwalk.store.StoreException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Large bodies on their way into storage: written to files of this machine as they come, hashed, and bounded. */
final class Spool {

    /** A body that has come to its end. */
    record Spooled(Path file, ObjectDigest digest) {}

    /** So much is read and forgotten, so that the caller hears why it was refused. */
    private static final long READ_OUT_BYTES_MAX = 16L << 20;

    private final Vertx vertx;
    private final Path folder;
    private final long bytesMax;
    private final int atOnceMax;
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * @param bytesMax a larger body is refused with 413
     * @param atOnceMax above so many, 503
     */
    Spool(Vertx vertx, Path folder, long bytesMax, int atOnceMax, MeterRegistry meters) {
        this.vertx = vertx;
        this.folder = folder;
        this.bytesMax = bytesMax;
        this.atOnceMax = atOnceMax;
        Gauge.builder("boardwalk_uploads", underWay, AtomicInteger::doubleValue)
                .description("Attachments on their way through the gateway")
                .register(meters);
        try {
            Files.createDirectories(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot make " + folder, failure);
        }
    }

    /** Reads a paused request's body to its end; the file is there until {@code use} is done with it. */
    <T> Future<T> with(HttpServerRequest request, Function<Spooled, Future<T>> use) {
        if (underWay.incrementAndGet() > atOnceMax) {
            underWay.decrementAndGet();
            return Future.failedFuture(refused(
                    request,
                    503,
                    "overloaded",
                    "BOARDWALK_MAX_UPLOADS=" + atOnceMax + " attachments are on their way"));
        }
        return fresh().compose(path -> receive(request, path)
                        .compose(use)
                        .eventually(() -> vertx.fileSystem().delete(path.toString())))
                .onComplete(_ -> underWay.decrementAndGet());
    }

    private Future<Path> fresh() {
        return vertx.fileSystem()
                .createTempFile(folder.toString(), "upload-", ".part", "rw-------")
                .map(Path::of)
                .recover(failure -> Future.failedFuture(
                        new StoreException.ObjectsUnavailable("cannot write to " + folder, failure)));
    }

    private Future<Spooled> receive(HttpServerRequest request, Path path) {
        if (announced(request) > bytesMax) {
            return Future.failedFuture(tooLarge(request));
        }
        return vertx.fileSystem()
                .open(path.toString(), new OpenOptions().setRead(false))
                .compose(file ->
                        receive(request, file).eventually(file::close).map(digest -> new Spooled(path, digest)));
    }

    private Future<ObjectDigest> receive(HttpServerRequest request, AsyncFile file) {
        Promise<ObjectDigest> whole = Promise.promise();
        MessageDigest digest = EntityTag.sha256();
        long[] size = {0};
        file.exceptionHandler(
                failure -> whole.tryFail(new StoreException.ObjectsFull("cannot write to " + folder, failure)));
        request.exceptionHandler(whole::tryFail);
        request.handler(chunk -> {
            size[0] += chunk.length();
            if (size[0] > bytesMax) {
                request.handler(null);
                whole.tryFail(tooLarge(request));
                return;
            }
            digest.update(chunk.getBytes());
            write(request, file, chunk, whole);
        });
        request.endHandler(_ -> file.flush()
                .onSuccess(_ -> whole.tryComplete(new ObjectDigest(size[0], digest.digest())))
                .onFailure(whole::tryFail));
        request.resume();
        return whole.future();
    }

    private static void write(HttpServerRequest request, AsyncFile file, Buffer chunk, Promise<?> whole) {
        file.write(chunk).onFailure(whole::tryFail);
        if (file.writeQueueFull()) {
            request.pause();
            file.drainHandler(_ -> request.resume());
        }
    }

    private static long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null && length.matches("\\d{1,18}") ? Long.parseLong(length) : 0;
    }

    private ProblemException tooLarge(HttpServerRequest request) {
        return refused(
                request,
                413,
                "request-too-large",
                "the attachment is larger than BOARDWALK_MAX_ATTACHMENT_BYTES=" + SettingsReader.formatSize(bytesMax));
    }

    /** The rest of the body is still on its way: if it is long, the connection is of no use afterwards. */
    private static ProblemException refused(HttpServerRequest request, int status, String code, String detail) {
        long announced = announced(request);
        if (announced == 0 || announced > READ_OUT_BYTES_MAX) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        request.resume();
        return new ProblemException(status, code, detail);
    }
}
