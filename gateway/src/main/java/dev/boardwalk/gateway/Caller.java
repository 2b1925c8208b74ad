package dev.boardwalk.gateway;

import dev.boardwalk.gateway.token.TokenClaims;
import dev.boardwalk.store.OrganisationId;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who asks: made once for each request or socket at its door, and the only source of an organisation after that.
 *
 * @param user as the token names them; null if nobody signed in
 * @param token what was shown at the door; null if nothing was
 */
record Caller(
        OrganisationId organisation,
        @Nullable String user,
        Grants grants,
        @Nullable TokenClaims token) {

    /** Everybody while authentication is off. */
    static final Caller ANYONE = new Caller(OrganisationId.LOCAL, null, Grants.EVERYTHING, null);

    private static final String KEY = Caller.class.getName();

    Caller(OrganisationId organisation, @Nullable String user, Grants grants) {
        this(organisation, user, grants, null);
    }

    /** The caller of a request that {@link HttpApi} let in. */
    static Caller of(RoutingContext context) {
        return Objects.requireNonNull(context.<Caller>get(KEY), "request without a caller");
    }

    void attach(RoutingContext context) {
        context.put(KEY, this);
    }

    /**
     * Lets a call go on, or not.
     *
     * @throws ProblemException 403 if the right is missing
     */
    void require(Right right, String project, @Nullable String name) {
        if (right != Right.OPEN && !grants.allow(right, project, name)) {
            throw new ProblemException(403, "forbidden", "you may not do this here");
        }
    }

    /** Lets a call about the organisation's own members and tokens go on, or not. */
    void requireOrganisation() {
        if (!grants.manageOrganisation()) {
            throw new ProblemException(403, "forbidden", "only owners of the organisation may do this");
        }
    }

    /** Lets a call about organisations go on, or not. */
    void requireOperator() {
        if (token != null && !token.operator()) {
            throw new ProblemException(403, "forbidden", "only operators may do this");
        }
    }

    /** For the audit. */
    String actor() {
        return user != null ? user : token != null && token.id() != null ? "token " + token.id() : "anonymous";
    }
}
