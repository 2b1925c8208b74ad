package dev.boardwalk.gateway;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The door of a gateway without authentication: only programs and pages of this machine may pass.
 *
 * <p>Listening on loopback keeps other machines out, but not the pages of other sites in a browser on this one. Such a
 * page can reach a loopback address directly, or under its own name once that name is made to resolve to 127.0.0.1
 * (DNS rebinding). So the host that is addressed and the origin of the page must both be names of this machine; any
 * port is fine, which lets applications under development connect.
 */
final class RequestGuard {
    private RequestGuard() {}

    /** Why this request or upgrade must be refused; null if it may pass. */
    static @Nullable Problem refusal(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        if (authority == null || !Loopback.isLoopback(authority.host())) {
            return new Problem(
                    403,
                    "host-refused",
                    "without authentication only loopback names may be addressed, such as 127.0.0.1 or localhost");
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && !isLocal(origin)) {
            return new Problem(
                    403, "origin-refused", "without authentication only pages of this machine may call, not " + origin);
        }
        return null;
    }

    private static boolean isLocal(String origin) {
        try {
            URI uri = new URI(origin);
            return uri.getHost() != null && Loopback.isLoopback(uri.getHost());
        } catch (URISyntaxException notAnOrigin) {
            return false;
        }
    }
}
