package dev.boardwalk.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.boardwalk.gateway.token.InvalidToken;
import dev.boardwalk.gateway.token.TokenClaims;
import dev.boardwalk.gateway.token.TokenVerifier;
import dev.boardwalk.store.AccessStore;
import dev.boardwalk.store.OrganisationAccount;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.ProjectStore;
import dev.boardwalk.store.Revocation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Who is let in, and as whom: the token is genuine, its organisation is open, nothing was revoked, and the roles that the
 * organisation keeps for the user are joined to those of the token.
 *
 * <p>A caller that came lately is answered from memory, at once. Safe from any thread.
 */
final class AccessControl {

    /** Changes of roles and states are told (see {@link Revocations}); this bounds what a lost message could do. */
    private static final Duration BELIEVE = Duration.ofMinutes(1);

    private static final int CALLERS_MAX = 10_000;

    private final Vertx vertx;
    private final TokenVerifier verifier;
    private final AccessStore store;
    private final ProjectStore projects;
    private final Revocations revocations;
    private final Cache<String, Caller> callers = Caffeine.newBuilder()
            .maximumSize(CALLERS_MAX)
            .expireAfterWrite(BELIEVE)
            .build();

    /** Grows with each revocation: what was looked up across one is not kept. */
    private final AtomicLong news = new AtomicLong();

    AccessControl(
            Vertx vertx, TokenVerifier verifier, AccessStore store, ProjectStore projects, Revocations revocations) {
        this.vertx = vertx;
        this.verifier = verifier;
        this.store = store;
        this.projects = projects;
        this.revocations = revocations;
        revocations.listen(_ -> {
            news.incrementAndGet();
            callers.invalidateAll();
        });
    }

    /**
     * Who shows this token.
     *
     * @param token as it came; empty if none did
     * @return fails with {@link ProblemException}: 401 for a token that is not accepted, 403 for an organisation that lets
     *     nobody in
     */
    Future<Caller> caller(String token) {
        if (token.isEmpty()) {
            return Future.failedFuture(
                    new ProblemException(401, "unauthenticated", "show a token: Authorization: Bearer …, or ?token=…"));
        }
        Caller known = callers.getIfPresent(token);
        if (known != null && Instant.now().isBefore(expiry(known))) {
            return checked(known);
        }
        return claims(token).compose(claims -> admit(token, claims));
    }

    /** Whether what a caller was let in with has ended in a project; null asks about everything. */
    boolean ended(Caller caller, @Nullable String project) {
        TokenClaims token = caller.token();
        return token != null && revocations.ended(caller.organisation(), token, project);
    }

    Revocations revocations() {
        return revocations;
    }

    /** What a revocation means to somebody who is in; null if nothing. */
    @Nullable
    AuthenticationRefused review(Caller caller, String project, Revocation revocation) {
        if (!caller.organisation().equals(revocation.organisation())) {
            return null;
        }
        return switch (revocation.kind()) {
            case USER, TOKEN, PROJECT ->
                ended(caller, project)
                        ? new AuthenticationRefused(CloseCode.UNAUTHENTICATED, "the token was revoked")
                        : null;
            case MEMBER ->
                revocation.value().equals(caller.user())
                        ? new AuthenticationRefused(CloseCode.RECONNECT, "what you may do here has changed")
                        : null;
            case ORGANISATION ->
                new AuthenticationRefused(CloseCode.RECONNECT, "the state of the organisation has changed");
        };
    }

    private Future<TokenClaims> claims(String token) {
        TokenClaims known = verifier.known(token);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        return Blocking.call(vertx.getOrCreateContext(), () -> {
            try {
                return verifier.verify(token);
            } catch (InvalidToken refused) {
                throw new ProblemException(401, refused.code(), String.valueOf(refused.getMessage()));
            }
        });
    }

    private Future<Caller> admit(String token, TokenClaims claims) {
        long before = news.get();
        return store.organisation(claims.organisation())
                .compose(account -> {
                    if (!account.open()) {
                        return Future.failedFuture(closed(account));
                    }
                    return Future.all(roles(account.id(), claims), projects.allIfSomeAreClosed(account.id()))
                            .map(known -> new Caller(
                                    account.id(),
                                    claims.user(),
                                    TokenGrants.of(claims, known.resultAt(0), known.resultAt(1)),
                                    claims));
                })
                .compose(caller -> {
                    callers.put(token, caller);
                    if (news.get() != before) {
                        callers.invalidate(token);
                    }
                    return checked(caller);
                });
    }

    private Future<Map<String, String>> roles(OrganisationId organisation, TokenClaims claims) {
        return claims.user() == null || claims.share()
                ? Future.succeededFuture(Map.of())
                : store.roles(organisation, claims.user());
    }

    private Future<Caller> checked(Caller caller) {
        return ended(caller, null)
                ? Future.failedFuture(new ProblemException(401, "token-revoked", "the token was revoked"))
                : Future.succeededFuture(caller);
    }

    private static ProblemException closed(OrganisationAccount account) {
        return account.deletedAt() != null
                ? new ProblemException(403, "organisation-deleted", "the organisation is deleted")
                : new ProblemException(403, "organisation-suspended", "the organisation is suspended");
    }

    private static Instant expiry(Caller caller) {
        TokenClaims token = caller.token();
        return token == null ? Instant.MAX : token.expiresAt();
    }
}
