package dev.boardwalk.store;

import com.github.f4b6a3.ulid.UlidCreator;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.minio.CopyObjectArgs;
import io.minio.GetObjectArgs;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.SourceObject;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Objects in a bucket of any S3. It and {@link S3Errors} alone know the client. */
final class S3BlobStore implements BlobStore, DirectObjects {
    private static final Logger log = LoggerFactory.getLogger(S3BlobStore.class);

    /** Above this an object goes in parts: what is lost on a bad line is a part, and no server refuses the size. */
    static final int PART_BYTES = 16 << 20;

    private static final Map<String, String> ONLY_IF_ABSENT = Map.of("If-None-Match", "*");
    private static final int CONNECT_SECONDS_MAX = 5;

    /** Between two packets, not for a whole object. */
    private static final int SILENCE_SECONDS_MAX = 30;

    private final S3Settings settings;
    private final OkHttpClient http;
    private final MinioClient client;
    private final Retries retries;

    S3BlobStore(S3Settings settings, Retries retries) {
        this.settings = settings;
        this.retries = retries;
        OkHttpClient.Builder builder = new OkHttpClient.Builder()
                .connectTimeout(CONNECT_SECONDS_MAX, TimeUnit.SECONDS)
                .readTimeout(SILENCE_SECONDS_MAX, TimeUnit.SECONDS)
                .writeTimeout(SILENCE_SECONDS_MAX, TimeUnit.SECONDS);
        if (settings.authorities() != null) {
            S3Trust trust = S3Trust.of(settings.authorities());
            builder.sslSocketFactory(trust.sockets(), trust.manager());
        }
        this.http = builder.build();
        this.client = MinioClient.builder()
                .endpoint(settings.endpoint().toString())
                .region(settings.region())
                .credentials(settings.accessKey(), settings.secretKey())
                .httpClient(http)
                .build();
        client.disableVirtualStyleEndpoint();
    }

    @Override
    public void put(String key, byte[] bytes) {
        BlobKeys.check(key);
        retries.run("put object " + key, () -> {
            boolean present = !write(key, bytes, true);
            if (!Arrays.equals(read(key), bytes)) {
                if (present) {
                    log.error("object damaged, writing it again key={} bytes={}", key, bytes.length);
                    write(key, bytes, false);
                }
                if (!present || !Arrays.equals(read(key), bytes)) {
                    throw new StoreException.ObjectDamaged("object " + key + " reads back differently", null);
                }
            }
            return key;
        });
    }

    @Override
    public void put(String key, Path content, ObjectDigest digest) {
        BlobKeys.check(key);
        retries.run("put object " + key, () -> {
            try (InputStream in = Files.newInputStream(content)) {
                client.putObject(PutObjectArgs.builder().bucket(settings.bucket()).object(key).maxRetries(0).stream(
                                in, digest.size(), (long) PART_BYTES)
                        .build());
            }
            if (!readDigest(key).equals(digest)) {
                throw new StoreException.ObjectDamaged("object " + key + " reads back differently", null);
            }
            return key;
        });
    }

    @Override
    public ObjectDigest digest(String key) {
        BlobKeys.check(key);
        return retries.run("read object " + key, () -> readDigest(key));
    }

    private ObjectDigest readDigest(String key) throws MinioException, IOException {
        GetObjectArgs get =
                GetObjectArgs.builder().bucket(settings.bucket()).object(key).build();
        try (InputStream in = client.getObject(get)) {
            return ObjectDigest.of(in);
        }
    }

    @Override
    public Optional<Path> file(String key) {
        return Optional.empty();
    }

    @Override
    public Optional<DirectObjects> direct() {
        return Optional.of(this);
    }

    @Override
    public URI uploadAddress(String key, Duration valid) {
        return address(key, valid, Http.Method.PUT, Map.of());
    }

    @Override
    public URI downloadAddress(String key, Duration valid, String disposition, String type) {
        return address(
                key,
                valid,
                Http.Method.GET,
                Map.of("response-content-disposition", disposition, "response-content-type", type));
    }

    private URI address(String key, Duration valid, Http.Method method, Map<String, String> query) {
        BlobKeys.check(key);
        GetPresignedObjectUrlArgs sign = GetPresignedObjectUrlArgs.builder()
                .bucket(settings.bucket())
                .object(key)
                .method(method)
                .expiry((int) valid.toSeconds(), TimeUnit.SECONDS)
                .extraQueryParams(query)
                .build();
        return retries.run("sign an address of " + key, () -> URI.create(client.getPresignedObjectUrl(sign)));
    }

    @Override
    public void copy(String from, String to) {
        BlobKeys.check(from);
        SourceObject source =
                SourceObject.builder().bucket(settings.bucket()).object(from).build();
        CopyObjectArgs copy = CopyObjectArgs.builder()
                .bucket(settings.bucket())
                .object(BlobKeys.check(to))
                .source(source)
                .build();
        retries.run("copy object " + from, () -> {
            client.copyObject(copy);
            return to;
        });
    }

    /** Answers false if the key is taken and was to be left alone then. */
    private boolean write(String key, byte[] bytes, boolean onlyIfAbsent) throws MinioException {
        PutObjectArgs.Builder put =
                PutObjectArgs.builder().bucket(settings.bucket()).object(key).maxRetries(0);
        if (onlyIfAbsent) {
            put.extraHeaders(ONLY_IF_ABSENT);
        }
        if (bytes.length > PART_BYTES) {
            put.stream(new ByteArrayInputStream(bytes), (long) bytes.length, (long) PART_BYTES);
        } else {
            put.data(bytes, bytes.length);
        }
        try {
            client.putObject(put.build());
            return true;
        } catch (MinioException failure) {
            if (onlyIfAbsent && S3Errors.isTaken(failure)) {
                return false;
            }
            throw failure;
        }
    }

    @Override
    public byte[] get(String key) {
        BlobKeys.check(key);
        return retries.run("get object " + key, () -> read(key));
    }

    private byte[] read(String key) throws MinioException, IOException {
        GetObjectArgs get =
                GetObjectArgs.builder().bucket(settings.bucket()).object(key).build();
        try (InputStream in = client.getObject(get)) {
            return in.readAllBytes();
        }
    }

    @Override
    public byte[] get(String key, long offset, int length) {
        BlobKeys.check(key);
        if (length == 0) {
            return new byte[0];
        }
        GetObjectArgs get = GetObjectArgs.builder()
                .bucket(settings.bucket())
                .object(key)
                .offset(offset)
                .length((long) length)
                .build();
        return retries.run("get part of object " + key, () -> {
            try (InputStream in = client.getObject(get)) {
                byte[] part = in.readNBytes(length);
                if (part.length < length) {
                    throw new StoreException.ObjectDamaged(
                            "object " + key + " ends before byte " + (offset + length), null);
                }
                return part;
            } catch (MinioException failure) {
                if (S3Errors.endsBefore(failure)) {
                    throw new StoreException.ObjectDamaged("object " + key + " ends before byte " + offset, failure);
                }
                throw failure;
            }
        });
    }

    @Override
    public void remove(String key) {
        BlobKeys.check(key);
        retries.run("remove object " + key, () -> {
            client.removeObject(RemoveObjectArgs.builder()
                    .bucket(settings.bucket())
                    .object(key)
                    .build());
            return key;
        });
    }

    @Override
    public void list(String prefix, Consumer<BlobEntry> visitor) {
        ListObjectsArgs list = ListObjectsArgs.builder()
                .bucket(settings.bucket())
                .prefix(prefix)
                .recursive(true)
                .build();
        once("list objects " + prefix, () -> {
            for (Result<Item> result : client.listObjects(list)) {
                Item item = result.get();
                visitor.accept(new BlobEntry(
                        item.objectName(), item.size(), item.lastModified().toInstant()));
            }
            return prefix;
        });
    }

    /** Asked often and answered at once: no second attempt. */
    @Override
    public void probe() {
        String key = "probe/" + UlidCreator.getMonotonicUlid().toLowerCase();
        once("write to it", () -> {
            write(key, new byte[] {1}, true);
            client.removeObject(RemoveObjectArgs.builder()
                    .bucket(settings.bucket())
                    .object(key)
                    .build());
            return key;
        });
    }

    private <T> void once(String attempted, Retries.Call<T> call) {
        new Retries(1, 0, settings).run(attempted, call);
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    @Override
    public String toString() {
        return settings.toString();
    }

    /**
     * How often and how long a call is tried again while the storage says that it cannot now. The client wraps a
     * connection that was refused into an {@link IllegalStateException}.
     */
    record Retries(int attempts, long firstPauseMillis, S3Settings settings) {

        /** Six attempts within some ten seconds. */
        static Retries of(S3Settings settings) {
            return new Retries(6, 200, settings);
        }

        interface Call<T> {
            T run() throws MinioException, IOException;
        }

        @CanIgnoreReturnValue
        <T> T run(String attempted, Call<T> call) {
            for (int attempt = 1; ; attempt++) {
                StoreException failure;
                try {
                    return call.run();
                } catch (MinioException | IOException | IllegalStateException refused) {
                    failure = S3Errors.of(attempted, settings, refused);
                }
                if (attempt >= attempts || !(failure instanceof StoreException.ObjectsUnavailable)) {
                    throw failure;
                }
                pause(attempt, failure);
            }
        }

        private void pause(int attempt, StoreException failure) {
            long most = firstPauseMillis << (attempt - 1);
            try {
                Thread.sleep(most / 2 + (long) (Math.random() * most));
            } catch (InterruptedException told) {
                Thread.currentThread().interrupt();
                throw failure;
            }
        }
    }
}
