package dev.boardwalk.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decisions that an application makes over HTTP: who may connect and as whom, with what a new document begins, and what
 * happens on a message of its own.
 *
 * <p>An application that does not answer, or not as agreed, has said no. May be used from any thread.
 */
final class ApplicationHooks implements Authenticator {
    private static final Logger log = LoggerFactory.getLogger(ApplicationHooks.class);

    /** What one stateless message may bring forth. */
    private static final int ACTIONS_MAX = 100;

    private final SignedCalls calls;
    private final GatewayMeters meters;

    ApplicationHooks(SignedCalls calls, GatewayMeters meters) {
        this.calls = calls;
        this.meters = meters;
    }

    /** As the settings say; null if they name no application. */
    static @Nullable ApplicationHooks set(Vertx vertx, GatewaySettings settings, GatewayMeters meters) {
        HookSettings set = settings.hooks();
        // An update comes in base64, which takes a third more.
        return set == null
                ? null
                : new ApplicationHooks(
                        new SignedCalls(
                                vertx,
                                set,
                                200,
                                Math.multiplyExact(2, settings.limits().frameBytes())),
                        meters);
    }

    /** Asks {@code onConnect} once for each document of a socket, then {@code onAuthenticate}. */
    @Override
    public Future<Admitted> admit(Attempt attempt) {
        HookSession known = attempt.before() == null ? null : attempt.before().hooks();
        Future<HookSession> connected = known != null
                ? Future.succeededFuture(known)
                : decided(HookSession.of(attempt), "onConnect", attempt.token()).map(Decision::session);
        return connected
                .compose(session -> decided(session, "onAuthenticate", attempt.token()))
                .map(decision -> new Admitted(
                        new Caller(Caller.ANYONE.organisation(), decision.user(), Grants.EVERYTHING),
                        decision.session().readOnly(),
                        decision.session(),
                        decision.expires()));
    }

    private record Decision(
            HookSession session,
            @Nullable String user,
            @Nullable Instant expires) {}

    private Future<Decision> decided(HookSession session, String event, String token) {
        return call(session.toJson(event).put("token", token))
                .map(answer -> {
                    if (!Boolean.TRUE.equals(answer.getValue("ok"))) {
                        throw new AuthenticationRefused(CloseCode.FORBIDDEN, reason(answer));
                    }
                    String user = answer.getValue("user") instanceof String name ? name : null;
                    Instant expires = answer.getValue("expiresIn") instanceof Number seconds
                            ? Instant.now().plusSeconds(seconds.longValue())
                            : null;
                    return new Decision(session.after(answer), user, expires);
                })
                .recover(failure -> Future.failedFuture(
                        failure instanceof AuthenticationRefused
                                ? failure
                                : new AuthenticationRefused(
                                        CloseCode.FORBIDDEN, "the application does not answer; try again later")));
    }

    private static String reason(JsonObject answer) {
        return answer.getValue("reason") instanceof String reason && !reason.isEmpty() ? reason : "permission-denied";
    }

    /**
     * Asks {@code onLoadDocument}.
     *
     * @param opener the client that opens it; null if it is opened by a call over HTTP
     * @return what the document begins with, if anything; fails if the application says no or does not answer
     */
    Future<Optional<byte[]>> load(@Nullable HookSession opener, String project, String document) {
        HookSession session = opener != null
                ? opener
                : new HookSession(
                        new Handshake("", "", Map.of(), "", ""), project, document, null, new JsonObject(), false);
        return call(session.toJson("onLoadDocument")).map(answer -> {
            if (!Boolean.TRUE.equals(answer.getValue("ok"))) {
                throw new IllegalStateException("onLoadDocument: " + reason(answer));
            }
            return answer.getValue("update") instanceof String update && !update.isEmpty()
                    ? Optional.of(Base64.getDecoder().decode(update))
                    : Optional.empty();
        });
    }

    /** Hands a client's message on; answers what is to be sent. */
    Future<List<HookAction>> stateless(HookSession session, String payload) {
        return call(session.toJson("onStateless").put("payload", payload)).map(ApplicationHooks::actions);
    }

    private static List<HookAction> actions(JsonObject answer) {
        List<HookAction> actions = new ArrayList<>();
        if (answer.getValue("actions") instanceof JsonArray wanted) {
            for (Object each : wanted) {
                if (actions.size() < ACTIONS_MAX
                        && each instanceof JsonObject action
                        && action.getValue("payload") instanceof String text) {
                    actions.add(new HookAction(!"sender".equals(action.getValue("to")), text));
                }
            }
        }
        return actions;
    }

    private Future<JsonObject> call(JsonObject body) {
        String event = body.getString("event");
        long startNanos = System.nanoTime();
        return calls.post(body.toBuffer())
                .map(ApplicationHooks::object)
                .onComplete(result -> meters.hookAnswered(event, result.succeeded(), startNanos))
                .onFailure(failure -> log.info(
                        "hook not answered event={} project={} document={} cause=\"{}\"",
                        event,
                        body.getString("project"),
                        body.getString("documentName"),
                        failure.toString()));
    }

    private static JsonObject object(Buffer answer) {
        try {
            return answer.toJsonObject();
        } catch (DecodeException | ClassCastException notAnObject) {
            throw new IllegalStateException("the answer is not a JSON object", notAnObject);
        }
    }
}
