package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.gateway.token.Role;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which pages may call a gateway that strangers can reach, and read its answers: by HTTP and by WebSocket alike. */
class CrossOriginTest {
    private static final String APP = "https://app.example";

    @TempDir
    private static Path data;

    private static TokenGateway gateway;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        gateway = TokenGateway.start(data, Map.of("BOARDWALK_CORS_ORIGINS", APP + ",http://10.0.0.5:3000"));
        port = URI.create(gateway.address()).getPort();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void with_authentication_any_name_may_be_addressed() throws Exception {
        assertThat(call("GET", "Host: boardwalk.example")).startsWith("HTTP/1.1 200");
        assertThat(call("GET", "Host: boardwalk.example", "Origin: https://boardwalk.example"))
                .startsWith("HTTP/1.1 200")
                .doesNotContainIgnoringCase("access-control-allow-origin");
        assertThat(upgrade("Host: boardwalk.example", "Origin: https://boardwalk.example"))
                .startsWith("HTTP/1.1 101");
    }

    @Test
    void named_origins_may_call_read_and_connect() throws Exception {
        assertThat(call("GET", "Host: boardwalk.example", "Origin: " + APP))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("access-control-allow-origin: " + APP)
                .containsIgnoringCase("vary: origin")
                .containsIgnoringCase("access-control-expose-headers: ETag")
                .doesNotContainIgnoringCase("allow-credentials");
        assertThat(call("OPTIONS", "Host: boardwalk.example", "Origin: " + APP, "Access-Control-Request-Method: PATCH"))
                .startsWith("HTTP/1.1 204")
                .containsIgnoringCase("access-control-allow-origin: " + APP)
                .containsPattern("(?i)access-control-allow-methods: [A-Z, ]*PATCH")
                .containsPattern("(?i)access-control-allow-headers: [^\r]*Authorization[^\r]*Idempotency-Key")
                .containsIgnoringCase("access-control-max-age:");
        assertThat(upgrade("Host: boardwalk.example", "Origin: " + APP)).startsWith("HTTP/1.1 101");
        assertThat(RawHttp.call(port, "GET", "/api/v1/audit", "Host: boardwalk.example", "Origin: " + APP))
                .as("problems can be read too")
                .startsWith("HTTP/1.1 401")
                .containsIgnoringCase("access-control-allow-origin: " + APP);
    }

    @Test
    void others_may_not_however_alike_they_look() throws Exception {
        for (String origin : new String[] {
            "http://app.example",
            APP + ":8443",
            "https://app.example.evil",
            "https://evil",
            "null",
            "http://127.0.0.1:3000"
        }) {
            assertThat(call("GET", "Host: boardwalk.example", "Origin: " + origin))
                    .as(origin)
                    .startsWith("HTTP/1.1 403")
                    .contains("origin-refused")
                    .doesNotContainIgnoringCase("access-control-allow-origin");
            assertThat(call(
                            "OPTIONS",
                            "Host: boardwalk.example",
                            "Origin: " + origin,
                            "Access-Control-Request-Method: GET"))
                    .as(origin)
                    .startsWith("HTTP/1.1 403");
            assertThat(upgrade("Host: boardwalk.example", "Origin: " + origin))
                    .as(origin)
                    .startsWith("HTTP/1.1 403");
        }
    }

    private static String call(String method, String... headers) throws Exception {
        return RawHttp.call(port, method, "/healthz", headers);
    }

    /** The first line of the answer. */
    private static String upgrade(String... headers) throws Exception {
        String token = TestTokens.token("acme", "ada", Role.EDITOR);
        StringBuilder request = new StringBuilder("GET /yjs/notes/board?token=" + token + " HTTP/1.1\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        request.append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
                .append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            return String.valueOf(in.readLine());
        }
    }
}
