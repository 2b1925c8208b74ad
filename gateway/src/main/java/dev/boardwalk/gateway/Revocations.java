package dev.boardwalk.gateway;

import dev.boardwalk.gateway.token.TokenClaims;
import dev.boardwalk.store.AccessStore;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.Revocation;
import dev.boardwalk.store.Revocation.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was revoked, as this gateway knows it: looked for several times a second, so that it reaches open sockets within
 * one. Asked on every admission, from memory. Safe from any thread.
 */
final class Revocations {

    /** What is due to every gateway within a second is looked for so often. */
    static final Duration LOOK = Duration.ofMillis(250);

    /** Tokens live shorter than this; what was revoked before need not be known at a start. */
    private static final Duration REMEMBER = Duration.ofDays(400);

    /** A revocation that takes longer than this to be committed would not be found: far above the statement timeout. */
    private static final Duration COMMIT = Duration.ofMinutes(2);

    private static final Logger log = LoggerFactory.getLogger(Revocations.class);

    private record Subject(OrganisationId organisation, Kind kind, String value) {}

    private final Vertx vertx;
    private final AccessStore store;
    private final Map<Subject, Instant> since = new ConcurrentHashMap<>();
    private final List<Consumer<Revocation>> listeners = new CopyOnWriteArrayList<>();
    private volatile Set<Long> seen = Set.of();
    private volatile boolean stopped;
    private boolean away;

    Revocations(Vertx vertx, AccessStore store) {
        this.vertx = vertx;
        this.store = store;
    }

    /** Called for each new revocation, on some event loop, after it has become effective for new arrivals. */
    void listen(Consumer<Revocation> listener) {
        listeners.add(listener);
    }

    /** Knows what was revoked so far when the future completes, and goes on looking. */
    Future<Void> start() {
        return store.revocations(REMEMBER)
                .onSuccess(found -> {
                    take(found);
                    later();
                })
                .mapEmpty();
    }

    void stop() {
        stopped = true;
    }

    /** Whether what a token allowed in a project has ended. */
    boolean ended(OrganisationId organisation, TokenClaims token, @Nullable String project) {
        return token.id() != null && since.containsKey(new Subject(organisation, Kind.TOKEN, token.id()))
                || token.user() != null && before(organisation, Kind.USER, token.user(), token.issuedAt())
                || project != null && before(organisation, Kind.PROJECT, project, token.issuedAt());
    }

    /** Tokens tell when they were issued in whole seconds: those of the same second count as given out before. */
    private boolean before(OrganisationId organisation, Kind kind, String value, Instant issued) {
        Instant revoked = since.get(new Subject(organisation, kind, value));
        return revoked != null && !issued.isAfter(revoked.truncatedTo(ChronoUnit.SECONDS));
    }

    private void later() {
        if (!stopped) {
            vertx.timer(LOOK.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
                    .compose(_ -> store.revocations(COMMIT))
                    .onComplete(found -> {
                        if (found.succeeded()) {
                            away = false;
                            take(found.result());
                        } else if (!away) {
                            away = true;
                            log.warn("revocations cannot be looked for; trying on", found.cause());
                        }
                        later();
                    });
        }
    }

    private void take(List<Revocation> found) {
        Set<Long> known = seen;
        Set<Long> now = new HashSet<>();
        for (Revocation revocation : found) {
            now.add(revocation.number());
            if (!known.contains(revocation.number())) {
                since.merge(
                        new Subject(revocation.organisation(), revocation.kind(), revocation.value()),
                        revocation.at(),
                        (one, other) -> one.isAfter(other) ? one : other);
                listeners.forEach(listener -> listener.accept(revocation));
            }
        }
        seen = now;
    }
}
