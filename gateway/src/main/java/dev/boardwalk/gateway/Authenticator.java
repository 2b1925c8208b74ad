package dev.boardwalk.gateway;

import io.vertx.core.Future;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may open a document on a socket, and as whom. Asked once for each document of a socket, and again when a
 * client sends another token for one that is open.
 *
 * <p>Called on event loops; the future may complete on any thread. It fails with {@link AuthenticationRefused}; whatever
 * else it fails with is refused as well.
 */
@FunctionalInterface
interface Authenticator {

    /** Everybody may do everything: authentication is off. */
    Authenticator NONE = _ -> Future.succeededFuture(Admitted.ANYONE);

    /**
     * Somebody at the door.
     *
     * @param project from the address of the socket
     * @param document the entity's name
     * @param token in band if the client sent one, else that of the handshake; empty if there is none
     * @param providerVersion as Hocuspocus clients from version 4 on say; null of others
     * @param before what an earlier answer for this document on this socket was; null at the first time
     */
    record Attempt(
            Handshake handshake,
            String project,
            String document,
            String token,
            @Nullable String providerVersion,
            @Nullable Admitted before) {
        @Override
        public String toString() {
            return "Attempt[" + handshake.socketId() + " " + project + "/" + document + "]";
        }
    }

    /**
     * A client that may enter.
     *
     * @param readOnly even if the caller's grants allow more
     * @param hooks what the application's hooks are told of this client later; null without hooks
     * @param expires when a new token is needed; null means never
     */
    record Admitted(
            Caller caller,
            boolean readOnly,
            @Nullable HookSession hooks,
            @Nullable Instant expires) {
        static final Admitted ANYONE = new Admitted(Caller.ANYONE, false, null, null);

        /** Whether content may be changed. */
        boolean mayWrite(String project, String document) {
            return !readOnly && caller.grants().allow(Right.WRITE, project, document);
        }

        /** Whether others may be told where this one is. */
        boolean mayComment(String project, String document) {
            return caller.grants().allow(Right.COMMENT, project, document);
        }
    }

    Future<Admitted> admit(Attempt attempt);

    /** A second thought about clients that are in. */
    @FunctionalInterface
    interface Review {

        /** Why a client has to go, and how; null if it may stay. */
        @Nullable
        AuthenticationRefused of(Admitted admitted, String project);
    }
}
