package dev.boardwalk.gateway;

import dev.boardwalk.gateway.token.NamePattern;
import dev.boardwalk.gateway.token.Role;
import dev.boardwalk.gateway.token.TokenClaims;
import dev.boardwalk.gateway.token.TokenSigner;
import dev.boardwalk.store.EntityKey;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The call that makes a link by which others may look at one board, and do nothing else. */
final class ShareApi {
    private static final String LIFETIME_DEFAULT = "7d";
    private static final Duration LIFETIME_MAX = Duration.ofDays(366);

    private final @Nullable TokenSigner signer;

    /**
     * Makes the calls.
     *
     * @param signer null if there is no secret to sign with
     */
    ShareApi(@Nullable TokenSigner signer) {
        this.signer = signer;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.post(EntityApi.ENTITY + "/share", Right.WRITE, this::share));
    }

    private Future<Void> share(RoutingContext context) {
        EntityKey key = RequestParts.entity(context);
        TokenClaims own = Caller.of(context).token();
        if (signer == null || own == null) {
            throw new ProblemException(
                    409, "no-signing-key", "links need BOARDWALK_AUTH=jwt and a secret: BOARDWALK_JWT_SECRET");
        }
        if (key.name().indexOf('*') >= 0) {
            throw new ProblemException(409, "unsharable-name", "a name with a star cannot be named by a link alone");
        }
        Instant now = Instant.ofEpochSecond(Instant.now().getEpochSecond());
        String id = UUID.randomUUID().toString();
        Instant expires = now.plus(lifetime(context));
        // The giver's user stays in it: who is revoked takes along what they gave away.
        String token = signer.sign(new TokenClaims(
                own.organisation(),
                own.user(),
                id,
                null,
                Map.of(key.project(), Role.READER),
                List.of(new NamePattern(key.name())),
                now,
                expires,
                false,
                true));
        return context.response()
                .setStatusCode(201)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(new JsonObject()
                        .put("id", id)
                        .put("token", token)
                        .put("path", path(key) + "?token=" + token)
                        .put("expiresAt", expires.toString())
                        .toBuffer());
    }

    private static Duration lifetime(RoutingContext context) {
        String text = RequestParts.text(context, "ttl");
        try {
            Duration duration = SettingsReader.parseDuration(text == null ? LIFETIME_DEFAULT : text);
            if (duration.toSeconds() >= 1 && duration.compareTo(LIFETIME_MAX) <= 0) {
                return duration;
            }
        } catch (IllegalArgumentException unreadable) {
            throw new ProblemException(400, "invalid-parameter", "the parameter ttl " + unreadable.getMessage());
        }
        throw new ProblemException(400, "invalid-parameter", "the parameter ttl must be from 1s to 366d");
    }

    private static String path(EntityKey key) {
        return "/board/" + escape(key.project()) + "/"
                + Stream.of(key.name().split("/", -1)).map(ShareApi::escape).collect(Collectors.joining("/"));
    }

    private static String escape(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
