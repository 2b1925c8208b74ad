package dev.boardwalk.gateway;

import dev.boardwalk.gateway.live.CloseReason;
import dev.boardwalk.gateway.live.DiffRequest;
import dev.boardwalk.gateway.live.LiveEffects;
import dev.boardwalk.gateway.live.LivePeer;
import dev.boardwalk.gateway.live.Outgoing;
import dev.boardwalk.gateway.live.Refusal;
import org.jspecify.annotations.Nullable;

/** Carries out what a live entity's state machine wants done; belongs to the shard of its slot and to that thread. */
final class SlotEffects implements LiveEffects {
    private final LiveSlot slot;
    private final EntityShard shard;
    private final Audience audience = new Audience();

    SlotEffects(LiveSlot slot) {
        this.slot = slot;
        this.shard = slot.shard();
    }

    @Override
    public void joinAudience(LivePeer peer) {
        audience.add((SocketPeer) peer);
    }

    @Override
    public void leaveAudience(LivePeer peer) {
        audience.remove((SocketPeer) peer);
    }

    @Override
    public void broadcast(Outgoing message, @Nullable LivePeer except) {
        audience.send(shard.frames(), message, except);
    }

    @Override
    public void send(LivePeer peer, Outgoing message) {
        shard.frames().send((SocketPeer) peer, message);
    }

    @Override
    public void tellWhenWritten(LivePeer peer) {
        shard.tellWhenWritten((SocketPeer) peer);
    }

    @Override
    public void confirmed(LivePeer peer) {
        ((UpdateWriter) peer).confirmed(Math.max(slot.position(), shard.position()));
    }

    @Override
    public void journal(long sequence, byte[] update) {
        slot.journaled(sequence);
        shard.journal(slot, sequence, update);
    }

    @Override
    public void relayPresence(byte[] awareness) {
        shard.relay().presence(slot.key(), awareness);
    }

    @Override
    public void askAlive(LivePeer holder, LivePeer later) {
        ((SocketPeer) holder).askAlive((SocketPeer) later);
    }

    @Override
    public void relayClaim(long client) {
        shard.relay().claimed(slot.key(), client);
    }

    @Override
    public void askAliveFor(LivePeer holder, long gateway) {
        ((SocketPeer) holder).askAliveFor(gateway);
    }

    @Override
    public void relayTaken(long gateway, long client) {
        shard.relay().taken(slot.key(), client, gateway);
    }

    @Override
    public void computeDiff(DiffRequest request) {
        slot.workBegins();
        shard.computeDiff(slot, request);
    }

    @Override
    public void close(LivePeer peer, CloseReason reason) {
        slot.sentAway(peer);
        shard.close(peer, reason);
    }

    @Override
    public void refused(@Nullable LivePeer peer, Refusal refusal) {
        shard.refused(refusal);
        if (peer instanceof UpdateWriter writer) {
            writer.refused(refusal);
        }
    }

    @Override
    public void flushNeeded() {
        slot.wantTrim();
        shard.flushSoon(slot);
    }

    @Override
    public void rereadNeeded() {
        slot.rereadNeeded();
    }
}
