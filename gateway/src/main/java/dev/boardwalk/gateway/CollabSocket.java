package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.HocuspocusFrame;
import dev.boardwalk.crdt.sync.MalformedInput;
import dev.boardwalk.gateway.live.CloseReason;
import dev.boardwalk.gateway.live.LiveEvent;
import dev.boardwalk.store.EntityKey;
import io.vertx.core.http.ServerWebSocket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A socket of the Hocuspocus protocol: many documents of one project, each known by its address, each let in by itself.
 *
 * <p>What goes wrong with one document stays with it as far as the protocol can say so. A document is closed only when its
 * client is not welcome any more; everything else that cannot go on closes the socket, because only then clients come
 * back by themselves.
 *
 * <p>Belongs to the socket's event loop.
 */
final class CollabSocket extends ClientSocket {
    private static final byte[] KEEP_ALIVE = HocuspocusFrame.keepAlive();
    private static final byte[] PONG = new HocuspocusFrame.Pong().encode();

    private final Handshake handshake;
    private final String project;
    private final Authenticator authenticator;
    private final @Nullable ApplicationHooks hooks;
    private final Function<EntityKey, EntityShard> shards;
    private final Map<String, CollabDocument> documents = new LinkedHashMap<>(2);

    CollabSocket(
            ServerWebSocket socket,
            Handshake handshake,
            String project,
            Authenticator authenticator,
            @Nullable ApplicationHooks hooks,
            Function<EntityKey, EntityShard> shards,
            PeerRules rules,
            Consumer<ClientSocket> onClosed) {
        super(socket, rules, onClosed);
        this.handshake = handshake;
        this.project = project;
        this.authenticator = authenticator;
        this.hooks = hooks;
        this.shards = shards;
    }

    Handshake handshake() {
        return handshake;
    }

    String project() {
        return project;
    }

    Authenticator authenticator() {
        return authenticator;
    }

    @Nullable
    ApplicationHooks hooks() {
        return hooks;
    }

    EntityShard shard(EntityKey key) {
        return shards.apply(key);
    }

    void send(HocuspocusFrame frame) {
        send(frame.encode());
    }

    @Override
    Collection<SocketPeer> peers() {
        List<SocketPeer> peers = new ArrayList<>(documents.size());
        for (CollabDocument document : documents.values()) {
            SocketPeer peer = document.peer();
            if (peer != null) {
                peers.add(peer);
            }
        }
        return peers;
    }

    @Override
    void message(byte[] message) {
        HocuspocusFrame decoded = HocuspocusFrame.decode(message, 0, message.length, rules().awareness());
        charge(decoded);
        switch (decoded) {
            case HocuspocusFrame.Ping() -> send(PONG);
            case HocuspocusFrame.Pong() -> {}
            case HocuspocusFrame.Addressed frame -> addressed(frame, message.length);
        }
    }

    private void charge(HocuspocusFrame frame) {
        switch (frame) {
            case HocuspocusFrame.Sync _, HocuspocusFrame.SyncReply _ -> chargeUpdate();
            case HocuspocusFrame.Stateless _, HocuspocusFrame.Token _ -> chargeStateless();
            default -> chargeAwareness();
        }
    }

    private void addressed(HocuspocusFrame.Addressed frame, int size) {
        CollabDocument document = documents.get(frame.address());
        if (document != null) {
            document.take(frame, size);
        } else if (CollabDocument.begins(frame)) {
            begin(frame, size);
        } else if (!(frame instanceof HocuspocusFrame.Close)) {
            // What clients still say about a document after they have closed it.
            rules().meters().refused("not-open");
        }
    }

    private void begin(HocuspocusFrame.Addressed frame, int size) {
        String address = frame.address();
        if (documents.size() >= rules().documentsPerSocket()) {
            rules().meters().refused("documents-full");
            send(new HocuspocusFrame.PermissionDenied(
                    address, "at most " + rules().documentsPerSocket() + " documents may be open on one socket"));
            return;
        }
        CollabDocument document;
        try {
            document = new CollabDocument(this, address);
        } catch (IllegalArgumentException invalid) {
            rules().meters().refused("invalid-name");
            send(new HocuspocusFrame.PermissionDenied(address, String.valueOf(invalid.getMessage())));
            return;
        }
        documents.put(address, document);
        document.take(frame, size);
    }

    /** The document is closed and forgotten; its address may be opened anew. */
    void forget(CollabDocument document) {
        documents.remove(document.address(), document);
    }

    @Override
    void malformed(byte[] message, MalformedInput refusal) {
        HocuspocusFrame.Head head = headOf(message);
        CollabDocument document = head == null ? null : documents.get(head.address());
        if (head == null || document == null || !document.unreadable(head)) {
            close(CloseCode.REFUSED, String.valueOf(refusal.getMessage()));
        }
    }

    private static HocuspocusFrame.@Nullable Head headOf(byte[] message) {
        try {
            return HocuspocusFrame.head(message, 0, message.length);
        } catch (MalformedInput notEvenThat) {
            return null;
        }
    }

    @Override
    void full(SocketPeer peer, LiveSlot entered, LiveEvent.PeerRefusedUpdate refused) {
        entered.handle(refused);
    }

    @Override
    public void closed() {
        super.closed();
        documents.values().forEach(CollabDocument::dropWaiting);
    }

    @Override
    void left(SocketPeer peer, CloseReason reason) {
        for (CollabDocument document : documents.values()) {
            if (document.peer() == peer) {
                document.left(reason);
                return;
            }
        }
    }

    @Override
    void round() {
        super.round();
        long now = System.currentTimeMillis();
        for (CollabDocument document : List.copyOf(documents.values())) {
            document.round(now);
        }
    }

    @Override
    void review(Authenticator.Review review) {
        for (CollabDocument document : List.copyOf(documents.values())) {
            document.review(review);
        }
    }

    @Override
    byte[] keepAlive() {
        return KEEP_ALIVE;
    }
}
