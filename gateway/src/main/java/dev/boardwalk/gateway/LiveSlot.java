package dev.boardwalk.gateway;

import dev.boardwalk.gateway.live.CloseReason;
import dev.boardwalk.gateway.live.DiffRequest;
import dev.boardwalk.gateway.live.FlushWork;
import dev.boardwalk.gateway.live.LiveEffects;
import dev.boardwalk.gateway.live.LiveEntity;
import dev.boardwalk.gateway.live.LiveEvent;
import dev.boardwalk.gateway.live.LiveLimits;
import dev.boardwalk.gateway.live.LivePeer;
import dev.boardwalk.gateway.live.Outgoing;
import dev.boardwalk.gateway.live.PeerKind;
import dev.boardwalk.gateway.live.Refusal;
import dev.boardwalk.gateway.live.ValidUpdate;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.GatewayLease;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One entity in memory: its state machine, and what the server has to know of it: peers, ticks that no flush has covered,
 * place in the cache. Carries out the state machine's effects.
 *
 * <p>Belongs to its shard and its thread, except {@link #key}, {@link #shard} and, once loaded, {@link #id}.
 */
final class LiveSlot implements LiveEffects {

    /**
     * What a flush takes away of one entity: the work, and which ticks under which lease it covers.
     *
     * @param rowPosition position of the entity's row when this gateway last read or wrote it
     * @param hasOwn false if all of the work is what other gateways committed, and flush
     */
    record FlushJob(
            LiveSlot slot,
            FlushWork work,
            @Nullable GatewayLease lease,
            long firstTick,
            long lastTick,
            long rowPosition,
            boolean hasOwn) {

        /** First tick, as far as it is one under this lease: ticks under a lost one count for nothing. */
        long firstTick(GatewayLease writing) {
            return writing.equals(lease) ? firstTick : 0;
        }

        long lastTick(GatewayLease writing) {
            return writing.equals(lease) ? lastTick : 0;
        }
    }

    private static final Logger log = LoggerFactory.getLogger(LiveSlot.class);

    private final EntityKey key;
    private final EntityShard shard;
    private final LiveEntity entity;
    private final Audience audience = new Audience();
    /** Everyone who is in the entity: sockets and writers. */
    private final Set<LivePeer> peers = new HashSet<>();

    private volatile @Nullable EntityId id;
    private boolean gone;
    private boolean abandoned;
    private boolean touched;
    private boolean full;
    private boolean flushRequested;
    private boolean rereadWanted;
    /** The log has outgrown its limit by what other gateways wrote, which they flush themselves. */
    private boolean trimWanted;

    /** What waits until the entity is loaded. */
    private final List<Runnable> whenLoaded = new ArrayList<>();

    private int pendingWork;
    private long journaledThrough;
    private long committedThrough;
    private long flushedThrough;
    private @Nullable FlushJob flushing;
    private @Nullable GatewayLease tickLease;
    private long firstTick;
    private long lastTick;
    private long position;
    private long rowPosition;

    LiveSlot(EntityKey key, EntityShard shard, LiveLimits limits) {
        this.key = key;
        this.shard = shard;
        this.entity = new LiveEntity(limits, this);
    }

    EntityKey key() {
        return key;
    }

    EntityShard shard() {
        return shard;
    }

    /** Known once the entity is loaded. */
    EntityId id() {
        EntityId known = id;
        if (known == null) {
            throw new IllegalStateException("entity " + key + " is not loaded yet");
        }
        return known;
    }

    boolean loaded() {
        return id != null;
    }

    /** Left the shard's map: deleted, broken or evicted. */
    boolean gone() {
        return gone;
    }

    void markGone() {
        gone = true;
    }

    /** From now on nothing reaches the state machine; whatever is left to flush, others flush. */
    void abandon() {
        abandoned = true;
        peers.forEach(this::sayLeft);
        peers.clear();
    }

    boolean touched() {
        return touched;
    }

    void touched(boolean now) {
        touched = now;
    }

    long weigh() {
        return abandoned ? 0 : entity.weightBytes();
    }

    LiveEntity entity() {
        return entity;
    }

    /** Position of the last commit that this slot saw; 0 if none. */
    long position() {
        return position;
    }

    /** Whether updates of this slot are not in an operation yet. */
    boolean dirty() {
        return !abandoned && journaledThrough > flushedThrough;
    }

    /** Whether all that was handed to the ticker came back. */
    boolean settled() {
        return committedThrough >= journaledThrough;
    }

    /** Whether something is committed and not flushed. */
    boolean flushable() {
        return !abandoned && committedThrough > flushedThrough;
    }

    /** Whether nobody needs this slot in memory: nothing would be lost with it. */
    boolean idle() {
        return abandoned || loaded() && peers.isEmpty() && pendingWork == 0 && !dirty();
    }

    /** Whether a flush is due because everybody left. */
    boolean lonely() {
        return peers.isEmpty() && flushable() && flushing == null && !flushRequested;
    }

    void flushRequested() {
        flushRequested = true;
    }

    Set<LivePeer> peers() {
        return peers;
    }

    void loaded(EntityId stored, long storedPosition, LiveEvent.Loaded event, @Nullable ValidUpdate seed) {
        id = stored;
        peers.forEach(this::sayHere);
        rowPosition = storedPosition;
        if (seed != null) {
            handle(new LiveEvent.Seeded(seed));
        }
        handle(event);
        whenLoaded.forEach(Runnable::run);
        whenLoaded.clear();
    }

    /** Does something as soon as the entity is loaded, which may be now; never if it cannot be loaded. */
    void whenLoaded(Runnable work) {
        if (loaded()) {
            work.run();
        } else {
            whenLoaded.add(work);
        }
    }

    void join(LivePeer peer) {
        if (peers.isEmpty() && loaded() && peer.kind() != PeerKind.WRITER) {
            shard.wantPresence(this);
        }
        peers.add(peer);
        sayHere(peer);
        handle(new LiveEvent.PeerJoined(peer));
    }

    private void sayHere(LivePeer peer) {
        EntityId known = id;
        if (known != null && peer instanceof SocketPeer socket && !socket.announced()) {
            socket.announced(shard.sayHere(known, socket));
        }
    }

    private void sayLeft(LivePeer peer) {
        if (peer instanceof SocketPeer socket && socket.announced()) {
            socket.announced(false);
            shard.sayLeft(id(), socket);
        }
    }

    void leave(LivePeer peer) {
        peers.remove(peer);
        sayLeft(peer);
        handle(new LiveEvent.PeerLeft(peer));
    }

    /** Sends a message of the application to all Hocuspocus clients; who reads too slowly misses it. */
    void sendStateless(Outgoing message) {
        for (LivePeer peer : peers) {
            if (peer instanceof SocketPeer socket
                    && peer.kind() == PeerKind.COUNTING_CLIENT
                    && socket.wire().writable()) {
                shard.frames().send(socket, message);
            }
        }
        shard.touch(this);
    }

    /** Hands an event to the state machine. A bug in there costs the entity its place in memory, not the process. */
    void handle(LiveEvent event) {
        if (abandoned) {
            return;
        }
        shard.touch(this);
        try {
            entity.handle(event);
        } catch (RuntimeException bug) {
            log.error(
                    "live entity failed and is dropped entity={} event={}",
                    key,
                    event.getClass().getSimpleName(),
                    bug);
            shard.drop(this, CloseCode.INTERNAL, "internal error");
        }
    }

    /** Whether the entity takes no more edits because of its size. */
    boolean full() {
        return full;
    }

    /** Looks whether the entity has grown beyond what one may be; answers its weight. */
    long measure(long documentBytesMax) {
        long bytes = weigh();
        full = bytes > documentBytesMax;
        return bytes;
    }

    void committed(Ticker.Saved saved) {
        committedThrough = saved.throughSequence();
        position = saved.tick().position();
        if (!saved.lease().equals(tickLease)) {
            // Ticks under a lost lease are flushed by whoever took it over.
            tickLease = saved.lease();
            firstTick = 0;
        }
        if (firstTick == 0) {
            firstTick = saved.tick().tick();
        }
        lastTick = saved.tick().tick();
        handle(new LiveEvent.Committed(saved.throughSequence()));
    }

    /** Takes what is committed and not flushed; null if there is nothing, or a flush is under way. */
    @Nullable
    FlushJob beginFlush() {
        flushRequested = false;
        if (flushing != null || abandoned || !flushable() && !trimWanted) {
            return null;
        }
        FlushWork work = entity.beginFlush();
        if (work == null) {
            return null;
        }
        FlushJob job = new FlushJob(this, work, tickLease, firstTick, lastTick, rowPosition, flushable());
        trimWanted = false;
        flushing = job;
        firstTick = 0;
        return job;
    }

    /** The flush wrote the entity's row, which is at this position now; 0 if it did not. */
    void flushed(FlushJob job, LiveEvent.FlushDone done, long writtenPosition) {
        flushing = null;
        rowPosition = Math.max(rowPosition, writtenPosition);
        flushedThrough = job.work.throughSequence();
        handle(done);
    }

    void flushFailed(FlushJob job) {
        flushing = null;
        if (job.lease != null && job.lease.equals(tickLease)) {
            firstTick = job.firstTick;
        }
        handle(new LiveEvent.FlushFailed(job.work));
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
        ((UpdateWriter) peer).confirmed(Math.max(position, shard.position()));
    }

    @Override
    public void journal(long sequence, byte[] update) {
        journaledThrough = sequence;
        shard.journal(this, sequence, update);
    }

    @Override
    public void relayPresence(byte[] awareness) {
        shard.relayPresence(this, awareness);
    }

    @Override
    public void askAlive(LivePeer holder, LivePeer later) {
        ((SocketPeer) holder).askAlive((SocketPeer) later);
    }

    @Override
    public void computeDiff(DiffRequest request) {
        pendingWork++;
        shard.computeDiff(this, request);
    }

    void diffComputed(LiveEvent answer) {
        pendingWork--;
        handle(answer);
    }

    @Override
    public void close(LivePeer peer, CloseReason reason) {
        peers.remove(peer);
        sayLeft(peer);
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
        trimWanted = true;
        shard.flushSoon(this);
    }

    @Override
    public void rereadNeeded() {
        shard.reread(this);
    }

    /** While it loads: something may be committed that the load does not see. */
    void rereadWhenLoaded() {
        rereadWanted = true;
    }

    void rereadIfWanted() {
        if (rereadWanted) {
            rereadWanted = false;
            rereadNeeded();
        }
    }

    void rereadBegins() {
        pendingWork++;
    }

    void reread(Loader.Stored stored) {
        pendingWork--;
        handle(new LiveEvent.RelayedUpdates(stored.updates()));
        rowPosition = Math.max(rowPosition, stored.position());
    }

    @Override
    public String toString() {
        return "LiveSlot[" + key + "]";
    }
}
