package dev.boardwalk.gateway;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which pages may call, and under which names a gateway is called. One rule for requests and for WebSockets.
 *
 * <p>Pages of the gateway itself may, and those of origins that the settings name. On this machine so may all pages of this
 * machine, on any port, which lets applications under development connect. Programs, which send no origin, may always.
 *
 * <p>Without authentication the host that is addressed must be a name of this machine too: listening on loopback keeps
 * other machines out, but not the pages of other sites in a browser on this one, which can reach a loopback address
 * directly, or under their own name once that name is made to resolve to 127.0.0.1 (DNS rebinding).
 *
 * @param authenticated whether callers have to show who they are
 * @param origins further origins whose pages may call, as browsers write them
 */
record RequestGuard(boolean authenticated, Set<String> origins) {

    /** Of a gateway about which nothing was said. */
    static final RequestGuard LOCAL = new RequestGuard(false, Set.of());

    /** Why this request or upgrade must be refused; null if it may pass. */
    @Nullable
    Problem refusal(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        boolean local = authority != null && Loopback.isLoopback(authority.host());
        if (!local && !authenticated) {
            return new Problem(
                    403,
                    "host-refused",
                    "without authentication only loopback names may be addressed, such as 127.0.0.1 or localhost");
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null || origins.contains(origin) || local && isLocal(origin) || isSame(origin, authority)) {
            return null;
        }
        return new Problem(
                403, "origin-refused", "pages of " + origin + " may not call; BOARDWALK_CORS_ORIGINS names who may");
    }

    /** The origin of a page of another place that may read answers; null if there is none. */
    @Nullable
    String crossOrigin(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        return origin != null && origins.contains(origin) ? origin : null;
    }

    private static boolean isLocal(String origin) {
        URI uri = uri(origin);
        return uri != null && Loopback.isLoopback(uri.getHost());
    }

    /** A proxy in front ends TLS, so that the scheme says nothing. */
    private static boolean isSame(String origin, @Nullable HostAndPort authority) {
        URI uri = uri(origin);
        return uri != null
                && authority != null
                && uri.getHost().equalsIgnoreCase(authority.host())
                && port(uri.getPort()) == port(authority.port());
    }

    /** Those that are left out in addresses are one. */
    private static int port(int port) {
        return port == 80 || port == 443 ? -1 : port;
    }

    private static @Nullable URI uri(String origin) {
        try {
            URI uri = new URI(origin);
            return uri.getHost() == null ? null : uri;
        } catch (URISyntaxException notAnOrigin) {
            return null;
        }
    }
}
