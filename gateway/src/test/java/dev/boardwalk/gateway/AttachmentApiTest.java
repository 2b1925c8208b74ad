package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.gateway.token.Role;
import dev.boardwalk.testkit.MinioProcess;
import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Binary files of entities on a running gateway: in rows, in a folder, and in a real MinIO that callers reach themselves. */
class AttachmentApiTest {
    private static final byte[] HEY = HexFormat.of().parseHex("01010100040101740368657900");
    private static final String BOARD = "/api/v1/projects/files/entities/board";
    private static final String FILES = BOARD + "/attachments";
    private static final byte[] SMALL = bytes(1, 1_000);
    private static final byte[] LARGE = bytes(2, 600 << 10);

    @TempDir
    private Path data;

    @Test
    void files_are_kept_as_they_are_in_rows_and_in_a_folder() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                RunningGateway gateway = gateway(database, Map.of("BOARDWALK_MAX_ATTACHMENT_BYTES", "1MiB"))) {
            ApiClient api = new ApiClient(gateway.address());
            api.send("POST", BOARD + "/update", HEY);
            JsonObject small =
                    created(api.send("POST", FILES + "?name=a%2Fb%20%C3%BC.png", SMALL, "Content-Type", "image/png"));
            JsonObject large = created(api.send(
                    "POST",
                    FILES + "?name=big.html&sha256=" + sha256(LARGE),
                    LARGE,
                    "Content-Type",
                    "Text/HTML; charset=x"));
            assertThat(small.getString("sha256")).isEqualTo(sha256(SMALL));
            assertThat(large.getString("contentType")).isEqualTo("text/html");
            assertThat(database.number("select count(*) from public.attachment where object is null"))
                    .isOne();
            assertThat(objects()).isOne();
            Contract.of("addAttachment", 201).check(large);
            JsonObject page =
                    Contract.of("listAttachments", 200).check(ApiClient.json(api.get(FILES + "?limit=1"), 200));
            assertThat(page.getJsonArray("items")).hasSize(1);
            JsonObject rest = ApiClient.json(api.get(FILES + "?cursor=" + page.getString("nextCursor")), 200);
            assertThat(rest.getJsonArray("items").getJsonObject(0)).isEqualTo(large);

            HttpResponse<byte[]> picture = api.get(FILES + "/" + small.getString("id"));
            assertThat(picture.body()).isEqualTo(SMALL);
            assertThat(header(picture, "content-disposition")).isEqualTo("inline; filename*=UTF-8''a%2Fb%20%C3%BC.png");
            HttpResponse<byte[]> page2 = api.get(FILES + "/" + large.getString("id"));
            assertThat(page2.body()).isEqualTo(LARGE);
            assertThat(header(page2, "content-disposition")).startsWith("attachment;");
            assertThat(header(page2, "content-security-policy")).isEqualTo("default-src 'none'; sandbox");
            assertThat(header(page2, "x-content-type-options")).isEqualTo("nosniff");
            assertThat(header(page2, "cache-control")).contains("immutable");
            assertThat(api.get(FILES + "/" + large.getString("id"), "If-None-Match", header(page2, "etag"))
                            .statusCode())
                    .isEqualTo(304);
            for (JsonObject file : new JsonObject[] {small, large}) {
                ranges(api, FILES + "/" + file.getString("id"), file == small ? SMALL : LARGE, header(picture, "etag"));
            }
            refusals(api);

            assertThat(api.send("DELETE", FILES + "/" + large.getString("id"), "")
                            .statusCode())
                    .isEqualTo(204);
            ApiClient.problem(api.get(FILES + "/" + large.getString("id")), 404, "not-found");
            ApiClient.problem(api.send("DELETE", FILES + "/" + large.getString("id"), ""), 404, "not-found");
            assertThat(objects()).as("goes after its grace").isOne();
            try (Stream<Path> left = Files.list(data.resolve("uploads"))) {
                assertThat(left).isEmpty();
            }
        }
    }

    private static void ranges(ApiClient api, String file, byte[] content, String otherTag) {
        int end = content.length;
        HttpResponse<byte[]> part = api.get(file, "Range", "bytes=10-19");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(content, 10, 20));
        assertThat(header(part, "content-range")).isEqualTo("bytes 10-19/" + end);
        assertThat(api.get(file, "Range", "bytes=" + (end - 5) + "-").body())
                .isEqualTo(Arrays.copyOfRange(content, end - 5, end));
        assertThat(api.get(file, "Range", "bytes=-5").body()).isEqualTo(Arrays.copyOfRange(content, end - 5, end));
        assertThat(api.get(file, "Range", "bytes=0-1", "If-Range", "\"x\"").body())
                .isEqualTo(content);
        HttpResponse<byte[]> beyond = api.get(file, "Range", "bytes=" + end + "-");
        ApiClient.problem(beyond, 416, "range-not-satisfiable");
        assertThat(header(beyond, "content-range")).isEqualTo("bytes */" + end);
        HttpResponse<byte[]> head = api.send("HEAD", file, "");
        assertThat(header(head, "content-length")).isEqualTo(Integer.toString(end));
        assertThat(otherTag).isNotBlank();
    }

    private static void refusals(ApiClient api) {
        ApiClient.problem(api.send("POST", FILES, SMALL), 400, "invalid-parameter");
        ApiClient.problem(api.send("POST", FILES + "?name=%00", SMALL), 400, "invalid-parameter");
        ApiClient.problem(
                api.send("POST", FILES + "?name=x", SMALL, "Content-Type", "nonsense"), 415, "unsupported-media-type");
        ApiClient.problem(api.send("POST", FILES + "?name=x&sha256=" + sha256(LARGE), SMALL), 422, "digest-mismatch");
        ApiClient.problem(api.send("POST", FILES + "?name=x", new byte[(1 << 20) + 1]), 413, "request-too-large");
        ApiClient.problem(api.send("POST", BOARD + "er/attachments?name=x", SMALL), 404, "not-found");
        ApiClient.problem(api.send("POST", FILES + "/uploads", announcement(LARGE)), 409, "no-direct-upload");
        ApiClient.problem(api.get(FILES + "/uploads"), 404, "not-found");
    }

    @Test
    void with_object_storage_callers_put_and_get_there_and_what_is_put_is_proven() throws Exception {
        try (MinioProcess minio = MinioProcess.start();
                TestDatabase database = TestDatabase.create();
                RunningGateway gateway = gateway(database, bucket(minio))) {
            ApiClient api = new ApiClient(gateway.address());
            String writer = "Bearer " + TestTokens.token("acme", "ada", Role.EDITOR);
            api.send("POST", BOARD + "/update", HEY, "Authorization", writer);
            JsonObject upload =
                    created(api.send("POST", FILES + "/uploads", announcement(LARGE), "Authorization", writer));
            Contract.of("beginUpload", 201).check(upload);
            String end = FILES + "/uploads/" + upload.getString("id");
            ApiClient.problem(api.send("POST", end, "", "Authorization", writer), 409, "upload-missing");
            put(upload, SMALL);
            ApiClient.problem(api.send("POST", end, "", "Authorization", writer), 422, "digest-mismatch");
            put(upload, LARGE);
            JsonObject file = created(api.send("POST", end, "", "Authorization", writer));
            Contract.of("endUpload", 201).check(file);
            assertThat(file.getString("author")).isEqualTo("ada");
            put(upload, SMALL);

            String address = FILES + "/" + file.getString("id");
            HttpResponse<byte[]> redirect = api.get(address, "Authorization", writer);
            assertThat(redirect.statusCode()).isEqualTo(307);
            HttpResponse<byte[]> content = straight(HttpRequest.newBuilder(URI.create(header(redirect, "location")))
                    .build());
            assertThat(content.body()).as("a later PUT changes nothing").isEqualTo(LARGE);
            assertThat(header(content, "content-disposition")).startsWith("attachment;");
            assertThat(header(content, "content-type")).isEqualTo("application/zip");

            JsonObject through = created(api.send("POST", FILES + "?name=t.bin", LARGE, "Authorization", writer));
            assertThat(api.get(FILES + "/" + through.getString("id"), "Authorization", writer)
                            .statusCode())
                    .isEqualTo(307);
            JsonObject small = created(api.send("POST", FILES + "?name=s.bin", SMALL, "Authorization", writer));
            assertThat(api.get(FILES + "/" + small.getString("id"), "Authorization", writer)
                            .body())
                    .isEqualTo(SMALL);
            walls(api, address, end);
        }
    }

    @Test
    void what_is_not_admitted_or_cannot_be_kept_is_refused_and_the_rest_goes_on() throws Exception {
        try (MinioProcess minio = MinioProcess.start();
                TestDatabase database = TestDatabase.create();
                RunningGateway gateway = gateway(database, strict(minio))) {
            ApiClient api = new ApiClient(gateway.address());
            String writer = "Bearer " + TestTokens.token("acme", "ada", Role.EDITOR);
            api.send("POST", BOARD + "/update", HEY, "Authorization", writer);
            for (String type : new String[] {"image/svg+xml", "text/html", "application/x-zip"}) {
                ApiClient.problem(
                        api.send("POST", FILES + "?name=x", SMALL, "Authorization", writer, "Content-Type", type),
                        415,
                        "unsupported-media-type");
                String announced = announcement(LARGE).replace("application/zip", type);
                ApiClient.problem(
                        api.send("POST", FILES + "/uploads", announced, "Authorization", writer),
                        415,
                        "unsupported-media-type");
            }
            String tooLarge = announcement(LARGE).replace("" + LARGE.length, "" + ((1 << 20) + 1));
            ApiClient.problem(
                    api.send("POST", FILES + "/uploads", tooLarge, "Authorization", writer), 413, "request-too-large");
            JsonObject upload =
                    created(api.send("POST", FILES + "/uploads", announcement(LARGE), "Authorization", writer));
            put(upload, LARGE);

            minio.kill();
            String end = FILES + "/uploads/" + upload.getString("id");
            String zip = "application/zip";
            ApiClient.problem(
                    api.send("POST", FILES + "?name=l", LARGE, "Authorization", writer, "Content-Type", zip),
                    503,
                    "objects-unavailable");
            ApiClient.problem(api.send("POST", end, "", "Authorization", writer), 503, "objects-unavailable");
            created(api.send("POST", FILES + "?name=s", SMALL, "Authorization", writer, "Content-Type", zip));
            assertThat(ApiClient.json(api.get(FILES, "Authorization", writer), 200)
                            .getJsonArray("items"))
                    .as("what was not kept is not listed")
                    .hasSize(1);

            minio.restart();
            created(api.send("POST", end, "", "Authorization", writer));
            created(api.send("POST", FILES + "?name=l", LARGE, "Authorization", writer, "Content-Type", zip));
        }
    }

    private static Map<String, String> strict(MinioProcess minio) {
        Map<String, String> settings = new HashMap<>(bucket(minio));
        settings.put("BOARDWALK_ATTACHMENT_TYPES", "application/zip,image/png");
        settings.put("BOARDWALK_MAX_ATTACHMENT_BYTES", "1MiB");
        return settings;
    }

    private static void walls(ApiClient api, String file, String upload) {
        String stranger = "Bearer " + TestTokens.token("other", "eve", Role.OWNER);
        api.send("POST", BOARD + "/update", HEY, "Authorization", stranger);
        ApiClient.problem(api.get(file, "Authorization", stranger), 404, "not-found");
        ApiClient.problem(api.send("DELETE", file, "", "Authorization", stranger), 404, "not-found");
        ApiClient.problem(api.send("POST", upload, "", "Authorization", stranger), 404, "not-found");
        assertThat(ApiClient.json(api.get(FILES, "Authorization", stranger), 200)
                        .getJsonArray("items"))
                .isEmpty();
        String reader = "Bearer " + TestTokens.token("acme", "rae", Role.READER);
        assertThat(api.get(file, "Authorization", reader).statusCode()).isEqualTo(307);
        ApiClient.problem(api.send("POST", FILES + "?name=x", SMALL, "Authorization", reader), 403, "forbidden");
        ApiClient.problem(api.send("DELETE", file, "", "Authorization", reader), 403, "forbidden");
        ApiClient.problem(api.get(file), 401, "unauthenticated");
    }

    private RunningGateway gateway(TestDatabase database, Map<String, String> more) throws Exception {
        Map<String, String> environment = new HashMap<>(
                Map.of("DATABASE_URL", database.url(), "BOARDWALK_PORT", "0", "BOARDWALK_DATA", data.toString()));
        environment.putAll(more);
        return RunningGateway.start(GatewaySettings.from(environment), _ -> {});
    }

    private static Map<String, String> bucket(MinioProcess minio) {
        return Map.of(
                "BOARDWALK_S3_ENDPOINT", minio.endpoint().toString(),
                "BOARDWALK_S3_BUCKET", MinioProcess.BUCKET,
                "BOARDWALK_S3_ACCESS_KEY", MinioProcess.ACCESS_KEY,
                "BOARDWALK_S3_SECRET_KEY", MinioProcess.SECRET_KEY,
                "BOARDWALK_AUTH", "jwt",
                "BOARDWALK_JWT_SECRET", TestTokens.SECRET);
    }

    private static void put(JsonObject upload, byte[] content) throws Exception {
        HttpRequest put = HttpRequest.newBuilder(URI.create(upload.getString("url")))
                .method(upload.getString("method"), HttpRequest.BodyPublishers.ofByteArray(content))
                .build();
        assertThat(straight(put).statusCode()).isEqualTo(200);
    }

    private static HttpResponse<byte[]> straight(HttpRequest request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private static String announcement(byte[] content) {
        return new JsonObject()
                .put("name", "a.zip")
                .put("contentType", "application/zip")
                .put("size", content.length)
                .put("sha256", sha256(content))
                .encode();
    }

    private long objects() throws Exception {
        try (Stream<Path> files = Files.walk(data.resolve("objects/attachment"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    private static JsonObject created(HttpResponse<byte[]> answer) {
        return ApiClient.json(answer, 201);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(EntityTag.sha256().digest(bytes));
    }

    private static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
