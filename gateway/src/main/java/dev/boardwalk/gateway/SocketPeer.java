package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.AwarenessLimits;
import dev.boardwalk.crdt.sync.MalformedInput;
import dev.boardwalk.crdt.sync.StateVectors;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.UpdateValidator;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.gateway.live.CloseReason;
import dev.boardwalk.gateway.live.LiveEvent;
import dev.boardwalk.gateway.live.LivePeer;
import dev.boardwalk.gateway.live.PeerKind;
import dev.boardwalk.gateway.live.ValidUpdate;
import dev.boardwalk.store.EntityKey;
import io.vertx.core.http.ServerWebSocket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A y-websocket client on one socket: reads and checks what it sends on the socket's event loop, then hands it to the
 * entity's shard. What does not follow the protocol ends here.
 *
 * <p>Belongs to the socket's event loop, except what the shard keeps in it.
 */
final class SocketPeer extends LivePeer implements WebSocketWire.Receiver {

    /** What all peers of a gateway are checked against. */
    record Rules(
            UpdateValidator validator,
            AwarenessLimits awareness,
            int frameBytes,
            int queueBytes,
            long pendingBytes,
            GatewayMeters meters) {}

    /** Who reads less than this in the time that a stalled peer is given does not follow. */
    private static final long PROGRESS_BYTES = 64 * 1024;

    private static final byte[] KEEP_ALIVE = YWebsocketFrame.keepAlive();

    private final Rules rules;
    private final EntityKey key;
    private final EntityShard shard;
    private final Consumer<SocketPeer> onClosed;
    private final WebSocketWire wire;
    private boolean closing;
    private boolean stalled;
    private long queuedBefore;

    // The shard's.
    private @Nullable LiveSlot slot;
    private int audienceIndex;

    /** Takes over an accepted socket and enters the entity. */
    SocketPeer(ServerWebSocket socket, EntityKey key, EntityShard shard, Rules rules, Consumer<SocketPeer> onClosed) {
        super(PeerKind.CLIENT);
        this.rules = rules;
        this.key = key;
        this.shard = shard;
        this.onClosed = onClosed;
        this.wire = WebSocketWire.attach(socket, rules.frameBytes, rules.queueBytes, this);
    }

    /** Enters the entity; loads it if need be. */
    void enter() {
        shard.execute(() -> {
            LiveSlot entered = shard.open(key);
            slot = entered;
            entered.join(this);
        });
    }

    WebSocketWire wire() {
        return wire;
    }

    @Override
    public void binary(byte[] message) {
        rules.meters.received();
        if (closing) {
            return;
        }
        try {
            switch (YWebsocketFrame.decode(message, 0, message.length, rules.awareness)) {
                case YWebsocketFrame.Sync(SyncMessage sync) -> sync(sync);
                case YWebsocketFrame.Awareness(var awareness) -> tell(new LiveEvent.PeerAwareness(this, awareness));
                case YWebsocketFrame.QueryAwareness() -> tell(new LiveEvent.PeerQueryAwareness(this));
                case YWebsocketFrame.Marker(byte[] payload) -> tell(new LiveEvent.PeerMark(this, payload));
                case YWebsocketFrame.Auth _ -> rules.meters.refused("auth-from-client");
                case YWebsocketFrame.Unknown _ -> rules.meters.refused("unknown-type");
            }
        } catch (MalformedInput malformed) {
            rules.meters.refused(malformed.code().text());
            close(CloseCode.REFUSED, String.valueOf(malformed.getMessage()));
        }
    }

    private void sync(SyncMessage message) {
        switch (message) {
            case SyncMessage.Step1(byte[] stateVector) ->
                tell(new LiveEvent.PeerSyncStep1(this, StateVectors.decode(stateVector)));
            case SyncMessage.Step2(byte[] update) -> {
                ValidUpdate valid = checked(update);
                if (valid != null) {
                    tellUpdate(new LiveEvent.PeerSyncStep2(this, valid), valid);
                }
            }
            case SyncMessage.Update(byte[] update) -> {
                ValidUpdate valid = checked(update);
                if (valid != null) {
                    tellUpdate(new LiveEvent.PeerUpdate(this, valid), valid);
                }
            }
        }
    }

    /** The update with its outline; null when the gateway cannot take more, and the peer was told so. */
    private @Nullable ValidUpdate checked(byte[] update) {
        if (rules.meters.pendingBytes.get() > rules.pendingBytes) {
            rules.meters.refused("pending-full");
            close(CloseCode.OVERLOADED, "edits are not being saved now; try again later");
            return null;
        }
        return new ValidUpdate(update, rules.validator.validate(update));
    }

    private void tell(LiveEvent event) {
        shard.execute(() -> {
            if (slot != null) {
                slot.handle(event);
            }
        });
    }

    private void tellUpdate(LiveEvent event, ValidUpdate update) {
        shard.execute(() -> {
            LiveSlot entered = slot;
            if (entered != null && entered.full() && !entered.entity().contains(update)) {
                rules.meters.refused("document-too-large");
                entered.leave(this);
                closeFromShard(new CloseReason(
                        CloseCode.TOO_BIG.number(), "the entity is at its greatest size and takes no more edits"));
            } else if (entered != null) {
                entered.handle(event);
            }
        });
    }

    @Override
    public void text() {
        rules.meters.refused("text-message");
    }

    @Override
    public void tooLarge() {
        rules.meters.refused("message-too-large");
        close(CloseCode.TOO_BIG, "a message may have at most " + rules.frameBytes + " bytes");
    }

    @Override
    public void violation() {
        rules.meters.refused("websocket-violation");
        close(CloseCode.PROTOCOL_ERROR, "not a WebSocket frame");
    }

    @Override
    public void writable(boolean writable) {
        countStalled(!writable);
        tell(writable ? new LiveEvent.PeerWritable(this) : new LiveEvent.PeerStalled(this));
    }

    @Override
    public void closed() {
        closing = true;
        countStalled(false);
        onClosed.accept(this);
        shard.execute(() -> {
            if (slot != null) {
                slot.leave(this);
                slot = null;
            }
        });
    }

    /** A stalled peer on a slow line, which still reads a large state, is not as good as dead. Called every few seconds. */
    void noteProgress() {
        long queued = wire.queuedBytes();
        if (stalled && queuedBefore - queued >= PROGRESS_BYTES) {
            queuedBefore = queued;
            tell(new LiveEvent.PeerStalled(this));
        }
    }

    private void countStalled(boolean now) {
        if (stalled != now) {
            stalled = now;
            queuedBefore = wire.queuedBytes();
            rules.meters.stalledPeers.addAndGet(now ? 1 : -1);
        }
    }

    void sendKeepAlive() {
        wire.write(WebSocketWire.encode(KEEP_ALIVE));
        wire.flush();
    }

    /** Says why and closes. Belongs to the socket's event loop. */
    void close(CloseCode code, String reason) {
        if (!closing) {
            closing = true;
            rules.meters.closed(code.number());
            wire.close(code.number(), reason);
        }
    }

    /** The shard's way to close: after all that it sent before. */
    void closeFromShard(CloseReason reason) {
        slot = null;
        wire.executor().execute(() -> {
            if (!closing) {
                closing = true;
                rules.meters.closed(reason.code());
                wire.close(reason.code(), reason.text());
            }
        });
    }

    int audienceIndex() {
        return audienceIndex;
    }

    void audienceIndex(int index) {
        audienceIndex = index;
    }
}
