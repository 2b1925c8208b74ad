package dev.boardwalk.gateway;

import dev.boardwalk.testkit.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A whole gateway that wants {@linkplain TestTokens tokens}, on a database of its own, and the calls of its tests. */
final class TokenGateway implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final TestDatabase database;
    private final RunningGateway gateway;
    private final boolean first;

    private TokenGateway(TestDatabase database, RunningGateway gateway, boolean first) {
        this.database = database;
        this.gateway = gateway;
        this.first = first;
    }

    /**
     * Starts one.
     *
     * @param settings names and values of further settings
     */
    static TokenGateway start(Path data, Map<String, String> settings) throws InterruptedException {
        TestDatabase database = TestDatabase.create();
        try {
            return new TokenGateway(database, RunningGateway.start(settings(database, data, settings), _ -> {}), true);
        } catch (Throwable failure) {
            database.close();
            throw failure;
        }
    }

    /** Another one on the same database, with nothing else between the two. */
    TokenGateway further(Path data) throws InterruptedException {
        return new TokenGateway(database, RunningGateway.startFurther(settings(database, data, Map.of()), 2), false);
    }

    private static GatewaySettings settings(TestDatabase database, Path data, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "DATABASE_URL",
                database.url(),
                "BOARDWALK_PORT",
                "0",
                "BOARDWALK_DATA",
                data.toString(),
                "BOARDWALK_AUTH",
                "jwt",
                "BOARDWALK_JWT_SECRET",
                TestTokens.SECRET));
        environment.putAll(more);
        return GatewaySettings.from(environment);
    }

    TestDatabase database() {
        return database;
    }

    String address() {
        return gateway.address();
    }

    int port() {
        return URI.create(address()).getPort();
    }

    HttpResponse<String> get(String path, @Nullable String token) {
        return call("GET", path, token, "");
    }

    HttpResponse<String> call(String method, String path, @Nullable String token, String body) {
        return call(method, path, token, body.getBytes(StandardCharsets.UTF_8));
    }

    HttpResponse<String> call(String method, String path, @Nullable String token, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .timeout(Duration.ofSeconds(60));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (Exception failure) {
            throw new IllegalStateException(method + " " + path, failure);
        }
    }

    @Override
    public void close() {
        gateway.close();
        if (first) {
            database.close();
        }
    }
}
