package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** HTTP calls about the entities of the project {@code default}, and what their answers say. */
final class EntityCalls {
    private final HttpClient client = HttpClient.newHttpClient();
    private final String address;

    /** @param address of the gateway */
    EntityCalls(String address) {
        this.address = address;
    }

    HttpResponse<byte[]> get(String entity, String rest) {
        return send("GET", entity, rest, "", "*/*");
    }

    HttpResponse<byte[]> post(String entity, String rest, JsonObject body) {
        return send("POST", entity, rest, body.encode(), "*/*");
    }

    byte[] octets(String entity, String rest) {
        HttpResponse<byte[]> answer = send("GET", entity, rest, "", "application/octet-stream");
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
        return answer.body();
    }

    HttpResponse<byte[]> send(String method, String entity, String rest, String body, String accept) {
        String name = URLEncoder.encode(entity, StandardCharsets.UTF_8).replace("+", "%20");
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(address + "/api/v1/projects/default/entities/" + name + rest))
                .header("Accept", accept)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            return client.send(request, BodyHandlers.ofByteArray());
        } catch (Exception failure) {
            throw new IllegalStateException(method + " " + entity + rest, failure);
        }
    }

    static JsonObject object(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
        return new JsonObject(text(answer));
    }

    static void assertProblem(HttpResponse<byte[]> answer, int status, String code) {
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(status);
        assertThat(new JsonObject(text(answer)).getString("code")).isEqualTo(code);
    }

    static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
