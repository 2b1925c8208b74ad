package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.MalformedInput;
import dev.boardwalk.crdt.sync.PartialUpdate;
import dev.boardwalk.crdt.sync.StateVectors;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.gateway.live.CloseReason;
import dev.boardwalk.gateway.live.LiveEvent;
import dev.boardwalk.gateway.live.LivePeer;
import dev.boardwalk.gateway.live.Outgoing;
import dev.boardwalk.gateway.live.PeerKind;
import dev.boardwalk.gateway.live.ValidUpdate;
import dev.boardwalk.store.EntityKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client's stay in one entity over a WebSocket, in either protocol: hands what its socket has read on to the entity's
 * shard, and is what the shard reaches it by. Updates are checked here, on the socket's event loop.
 *
 * <p>Belongs to the socket's event loop, except what the shard keeps in it.
 */
final class SocketPeer extends LivePeer {
    private final ClientSocket socket;
    private final Framing framing;
    private final EntityKey key;
    private final EntityShard shard;

    // The shard's.
    private @Nullable LiveSlot slot;
    private @Nullable Visitor visitor;
    private boolean announced;
    private int audienceIndex;

    SocketPeer(ClientSocket socket, PeerKind kind, Framing framing, EntityKey key, EntityShard shard) {
        super(kind);
        this.socket = socket;
        this.framing = framing;
        this.key = key;
        this.shard = shard;
    }

    @Override
    public @Nullable String user() {
        return visitor == null ? null : visitor.user();
    }

    @Override
    public boolean sharesSocketWith(LivePeer other) {
        return other instanceof SocketPeer peer && peer.socket == socket;
    }

    WebSocketWire wire() {
        return socket.wire();
    }

    Framing framing() {
        return framing;
    }

    EntityKey key() {
        return key;
    }

    /**
     * Enters the entity; loads it if need be.
     *
     * @param opener what the application is told if the entity has no content yet; null without hooks
     * @param who for the history and for webhooks
     */
    void enter(@Nullable HookSession opener, Visitor who) {
        shard.execute(() -> {
            visitor = who;
            LiveSlot entered = shard.open(key, opener);
            slot = entered;
            entered.join(this);
        });
    }

    void leave() {
        shard.execute(() -> {
            if (slot != null) {
                slot.leave(this);
                slot = null;
            }
        });
    }

    void tell(LiveEvent event) {
        shard.execute(() -> {
            if (slot != null) {
                slot.handle(event);
            }
        });
    }

    /**
     * Hands a sync message on; an update of a client that may not write is refused.
     *
     * @throws dev.boardwalk.crdt.sync.MalformedInput if the update or state vector in it is not one
     */
    void sync(SyncMessage message, boolean mayWrite) {
        switch (message) {
            case SyncMessage.Step1(byte[] stateVector) ->
                tell(new LiveEvent.PeerSyncStep1(this, StateVectors.decode(stateVector)));
            case SyncMessage.Step2(byte[] update) -> update(update, true, mayWrite);
            case SyncMessage.Update(byte[] update) -> update(update, false, mayWrite);
        }
    }

    private void update(byte[] bytes, boolean step2, boolean mayWrite) {
        PeerRules rules = socket.rules();
        if (rules.meters().pendingBytes.get() > rules.pendingBytes()) {
            rules.meters().refused("pending-full");
            socket.close(CloseCode.OVERLOADED, "edits are not being saved now; try again later");
            return;
        }
        ValidUpdate update = step2 ? answer(bytes, rules) : valid(bytes, rules);
        if (mayWrite) {
            tellUpdate(update, step2);
            return;
        }
        if (!update.outline().isEmpty()) {
            rules.meters().refused("read-only");
        }
        tell(new LiveEvent.PeerRefusedUpdate(this, update, step2));
    }

    private static ValidUpdate valid(byte[] bytes, PeerRules rules) {
        return new ValidUpdate(bytes, rules.validator().validate(bytes));
    }

    /**
     * An answer to SyncStep1. A client that waits for missing content itself answers with holes, every time it is asked:
     * what is before them is taken, the rest refused, as whoever has what is missing has that as well.
     */
    private static ValidUpdate answer(byte[] bytes, PeerRules rules) {
        try {
            return valid(bytes, rules);
        } catch (MalformedInput refusal) {
            if (refusal.code() != MalformedInput.Code.SKIP) {
                throw refusal;
            }
            rules.meters().refused(refusal.code().text());
            return valid(PartialUpdate.beforeHoles(bytes), rules);
        }
    }

    private void tellUpdate(ValidUpdate update, boolean step2) {
        LiveEvent event = step2 ? new LiveEvent.PeerSyncStep2(this, update) : new LiveEvent.PeerUpdate(this, update);
        shard.execute(() -> {
            LiveSlot entered = slot;
            if (entered != null && entered.full() && !entered.entity().contains(update)) {
                socket.rules().meters().refused("document-too-large");
                socket.full(this, entered, new LiveEvent.PeerRefusedUpdate(this, update, step2));
            } else if (entered != null) {
                entered.handle(event);
            }
        });
    }

    /** Sends what the application wants sent. */
    void act(List<HookAction> actions) {
        shard.execute(() -> {
            LiveSlot entered = slot;
            if (entered == null) {
                return;
            }
            for (HookAction action : actions) {
                Outgoing message = Outgoing.stateless(action.payload().getBytes(StandardCharsets.UTF_8));
                if (action.toAll()) {
                    entered.sendStateless(message);
                    shard.relay().stateless(entered.key(), message.payload());
                } else {
                    shard.frames().send(this, message);
                }
            }
        });
    }

    /** On the shard: closes after all that was sent before. */
    void closeFromShard(CloseReason reason) {
        slot = null;
        wire().executor().execute(() -> socket.left(this, reason));
    }

    /** On the shard, after all frames before have left it. */
    void tellWhenWritten() {
        wire().executor().execute(() -> wire().whenWritten(() -> tell(new LiveEvent.PeerWritten(this))));
    }

    /** On the shard: tells a peer that says it is the same client, if there is anybody at the other end of this one. */
    void askAlive(SocketPeer later) {
        wire().onLoop(() -> socket.askAlive(() -> later.tell(new LiveEvent.ClientIdTaken(later))));
    }

    /** On the shard: the same for another gateway, one of whose peers says that it is the same client. */
    void askAliveFor(long gateway) {
        wire().onLoop(() -> socket.askAlive(() -> tell(new LiveEvent.HolderAlive(this, gateway))));
    }

    /** On the shard: who it is; null before it enters. */
    @Nullable
    Visitor visitor() {
        return visitor;
    }

    /** On the shard: whether applications were told that it is here. */
    boolean announced() {
        return announced;
    }

    void announced(boolean now) {
        announced = now;
    }

    int audienceIndex() {
        return audienceIndex;
    }

    void audienceIndex(int index) {
        audienceIndex = index;
    }
}
