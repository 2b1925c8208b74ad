package dev.boardwalk.gateway;

import io.vertx.core.Future;

/** Lets clients in by their tokens: whoever may read a document may open it. */
final class TokenAuthenticator implements Authenticator {
    private final AccessControl access;

    TokenAuthenticator(AccessControl access) {
        this.access = access;
    }

    @Override
    public Future<Admitted> admit(Attempt attempt) {
        return access.caller(attempt.token())
                .map(caller -> admitted(caller, attempt))
                .recover(failure -> Future.failedFuture(refused(failure)));
    }

    private Admitted admitted(Caller caller, Attempt attempt) {
        if (access.ended(caller, attempt.project())) {
            throw new AuthenticationRefused(CloseCode.UNAUTHENTICATED, "the token was revoked");
        }
        if (!caller.grants().allow(Right.READ, attempt.project(), attempt.document())) {
            throw new AuthenticationRefused(CloseCode.FORBIDDEN, "permission-denied");
        }
        return new Admitted(
                caller,
                false,
                null,
                caller.token() == null ? null : caller.token().expiresAt());
    }

    private static Throwable refused(Throwable failure) {
        if (failure instanceof ProblemException refused) {
            Problem problem = refused.problem();
            CloseCode code = problem.status() == 401 ? CloseCode.UNAUTHENTICATED : CloseCode.FORBIDDEN;
            return new AuthenticationRefused(code, problem.detail());
        }
        return failure;
    }
}
