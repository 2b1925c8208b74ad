package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.HocuspocusFrame;
import dev.boardwalk.crdt.sync.MalformedInput;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.gateway.live.CloseReason;
import dev.boardwalk.gateway.live.LiveEvent;
import dev.boardwalk.gateway.live.PeerKind;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One document on a Hocuspocus socket, from the first message about it to its end.
 *
 * <pre>
 *            first Token or SyncStep1           admitted
 *  (nothing) ───────────────────────▶ DECIDING ──────────▶ OPEN ── Close, deleted ──▶ (nothing)
 *                                      │   ▲ Token           │
 *                                refused   │                 │ another token was refused, or none came in time
 *                                      ▼   │                 │
 *                                      DENIED ◀──────────────┘
 * </pre>
 *
 * <p>Clients send their whole handshake without waiting for an answer; what comes while it is being decided waits. What still
 * comes after a refusal is dropped, so that a SyncStep1 which was under way does not count as another attempt.
 *
 * <p>Belongs to the socket's event loop.
 */
final class CollabDocument {
    /** How long a client may take to send a new token when its own has expired. */
    private static final Duration TOKEN_PATIENCE = Duration.ofSeconds(30);

    /** So many unreadable messages of one document are answered by asking again; a client that sends more is broken. */
    private static final int UNREADABLE_MAX = 10;

    /** Stateless messages of one document that may wait for the application. */
    private static final int STATELESS_WAITING_MAX = 256;

    private enum Stage {
        DECIDING,
        OPEN,
        DENIED
    }

    private final CollabSocket socket;
    private final String address;
    private final String name;
    private final HeldMessages<HocuspocusFrame.Addressed> held;
    private Stage stage = Stage.DENIED;
    private boolean untried = true;
    private Authenticator.@Nullable Admitted admitted;
    private @Nullable SocketPeer peer;
    private @Nullable String providerVersion;
    /** What it may do, decided when it was let in and whenever that changes: a message's way reads a field and asks nobody. */
    private boolean mayWrite;

    private boolean mayComment;
    private int unreadable;
    private boolean tokenAsked;
    private boolean deciding;
    private boolean over;
    private Future<?> stateless = Future.succeededFuture();
    private int statelessWaiting;

    /**
     * A document about which nothing was decided yet.
     *
     * @throws IllegalArgumentException if no entity can have that name
     */
    CollabDocument(CollabSocket socket, String address) {
        this.socket = socket;
        this.address = address;
        int end = address.indexOf('\0');
        this.name = end < 0 ? address : address.substring(0, end);
        this.held = new HeldMessages<>(socket.waiting());
        EntityAddress.check(socket.project(), name);
    }

    /** Whether a client begins a document with this: version 2 sends no token unless it has one. */
    static boolean begins(HocuspocusFrame.Addressed frame) {
        return frame instanceof HocuspocusFrame.Token
                || frame instanceof HocuspocusFrame.Sync(String _, SyncMessage message)
                        && message instanceof SyncMessage.Step1;
    }

    String address() {
        return address;
    }

    @Nullable
    SocketPeer peer() {
        return peer;
    }

    void take(HocuspocusFrame.Addressed frame, int size) {
        switch (stage) {
            case OPEN -> handle(frame);
            case DECIDING -> hold(frame, size);
            case DENIED -> {
                if (frame instanceof HocuspocusFrame.Close) {
                    end();
                } else if (frame instanceof HocuspocusFrame.Token token) {
                    decide(token);
                } else if (untried) {
                    hold(frame, size);
                    decide(null);
                } else {
                    socket.rules().meters().refused("not-open");
                }
            }
        }
    }

    private void hold(HocuspocusFrame.Addressed frame, int size) {
        if (frame instanceof HocuspocusFrame.Close) {
            end();
        } else if (!held.offer(frame, size)) {
            socket.tooMuchWaits();
        }
    }

    private void decide(HocuspocusFrame.@Nullable Token token) {
        untried = false;
        stage = Stage.DECIDING;
        ask(token, null)
                .onComplete(result -> socket.wire().onLoop(() -> {
                    deciding = false;
                    if (over || socket.closing()) {
                        return;
                    }
                    if (result.succeeded()) {
                        open(result.result());
                    } else {
                        deny(AuthenticationRefused.of(result.cause()).reason());
                    }
                }));
    }

    private Future<Authenticator.Admitted> ask(
            HocuspocusFrame.@Nullable Token frame, Authenticator.@Nullable Admitted before) {
        String token =
                frame == null || frame.token().isEmpty() ? socket.handshake().token() : frame.token();
        if (frame != null) {
            providerVersion = frame.version();
        }
        deciding = true;
        return socket.authenticator()
                .admit(new Authenticator.Attempt(
                        socket.handshake(), socket.project(), name, token, providerVersion, before));
    }

    private void open(Authenticator.Admitted decision) {
        if (!socket.authenticated(decision.caller())) {
            held.clear();
            return;
        }
        OrganisationId organisation = decision.caller().organisation();
        EntityKey key = new EntityKey(organisation, socket.project(), name);
        stage = Stage.OPEN;
        permit(decision);
        sayScope();
        SocketPeer entering =
                new SocketPeer(socket, PeerKind.COUNTING_CLIENT, Framing.hocuspocus(address), key, socket.shard(key));
        peer = entering;
        entering.enter(
                decision.hooks(),
                new Visitor(socket.handshake().socketId(), decision.caller().user()));
        if (socket.stalled()) {
            entering.tell(new LiveEvent.PeerStalled(entering));
        }
        for (var frame = held.poll(); frame != null && stage == Stage.OPEN && !over; frame = held.poll()) {
            replay(frame);
        }
    }

    private void replay(HocuspocusFrame.Addressed frame) {
        try {
            handle(frame);
        } catch (MalformedInput refusal) {
            socket.rules().meters().refused(refusal.code().text());
            socket.malformed(frame.encode(), refusal);
        }
    }

    private void permit(Authenticator.Admitted decision) {
        admitted = decision;
        mayWrite = decision.mayWrite(socket.project(), name);
        mayComment = decision.mayComment(socket.project(), name);
        tokenAsked = false;
    }

    private void sayScope() {
        socket.send(new HocuspocusFrame.Authenticated(
                address,
                mayWrite ? HocuspocusFrame.Authenticated.READ_WRITE : HocuspocusFrame.Authenticated.READ_ONLY));
    }

    private void deny(String reason) {
        stage = Stage.DENIED;
        held.clear();
        SocketPeer leaving = peer;
        peer = null;
        if (leaving != null) {
            leaving.leave();
        }
        socket.rules().meters().refused("not-admitted");
        socket.send(new HocuspocusFrame.PermissionDenied(address, reason));
    }

    private void handle(HocuspocusFrame.Addressed frame) {
        SocketPeer here = Objects.requireNonNull(peer, "an open document without a peer");
        switch (frame) {
            case HocuspocusFrame.Sync(String _, SyncMessage message) -> here.sync(message, mayWrite);
            case HocuspocusFrame.SyncReply(String _, SyncMessage message) -> here.sync(message, mayWrite);
            case HocuspocusFrame.Awareness(String _, var update) -> {
                if (mayComment) {
                    here.tell(new LiveEvent.PeerAwareness(here, update));
                } else {
                    socket.rules().meters().refused("read-only");
                }
            }
            case HocuspocusFrame.QueryAwareness _ -> here.tell(new LiveEvent.PeerQueryAwareness(here));
            case HocuspocusFrame.Token token -> renew(token);
            case HocuspocusFrame.Stateless(String _, String payload) -> stateless(here, payload);
            // Not answered: a provider that has the document open again would take it for the end of that.
            case HocuspocusFrame.Close _ -> end();
            case HocuspocusFrame.Unknown _ -> socket.rules().meters().refused("unknown-type");
            case HocuspocusFrame.BroadcastStateless _,
                    HocuspocusFrame.TokenRequest _,
                    HocuspocusFrame.PermissionDenied _,
                    HocuspocusFrame.Authenticated _,
                    HocuspocusFrame.SyncStatus _ -> socket.rules().meters().refused("server-only");
        }
    }

    /** Another token for an open document: it goes on as before until that is decided. */
    private void renew(HocuspocusFrame.Token token) {
        if (deciding) {
            socket.rules().meters().refused("token-undecided");
            return;
        }
        ask(token, admitted)
                .onComplete(result -> socket.wire().onLoop(() -> {
                    deciding = false;
                    if (over || stage != Stage.OPEN || socket.closing()) {
                        return;
                    }
                    if (result.succeeded() && !sameOrganisation(result.result())) {
                        deny("the token is one of another organisation");
                    } else if (result.succeeded()) {
                        boolean before = mayWrite;
                        permit(result.result());
                        if (mayWrite != before) {
                            sayScope();
                        }
                    } else {
                        deny(AuthenticationRefused.of(result.cause()).reason());
                    }
                }));
    }

    private boolean sameOrganisation(Authenticator.Admitted decision) {
        return admitted != null
                && decision.caller().organisation().equals(admitted.caller().organisation());
    }

    /** Hands a message of the application on, in order; what it answers goes to whom it says. */
    private void stateless(SocketPeer here, String payload) {
        ApplicationHooks hooks = socket.hooks();
        Authenticator.Admitted who = admitted;
        if (hooks == null || who == null || who.hooks() == null || !mayComment) {
            socket.rules().meters().refused("stateless-unheard");
            return;
        }
        if (statelessWaiting >= STATELESS_WAITING_MAX) {
            socket.rules().meters().refused("stateless-full");
            return;
        }
        statelessWaiting++;
        HookSession session = who.hooks();
        stateless = stateless
                .transform(_ -> hooks.stateless(session, payload))
                .onSuccess(actions -> here.act(actions))
                .onFailure(_ -> socket.rules().meters().refused("stateless-unanswered"))
                .onComplete(_ -> socket.wire().onLoop(() -> statelessWaiting--));
    }

    /**
     * Takes note of a message that could not be read.
     *
     * @return false if the client is too broken to go on with
     */
    boolean unreadable(HocuspocusFrame.Head head) {
        SocketPeer here = peer;
        if (here == null || ++unreadable > UNREADABLE_MAX) {
            return false;
        }
        if (head.bringsUpdate()) {
            here.tell(new LiveEvent.PeerUnreadable(here, head.isStep2()));
        }
        return true;
    }

    /** The socket is gone. */
    void dropWaiting() {
        held.clear();
    }

    /** The entity has sent the peer away. */
    void left(CloseReason reason) {
        peer = null;
        if (reason.code() == CloseCode.NO_SUCH_ENTITY.number()) {
            socket.rules().meters().closed(reason.code());
            farewell(reason.text());
            end();
        } else if (reason.equals(CloseReason.TOO_MANY_PEERS)) {
            deny(reason.text());
        } else {
            socket.close(reason);
        }
    }

    void review(Authenticator.Review review) {
        AuthenticationRefused refusal =
                admitted == null || stage != Stage.OPEN ? null : review.of(admitted, socket.project());
        if (refusal == null) {
            return;
        }
        if (refusal.code() == CloseCode.RECONNECT) {
            socket.close(refusal.code(), refusal.reason());
        } else {
            deny(refusal.reason());
        }
    }

    /** Version 2 throws at a Close, and only from version 4 on do clients say who they are. */
    private void farewell(String reason) {
        socket.send(
                providerVersion != null
                        ? new HocuspocusFrame.Close(address, reason)
                        : new HocuspocusFrame.PermissionDenied(address, reason));
    }

    /** Called every few seconds: asks for a token that is due, and does not wait for it for ever. */
    void round(long nowMillis) {
        Instant expires = admitted == null ? null : admitted.expires();
        if (stage != Stage.OPEN || expires == null || nowMillis < expires.toEpochMilli()) {
            return;
        }
        if (!tokenAsked) {
            tokenAsked = true;
            socket.send(new HocuspocusFrame.TokenRequest(address));
        } else if (nowMillis > expires.plus(TOKEN_PATIENCE).toEpochMilli()) {
            deny("the token has expired");
        }
    }

    private void end() {
        over = true;
        held.clear();
        SocketPeer leaving = peer;
        peer = null;
        if (leaving != null) {
            leaving.leave();
        }
        socket.forget(this);
    }
}
