package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.MalformedInput;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.gateway.live.CloseReason;
import dev.boardwalk.gateway.live.LiveEvent;
import dev.boardwalk.gateway.live.PeerKind;
import dev.boardwalk.store.EntityKey;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A socket of the y-websocket protocol: one client in one entity. What does not follow the protocol ends here.
 *
 * <p>Belongs to the socket's event loop.
 */
final class YjsSocket extends ClientSocket {
    private static final byte[] KEEP_ALIVE = YWebsocketFrame.keepAlive();

    private final String socketId;
    private final HeldMessages<byte[]> held;
    private List<SocketPeer> peers = List.of();
    private @Nullable SocketPeer peer;
    private Authenticator.@Nullable Admitted admitted;
    private String project = "";
    /** What it may do, decided when it was let in and whenever that changes: a message's way reads a field and asks nobody. */
    private boolean mayWrite;

    private boolean mayComment;

    YjsSocket(ServerWebSocket socket, String socketId, PeerRules rules, Consumer<ClientSocket> onClosed) {
        super(socket, rules, onClosed);
        this.socketId = socketId;
        held = new HeldMessages<>(waiting());
    }

    /** Enters the entity as soon as it is decided that the client may. */
    void enter(Future<Authenticator.Admitted> decision, EntityKey key, Function<EntityKey, EntityShard> shards) {
        decision.onComplete(result -> {
            if (result.succeeded()) {
                wire().onLoop(() -> admitted(result.result(), key, shards));
            } else {
                wire().onLoop(() -> refused(AuthenticationRefused.of(result.cause())));
            }
        });
    }

    private void admitted(Authenticator.Admitted decision, EntityKey asked, Function<EntityKey, EntityShard> shards) {
        if (closing()) {
            return;
        }
        admitted = decision;
        project = asked.project();
        EntityKey key = new EntityKey(decision.caller().organisation(), project, asked.name());
        if (!authenticated(decision.caller())) {
            held.clear();
            return;
        }
        mayWrite = decision.mayWrite(key.project(), key.name());
        mayComment = decision.mayComment(key.project(), key.name());
        SocketPeer entering = new SocketPeer(this, PeerKind.CLIENT, Framing.Y_WEBSOCKET, key, shards.apply(key));
        peer = entering;
        peers = List.of(entering);
        entering.enter(decision.hooks(), new Visitor(socketId, decision.caller().user()));
        for (byte[] message = held.poll(); message != null; message = held.poll()) {
            replay(message);
        }
    }

    private void replay(byte[] message) {
        if (!closing()) {
            try {
                message(message);
            } catch (MalformedInput refusal) {
                rules().meters().refused(refusal.code().text());
                malformed(message, refusal);
            }
        }
    }

    private void refused(AuthenticationRefused refusal) {
        held.clear();
        rules().meters().refused("not-admitted");
        close(refusal.code(), refusal.reason());
    }

    @Override
    Collection<SocketPeer> peers() {
        return peers;
    }

    @Override
    void message(byte[] message) {
        SocketPeer entered = peer;
        if (entered == null) {
            if (!held.offer(message, message.length)) {
                tooMuchWaits();
            }
            return;
        }
        YWebsocketFrame frame = YWebsocketFrame.decode(message, 0, message.length, rules().awareness());
        if (frame instanceof YWebsocketFrame.Sync || frame instanceof YWebsocketFrame.Marker) {
            chargeUpdate();
        } else {
            chargeAwareness();
        }
        switch (frame) {
            case YWebsocketFrame.Sync(SyncMessage sync) -> entered.sync(sync, mayWrite);
            case YWebsocketFrame.Awareness(var awareness) -> {
                if (mayComment) {
                    entered.tell(new LiveEvent.PeerAwareness(entered, awareness));
                } else {
                    rules().meters().refused("read-only");
                }
            }
            case YWebsocketFrame.QueryAwareness() -> entered.tell(new LiveEvent.PeerQueryAwareness(entered));
            case YWebsocketFrame.Marker(byte[] payload) -> entered.tell(new LiveEvent.PeerMark(entered, payload));
            case YWebsocketFrame.Auth _ -> rules().meters().refused("auth-from-client");
            case YWebsocketFrame.Unknown _ -> rules().meters().refused("unknown-type");
        }
    }

    @Override
    void malformed(byte[] message, MalformedInput refusal) {
        close(CloseCode.REFUSED, String.valueOf(refusal.getMessage()));
    }

    @Override
    void full(SocketPeer from, LiveSlot entered, LiveEvent.PeerRefusedUpdate refused) {
        entered.leave(from);
        from.closeFromShard(new CloseReason(
                CloseCode.TOO_BIG.number(), "the entity is at its greatest size and takes no more edits"));
    }

    @Override
    public void closed() {
        held.clear();
        super.closed();
    }

    @Override
    void left(SocketPeer from, CloseReason reason) {
        close(reason);
    }

    @Override
    void review(Authenticator.Review review) {
        Authenticator.Admitted decision = admitted;
        AuthenticationRefused refusal = decision == null ? null : review.of(decision, project);
        if (refusal != null) {
            refused(refusal);
        }
    }

    /** The protocol has no way to ask for another token: whose token has expired comes again with a new one. */
    @Override
    void round() {
        super.round();
        Instant expires = admitted == null ? null : admitted.expires();
        if (expires != null && !Instant.now().isBefore(expires)) {
            refused(new AuthenticationRefused(CloseCode.UNAUTHENTICATED, "the token has expired"));
        }
    }

    @Override
    byte[] keepAlive() {
        return KEEP_ALIVE;
    }
}
