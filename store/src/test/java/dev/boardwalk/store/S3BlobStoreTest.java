package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.boardwalk.testkit.MinioProcess;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract on a real MinIO, and what a server says that cannot or will not. */
class S3BlobStoreTest extends BlobStoreContract {
    private MinioProcess minio;
    private BlobStore blobs;

    @BeforeAll
    void start() {
        minio = MinioProcess.start();
        blobs = BlobStores.s3(settings(minio.endpoint(), MinioProcess.BUCKET, MinioProcess.SECRET_KEY));
    }

    @AfterAll
    void stop() {
        blobs.close();
        minio.close();
    }

    @Override
    BlobStore blobs() {
        return blobs;
    }

    /** MinIO itself notices what is changed on its disk, so what is changed here is what it was given. */
    @Override
    void damage(String key) {
        byte[] bytes = blobs.get(key);
        bytes[bytes.length / 2] ^= 1;
        MinioClient client = MinioClient.builder()
                .endpoint(minio.endpoint().toString())
                .credentials(MinioProcess.ACCESS_KEY, MinioProcess.SECRET_KEY)
                .build();
        try {
            client.putObject(PutObjectArgs.builder()
                    .bucket(MinioProcess.BUCKET)
                    .object(key)
                    .data(bytes, bytes.length)
                    .build());
        } catch (MinioException failure) {
            throw new IllegalStateException("cannot damage " + key, failure);
        }
    }

    @Test
    void wrong_credentials_are_one_clear_line_without_the_secret() {
        try (BlobStore wrong = BlobStores.s3(settings(minio.endpoint(), MinioProcess.BUCKET, "wrong-secret"))) {
            assertThatThrownBy(wrong::probe)
                    .isInstanceOf(StoreException.ObjectsUnsuitable.class)
                    .hasMessageContaining("credentials are wrong")
                    .hasMessageNotContaining("wrong-secret");
        }
    }

    @Test
    void a_missing_bucket_is_one_clear_line() {
        try (BlobStore wrong = BlobStores.s3(settings(minio.endpoint(), "nowhere", MinioProcess.SECRET_KEY))) {
            assertThatThrownBy(wrong::probe)
                    .isInstanceOf(StoreException.ObjectsUnsuitable.class)
                    .hasMessageContaining("the bucket does not exist");
        }
    }

    @Test
    void a_server_that_is_away_is_unavailable_after_all_attempts() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        try (BlobStore away = quick(URI.create("http://127.0.0.1:" + port))) {
            assertThatThrownBy(() -> away.put("pack/a", new byte[1]))
                    .isInstanceOf(StoreException.ObjectsUnavailable.class);
        }
    }

    @Test
    void an_answer_of_503_is_tried_again_and_not_for_ever() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = answering(503, "SlowDown", asked);
        try (BlobStore busy =
                quick(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))) {
            assertThatThrownBy(() -> busy.get("pack/a")).isInstanceOf(StoreException.ObjectsUnavailable.class);
            assertThat(asked.get()).isBetween(3, 20);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void clocks_that_disagree_and_a_full_disk_are_told_apart() throws IOException {
        HttpServer skewed = answering(403, "RequestTimeTooSkewed", new AtomicInteger());
        HttpServer full = answering(507, "XMinioStorageFull", new AtomicInteger());
        try (BlobStore late = quick(
                        URI.create("http://127.0.0.1:" + skewed.getAddress().getPort()));
                BlobStore stuffed =
                        quick(URI.create("http://127.0.0.1:" + full.getAddress().getPort()))) {
            assertThatThrownBy(late::probe)
                    .isInstanceOf(StoreException.ObjectsUnsuitable.class)
                    .hasMessageContaining("clocks");
            assertThatThrownBy(stuffed::probe)
                    .isInstanceOf(StoreException.ObjectsFull.class)
                    .hasMessageContaining("no room left");
        } finally {
            skewed.stop(0);
            full.stop(0);
        }
    }

    @Test
    void a_server_that_is_killed_has_what_was_put_when_it_comes_back() {
        byte[] bytes = random(11, 300_000);
        String key = put(bytes);
        minio.kill();
        minio.restart();

        assertThat(blobs.get(key)).isEqualTo(bytes);
    }

    private static HttpServer answering(int status, String code, AtomicInteger asked) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            byte[] answer = ("<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>m</Message></Error>")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/xml");
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return server;
    }

    /** Three attempts without long pauses. */
    private static BlobStore quick(URI endpoint) {
        S3Settings settings = settings(endpoint, MinioProcess.BUCKET, MinioProcess.SECRET_KEY);
        return new S3BlobStore(settings, new S3BlobStore.Retries(3, 1, settings));
    }

    private static S3Settings settings(URI endpoint, String bucket, String secret) {
        return new S3Settings(endpoint, bucket, MinioProcess.ACCESS_KEY, secret, S3Settings.REGION_DEFAULT, null);
    }
}
