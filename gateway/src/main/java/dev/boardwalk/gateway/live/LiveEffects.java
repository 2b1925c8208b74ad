package dev.boardwalk.gateway.live;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link LiveEntity} wants done: the outgoing half of the state machine.
 *
 * <p>An interface and not a list of records, because one edit to a hundred peers is one call here and nothing to collect;
 * tests record the calls as data. Calls come while an event is handled and must not call the entity back. For each peer
 * their order is the order on its wire.
 *
 * <p>The <em>audience</em> are the peers to whom everything new goes at once. It is kept on the other side of this interface
 * (grouped by socket loop, say), so that a broadcast needs no list of receivers: peers join and leave it here, and
 * peers that lag behind are not in it and are sent to one by one.
 */
public interface LiveEffects {
    /** From now on the peer gets broadcasts. Never called for a peer that is in the audience. */
    void joinAudience(LivePeer peer);

    /** From now on the peer gets no broadcasts. Never called for a peer that is not in the audience. */
    void leaveAudience(LivePeer peer);

    /** Send to the whole audience, except one of it. */
    void broadcast(Outgoing message, @Nullable LivePeer except);

    /** Send to one peer. */
    void send(LivePeer peer, Outgoing message);

    /** Say when all that was sent to the peer has left this process: {@link LiveEvent.PeerWritten}. */
    void tellWhenWritten(LivePeer peer);

    /** An update of this {@link PeerKind#WRITER} is durable. */
    void confirmed(LivePeer peer);

    /** Make the update durable and answer with {@link LiveEvent.Committed}; sequences ascend, with gaps. */
    void journal(long sequence, byte[] update);

    /** Tell the other gateways of the awareness of peers that are here: an encoded {@code AwarenessUpdate}. */
    void relayPresence(byte[] awareness);

    /**
     * Find out whether the other end of the holder's connection still answers, which may take seconds: if so, {@link
     * LiveEvent.ClientIdTaken} for the later one; if not, the holder's connection is cut.
     */
    void askAlive(LivePeer holder, LivePeer later);

    /** Tell the other gateways that a peer here says it is this client: {@link LiveEvent.ClientIdClaimed} there. */
    void relayClaim(long client);

    /**
     * As {@link #askAlive(LivePeer, LivePeer)}, because of a claim at another gateway: if the other end answers, {@link
     * LiveEvent.HolderAlive}; if not, the holder's connection is cut.
     */
    void askAliveFor(LivePeer holder, long gateway);

    /** Tell that gateway that the client it claimed is here and alive: {@link LiveEvent.ClientIdTakenElsewhere} there. */
    void relayTaken(long gateway, long client);

    /** Compute the diff and answer with {@link LiveEvent.DiffReady} or {@link LiveEvent.DiffFailed}. */
    void computeDiff(DiffRequest request);

    /** Close the peer's connection. The peer has left the entity already; its {@link LiveEvent.PeerLeft} changes nothing. */
    void close(LivePeer peer, CloseReason reason);

    /** Something was not taken, for the metrics; what follows of it for the peer are other effects. */
    void refused(@Nullable LivePeer peer, Refusal refusal);

    /** The log has grown beyond its limit: {@link LiveEntity#beginFlush} soon. Called once per flush. */
    void flushNeeded();

    /** A relayed update does not fit: something of another gateway is missing and has to be read from the journal. Called once in a while. */
    void rereadNeeded();
}
