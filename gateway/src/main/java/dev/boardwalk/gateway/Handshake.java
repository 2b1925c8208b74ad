package dev.boardwalk.gateway;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What is remembered of the request that became a WebSocket.
 *
 * @param socketId names the socket, for applications
 * @param url path and query of the request as an absolute address; may carry a token, so it is not for logs
 * @param headers by name in lower case; those that came more than once are joined by a comma
 * @param address what the client is counted by, see {@link TrustedProxies}
 * @param token what the address or the headers carry, empty if nothing; the client may send another in band
 */
record Handshake(String socketId, String url, Map<String, String> headers, String token, String address) {
    private static final String BEARER = "Bearer ";

    static Handshake of(HttpServerRequest request, String address) {
        Map<String, String> headers = new TreeMap<>();
        request.headers()
                .forEach(header -> headers.merge(
                        header.getKey().toLowerCase(java.util.Locale.ROOT), header.getValue(), (a, b) -> a + ", " + b));
        return new Handshake(
                UUID.randomUUID().toString(), request.absoluteURI(), Map.copyOf(headers), token(request), address);
    }

    private static String token(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return header.substring(BEARER.length()).trim();
        }
        String parameter = request.getParam("token");
        return parameter == null ? "" : parameter;
    }

    @Override
    public String toString() {
        return "Handshake[" + socketId + "]";
    }
}
