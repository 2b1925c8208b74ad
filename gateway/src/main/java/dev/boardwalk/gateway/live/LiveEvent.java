package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.AwarenessUpdate;
import dev.boardwalk.crdt.sync.ClockVector;
import java.util.List;

/** Something that happens to a {@link LiveEntity}. Events about a peer that is not (or no longer) in it are ignored. */
public sealed interface LiveEvent {
    /** An event that a peer caused. */
    sealed interface OfPeer extends LiveEvent {
        LivePeer peer();
    }

    /** A peer came. A client is sent SyncStep1 and all awareness states, also before it sends anything. */
    record PeerJoined(LivePeer peer) implements OfPeer {}

    /** A peer asks for what its state vector lacks. The vector belongs to the entity from now on. */
    record PeerSyncStep1(LivePeer peer, ClockVector stateVector) implements OfPeer {}

    /** A peer's answer to the entity's SyncStep1. */
    record PeerSyncStep2(LivePeer peer, ValidUpdate update) implements OfPeer {}

    /** A peer's edit. */
    record PeerUpdate(LivePeer peer, ValidUpdate update) implements OfPeer {}

    /** An update of a peer that may not write, or to an entity that takes no more. */
    record PeerRefusedUpdate(LivePeer peer, ValidUpdate update, boolean step2) implements OfPeer {}

    /** An update of a peer that could not be read; what it said is asked for again. */
    record PeerUnreadable(LivePeer peer, boolean step2) implements OfPeer {}

    /** A peer's awareness, decoded and checked. */
    record PeerAwareness(LivePeer peer, AwarenessUpdate awareness) implements OfPeer {}

    /** A peer asks for all awareness states. */
    record PeerQueryAwareness(LivePeer peer) implements OfPeer {}

    /** A mark (type 102) which is to come back when all that the peer sent before it is durable. */
    record PeerMark(LivePeer peer, byte[] payload) implements OfPeer {}

    /** Too much waits in the peer's channel: send it nothing. Comes again when it has read some, and then has more time. */
    record PeerStalled(LivePeer peer) implements OfPeer {}

    /** Another peer that is alive is the client which this one says it is, see {@link LiveEffects#askAlive}. */
    record ClientIdTaken(LivePeer peer) implements OfPeer {}

    /** A peer that another gateway asked about because of a claim, see {@link LiveEffects#askAliveFor}, is alive. */
    record HolderAlive(LivePeer peer, long gateway) implements OfPeer {}

    /** The peer's channel takes messages again. */
    record PeerWritable(LivePeer peer) implements OfPeer {}

    /** What the peer was sent has left this process, see {@link LiveEffects#tellWhenWritten}. */
    record PeerWritten(LivePeer peer) implements OfPeer {}

    /** A peer is gone. */
    record PeerLeft(LivePeer peer) implements OfPeer {}

    /** The stored content is here; what arrived meanwhile is handled now. */
    record Loaded(Base base) implements LiveEvent {}

    /** The content with which an entity that has none begins; comes before {@link Loaded}, and is still to be journaled. */
    record Seeded(ValidUpdate update) implements LiveEvent {}

    /** The stored content could not be had; all peers are closed and the entity is of no further use. */
    record LoadFailed(CloseReason reason) implements LiveEvent {}

    /** All updates up to this sequence are durable. Sequences come in order, each once. */
    record Committed(long throughSequence) implements LiveEvent {}

    /** Updates that another gateway has committed, or that were re-read from the journal. */
    record RelayedUpdates(List<ValidUpdate> updates) implements LiveEvent {
        public RelayedUpdates {
            updates = List.copyOf(updates);
        }
    }

    /** Awareness of the peers of another gateway. */
    record RelayedPresence(long gateway, AwarenessUpdate awareness) implements LiveEvent {}

    /** Another gateway has just loaded the entity and does not know the peers that are here. */
    record PresenceWanted() implements LiveEvent {}

    /** A peer at another gateway says that it is this client. */
    record ClientIdClaimed(long gateway, long client) implements LiveEvent {}

    /**
     * A peer at another gateway, which is alive, is the client that a peer here says it is.
     *
     * @param yields whether that gateway's peer has to go where both were first
     */
    record ClientIdTakenElsewhere(long gateway, long client, boolean yields) implements LiveEvent {}

    /** Another gateway is gone, and its peers with it. */
    record GatewayGone(long gateway) implements LiveEvent {}

    /** A flush has written the work; the base contains exactly what the work contained. */
    record FlushDone(FlushWork work, Base base) implements LiveEvent {}

    /** A flush has not written the work; it can be taken again. */
    record FlushFailed(FlushWork work) implements LiveEvent {}

    /** A diff has been computed: an update, as parts to be applied in order. */
    record DiffReady(DiffRequest request, List<byte[]> parts) implements LiveEvent {
        public DiffReady {
            parts = List.copyOf(parts);
        }
    }

    /** A diff could not be computed; the peers that wait for it are closed. */
    record DiffFailed(DiffRequest request) implements LiveEvent {}

    /** Time went on; needed about once a second. Milliseconds of any clock that never goes back. */
    record TimePassed(long nowMillis) implements LiveEvent {}

    /** The entity ends (deleted, drained): all peers are closed. What is not yet committed stays with the journal. */
    record Closed(CloseReason reason) implements LiveEvent {}
}
