package dev.boardwalk.gateway;

import dev.boardwalk.gateway.live.FlushWork;
import dev.boardwalk.gateway.live.LiveEntity;
import dev.boardwalk.gateway.live.LiveEvent;
import dev.boardwalk.gateway.live.LiveLimits;
import dev.boardwalk.gateway.live.LivePeer;
import dev.boardwalk.gateway.live.Outgoing;
import dev.boardwalk.gateway.live.PeerKind;
import dev.boardwalk.gateway.live.ValidUpdate;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One entity in memory: its state machine, and what the server has to know of it: peers, ticks that no flush has covered,
 * place in the cache.
 *
 * <p>Belongs to its shard and its thread, except {@link #key}, {@link #shard} and, once loaded, {@link #id}.
 */
final class LiveSlot {

    private static final Logger log = LoggerFactory.getLogger(LiveSlot.class);

    private final EntityKey key;
    private final EntityShard shard;
    private final LiveEntity entity;
    /** Everyone who is in the entity: sockets and writers. */
    private final Set<LivePeer> peers = new HashSet<>();

    private volatile @Nullable EntityId id;
    private boolean gone;
    private boolean abandoned;
    private boolean touched;
    private boolean full;
    private boolean rereadWanted;

    /** What waits until the entity is loaded. */
    private final List<Runnable> whenLoaded = new ArrayList<>();

    private final FlushProgress progress = new FlushProgress();
    private int pendingWork;
    private long position;

    LiveSlot(EntityKey key, EntityShard shard, LiveLimits limits) {
        this.key = key;
        this.shard = shard;
        this.entity = new LiveEntity(limits, new SlotEffects(this));
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
        return !abandoned && progress.dirty();
    }

    /** Whether all that was handed to the ticker came back. */
    boolean settled() {
        return progress.settled();
    }

    /** Whether something is committed and not flushed. */
    boolean flushable() {
        return !abandoned && progress.flushable();
    }

    /** Whether nobody needs this slot in memory: nothing would be lost with it. */
    boolean idle() {
        return abandoned || loaded() && peers.isEmpty() && pendingWork == 0 && !dirty();
    }

    /** Whether a flush is due because everybody left. */
    boolean lonely() {
        return peers.isEmpty() && !abandoned && progress.neglected();
    }

    void flushRequested() {
        progress.request();
    }

    Set<LivePeer> peers() {
        return peers;
    }

    void loaded(EntityId stored, long storedPosition, LiveEvent.Loaded event, @Nullable ValidUpdate seed) {
        id = stored;
        peers.forEach(this::sayHere);
        progress.rowAt(storedPosition);
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
            shard.relay().wantPresence(key);
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
        progress.committed(saved);
        position = saved.tick().position();
        handle(new LiveEvent.Committed(saved.throughSequence()));
    }

    /** Takes what is committed and not flushed; null if there is nothing, or a flush is under way. */
    @Nullable
    FlushJob beginFlush() {
        if (!progress.wanted() || abandoned) {
            return null;
        }
        FlushWork work = entity.beginFlush();
        return work == null ? null : progress.begin(this, work);
    }

    /** The flush wrote the entity's row, which is at this position now; 0 if it did not. */
    void flushed(FlushJob job, LiveEvent.FlushDone done, long writtenPosition) {
        progress.flushed(job, writtenPosition);
        handle(done);
    }

    void flushFailed(FlushJob job) {
        progress.failed(job);
        handle(new LiveEvent.FlushFailed(job.work()));
    }

    /** Counts work that somebody else does for the entity, and which needs it in memory. */
    void workBegins() {
        pendingWork++;
    }

    void workDone(LiveEvent answer) {
        pendingWork--;
        handle(answer);
    }

    /** The state machine handed an update over: it is on its way into the journal. */
    void journaled(long sequence) {
        progress.journaled(sequence);
    }

    /** The state machine sent a peer away. */
    void sentAway(LivePeer peer) {
        peers.remove(peer);
        sayLeft(peer);
    }

    void wantTrim() {
        progress.wantTrim();
    }

    /** Something that another gateway committed is missing. */
    void rereadNeeded() {
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

    void reread(Loader.Stored stored) {
        pendingWork--;
        handle(new LiveEvent.RelayedUpdates(stored.updates()));
        progress.rowAt(stored.position());
    }

    @Override
    public String toString() {
        return "LiveSlot[" + key + "]";
    }
}
