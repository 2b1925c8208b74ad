package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.IdSet;
import dev.boardwalk.gateway.live.HeldGaps.Arrival;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entity while peers have it open: a state machine that takes {@link LiveEvent}s and answers with calls on
 * {@link LiveEffects}. It knows no clock, no I/O and no threads; one owner calls it, so that a simulator can drive it from
 * one seed.
 *
 * <pre>
 *            Loaded                  Closed
 *  LOADING ──────────▶ OPEN ──────────────────▶ CLOSED
 *     │  events wait     │ ▲ everything               ▲
 *     │                  └─┘                          │
 *     └───────────────────────────────────────────────┘
 *            LoadFailed, Closed
 *
 *  one client's way to the audience (see {@link CatchUp}):
 *
 *             SyncStep1, empty                                     PeerStalled
 *  GREETED ─────────────────────────────────────▶ IN THE AUDIENCE ─────────────▶ STALLED
 *     │                                             ▲          ▲                   │
 *     │ SyncStep1                           its own│          └───────────────────┘
 *     └──────────▶ FOLLOWS WHAT IS COMMITTED ───────┘            PeerWritable: backlog or diff
 *                                  SyncStep2 committed
 * </pre>
 *
 * <p>An update's way: {@link Edits} admits it, {@link UpdateLog} keeps it, the audience gets it, the journal is asked to
 * make it durable. {@link LiveEvent.Committed} then releases its sender's {@linkplain Receipt receipt}. Nothing else ever
 * tells a client that an edit of its is safe.
 *
 * <p>Mistakes of peers are answered with refusals. Mistakes of the owner (a commit that goes back, a base that lacks
 * content) are thrown as {@link IllegalStateException}; the entity must then be dropped and loaded again.
 */
public final class LiveEntity {
    private enum Phase {
        LOADING,
        OPEN,
        CLOSED
    }

    /** Sends a peer away, as {@link Edits} and others need to. */
    @FunctionalInterface
    interface Closer {
        void close(LivePeer peer, Refusal refusal, CloseReason reason);
    }

    private final LiveLimits limits;
    private final LiveEffects effects;
    final PeerTable peers;
    final Content content = new Content();
    final ClientIds clientIds;
    final AwarenessTable awarenessTable;
    final Edits edits;
    private final LoadingQueue loadingQueue;
    private final AwarenessRelay awareness;
    private final Authorship authorship;
    private final CatchUp catchUp;
    private Phase phase = Phase.LOADING;
    /** Relayed updates came while loading for which there was no room. */
    private boolean relayedLost;
    /** What an entity without content begins with. */
    private @Nullable ValidUpdate seed;

    private long nowMillis = LivePeer.TIME_UNKNOWN;

    public LiveEntity(LiveLimits limits, LiveEffects effects) {
        this.limits = limits;
        this.effects = effects;
        loadingQueue = new LoadingQueue(limits);
        peers = new PeerTable(effects);
        clientIds = new ClientIds(effects);
        awarenessTable = new AwarenessTable(limits, clientIds);
        authorship = new Authorship(awarenessTable, peers);
        awareness = new AwarenessRelay(awarenessTable, clientIds, peers, limits, effects);
        catchUp = new CatchUp(content, peers, limits, effects);
        edits = new Edits(content, peers, clientIds, catchUp, limits, effects, this::close);
    }

    /** Handles one event; its effects have been called when this returns. */
    public void handle(LiveEvent event) {
        switch (phase) {
            case LOADING -> handleLoading(event);
            case OPEN -> handleOpen(event);
            case CLOSED -> {
                // What is still under way (commits, flushes, diffs, the peers' leaving) has nobody left to tell.
            }
        }
    }

    private void handleLoading(LiveEvent event) {
        switch (event) {
            case LiveEvent.Seeded(ValidUpdate update) -> seed = update;
            case LiveEvent.Loaded(Base base) -> open(base);
            case LiveEvent.LoadFailed(CloseReason reason) -> closeAll(reason);
            case LiveEvent.Closed(CloseReason reason) -> closeAll(reason);
            case LiveEvent.TimePassed(long now) -> timePassed(now);
            case LiveEvent.PeerJoined(LivePeer peer) -> admitPeer(peer);
            case LiveEvent.OfPeer ofPeer -> queue(ofPeer);
            case LiveEvent.RelayedUpdates relayed -> {
                if (!loadingQueue.offer(relayed)) {
                    effects.refused(null, Refusal.LOADING_FULL);
                    relayedLost = true;
                }
            }
            case LiveEvent.RelayedPresence _,
                    LiveEvent.PresenceWanted _,
                    LiveEvent.ClientIdClaimed _,
                    LiveEvent.ClientIdTakenElsewhere _,
                    LiveEvent.GatewayGone _ -> {
                // Whoever loads an entity asks for presence afterwards, and nobody is a client in it yet.
            }
            case LiveEvent.Committed _,
                    LiveEvent.FlushDone _,
                    LiveEvent.FlushFailed _,
                    LiveEvent.DiffReady _,
                    LiveEvent.DiffFailed _ -> throw new IllegalStateException(event + " before the entity is loaded");
        }
    }

    private void queue(LiveEvent.OfPeer event) {
        if (event.peer().isPresent() && !loadingQueue.offer(event)) {
            close(event.peer(), Refusal.LOADING_FULL, CloseReason.TOO_MUCH_WHILE_LOADING);
        }
    }

    private void open(Base base) {
        phase = Phase.OPEN;
        content.load(base);
        if (seed != null) {
            edits.begin(seed);
            seed = null;
        }
        for (LivePeer peer : List.copyOf(peers.all())) {
            greet(peer);
        }
        for (LiveEvent event = loadingQueue.poll(); event != null; event = loadingQueue.poll()) {
            handleOpen(event);
        }
        if (relayedLost) {
            edits.gaps().reread().ask();
        }
    }

    private void handleOpen(LiveEvent event) {
        switch (event) {
            case LiveEvent.PeerJoined(LivePeer peer) -> join(peer);
            case LiveEvent.OfPeer ofPeer -> {
                if (ofPeer.peer().isPresent()) {
                    handleOfPeer(ofPeer);
                }
            }
            case LiveEvent.Committed(long through) -> edits.commit(through);
            case LiveEvent.RelayedUpdates(List<ValidUpdate> updates) -> edits.takeRelayed(updates);
            case LiveEvent.RelayedPresence(long gateway, var update) -> awareness.takeRelayed(gateway, update);
            case LiveEvent.PresenceWanted() -> awareness.tellGateways();
            case LiveEvent.ClientIdClaimed(long gateway, long client) -> clientIds.claimedAt(gateway, client);
            case LiveEvent.ClientIdTakenElsewhere taken -> takenElsewhere(taken);
            case LiveEvent.GatewayGone(long gateway) -> awareness.gatewayGone(gateway);
            case LiveEvent.FlushDone(FlushWork work, Base base) -> {
                endFlush(work);
                content.rebase(work, base);
                catchUp.trim();
            }
            case LiveEvent.FlushFailed(FlushWork work) -> endFlush(work);
            case LiveEvent.DiffReady(DiffRequest request, List<byte[]> parts) -> catchUp.diffReady(request, parts);
            case LiveEvent.DiffFailed(DiffRequest request) -> diffFailed(request);
            case LiveEvent.TimePassed(long now) -> timePassed(now);
            case LiveEvent.Closed(CloseReason reason) -> closeAll(reason);
            case LiveEvent.Seeded _, LiveEvent.Loaded _, LiveEvent.LoadFailed _ ->
                throw new IllegalStateException("loaded twice");
        }
    }

    private void handleOfPeer(LiveEvent.OfPeer event) {
        switch (event) {
            case LiveEvent.PeerUpdate(LivePeer peer, ValidUpdate update) -> edits.take(peer, update, Arrival.EDIT);
            case LiveEvent.PeerSyncStep2(LivePeer peer, ValidUpdate update) -> edits.take(peer, update, Arrival.STEP2);
            case LiveEvent.PeerRefusedUpdate(LivePeer peer, ValidUpdate update, boolean step2) ->
                edits.refuse(peer, update, step2 ? Arrival.STEP2 : Arrival.EDIT);
            case LiveEvent.PeerUnreadable(LivePeer peer, boolean step2) ->
                edits.unreadable(peer, step2 ? Arrival.STEP2 : Arrival.EDIT);
            case LiveEvent.PeerSyncStep1(LivePeer peer, var stateVector) -> catchUp.answer(peer, stateVector);
            case LiveEvent.PeerAwareness(LivePeer peer, var update) -> awareness.take(peer, update);
            case LiveEvent.PeerQueryAwareness(LivePeer peer) -> awareness.answer(peer);
            case LiveEvent.PeerMark(LivePeer peer, byte[] payload) -> edits.mark(peer, payload);
            case LiveEvent.ClientIdTaken(LivePeer peer) -> {
                if (clientIds.contends(peer)) {
                    close(peer, Refusal.CLIENT_ID_TAKEN, CloseReason.CLIENT_ID_TAKEN);
                }
            }
            case LiveEvent.HolderAlive(LivePeer peer, long gateway) -> clientIds.answered(peer, gateway);
            case LiveEvent.PeerStalled(LivePeer peer) -> stall(peer);
            case LiveEvent.PeerWritable(LivePeer peer) -> resume(peer);
            case LiveEvent.PeerWritten(LivePeer peer) -> catchUp.written(peer);
            case LiveEvent.PeerLeft(LivePeer peer) -> leave(peer);
            case LiveEvent.PeerJoined _ -> throw new AssertionError("handled before");
        }
    }

    private boolean admitPeer(LivePeer peer) {
        if (peers.size() >= limits.peersMax()) {
            effects.refused(peer, Refusal.PEERS_FULL);
            effects.close(peer, CloseReason.TOO_MANY_PEERS);
            return false;
        }
        peers.add(peer);
        authorship.joined(peer);
        return true;
    }

    private void join(LivePeer peer) {
        if (admitPeer(peer)) {
            greet(peer);
        }
    }

    /** SyncStep1 goes before awareness, see {@link AwarenessTable}. */
    private void greet(LivePeer peer) {
        if (peer.isClient()) {
            catchUp.ask(peer);
            awareness.greet(peer);
        }
    }

    private void leave(LivePeer peer) {
        clientIds.left(peer);
        peers.remove(peer);
        edits.gaps().held().forget(peer);
        awareness.left(peer);
    }

    private void close(LivePeer peer, Refusal refusal, CloseReason reason) {
        effects.refused(peer, refusal);
        leave(peer);
        effects.close(peer, reason);
    }

    private void takenElsewhere(LiveEvent.ClientIdTakenElsewhere taken) {
        LivePeer peer = clientIds.takenAt(taken.gateway(), taken.client(), taken.yields());
        if (peer != null) {
            close(peer, Refusal.CLIENT_ID_TAKEN, CloseReason.CLIENT_ID_TAKEN);
        }
    }

    private void closeAll(CloseReason reason) {
        phase = Phase.CLOSED;
        loadingQueue.clear();
        for (LivePeer peer : List.copyOf(peers.all())) {
            peers.remove(peer);
            effects.close(peer, reason);
        }
    }

    private void stall(LivePeer peer) {
        peer.stalledAtMillis = nowMillis;
        if (!peer.stalled) {
            peer.stalled = true;
            awareness.stalled(peer);
            catchUp.stalled(peer);
        }
    }

    private void resume(LivePeer peer) {
        if (peer.stalled) {
            peer.stalled = false;
            awareness.resume(peer);
            peers.release(peer, content.log().committed());
            catchUp.resume(peer);
        }
    }

    private void endFlush(FlushWork work) {
        content.endFlush(work);
        edits.flushTaken();
    }

    private void diffFailed(DiffRequest request) {
        for (LivePeer peer : catchUp.takeWaiting(request)) {
            if (peer.awaits == request) {
                close(peer, Refusal.DIFF_FAILED, CloseReason.DIFF_FAILED);
            }
        }
        catchUp.trim();
    }

    private void timePassed(long now) {
        nowMillis = now;
        awarenessTable.timePassed(now);
        edits.gaps().reread().timePassed(now);
        content.forgetBaseFrames();
        for (LivePeer peer : List.copyOf(peers.outside())) {
            if (peer.stalledAtMillis == LivePeer.TIME_UNKNOWN) {
                peer.stalledAtMillis = now;
            }
            if (peer.stalled && now - peer.stalledAtMillis > limits.stalledMillisMax()) {
                close(peer, Refusal.STALLED, CloseReason.TOO_SLOW);
            }
        }
    }

    /** Takes the work of a flush; null when nothing is to be written or a flush is under way. */
    public @Nullable FlushWork beginFlush() {
        return content.beginFlush(authorship);
    }

    /** The committed content as updates to be applied in order. */
    public List<byte[]> committedPieces() {
        return content.committedPieces();
    }

    /** The clocks of all content, committed or not; not to be changed. */
    public ClockVector known() {
        return content.known();
    }

    /** The ids that all content deletes, committed or not; not to be changed. */
    public IdSet deleted() {
        return content.deleted();
    }

    /** Whether the update brings nothing that is not here, committed or not. */
    public boolean contains(ValidUpdate update) {
        return content.contains(update);
    }

    /** Number of peers of any kind. */
    public int peers() {
        return peers.size();
    }

    /** Whether there is content that no flush has written yet, committed or not. */
    public boolean isDirty() {
        return content.isDirty();
    }

    /** Bytes of updates that wait for their commit. */
    public long uncommittedBytes() {
        return content.log().uncommittedBytes();
    }

    /** Updates that are held over a gap. */
    public int heldUpdates() {
        return edits.gaps().held().size();
    }

    /** About how much heap the entity takes. */
    public long weightBytes() {
        return content.weightBytes()
                + peers.weightBytes()
                + awarenessTable.weightBytes()
                + edits.gaps().held().weightBytes()
                + loadingQueue.weightBytes();
    }
}
