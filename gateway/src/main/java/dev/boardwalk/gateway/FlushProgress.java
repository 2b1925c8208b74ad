package dev.boardwalk.gateway;

import dev.boardwalk.gateway.live.FlushWork;
import dev.boardwalk.store.GatewayLease;
import org.jspecify.annotations.Nullable;

/**
 * How far one entity's own updates have come: handed to the ticker, committed in ticks, covered by a flush.
 *
 * <p>Updates are counted by the state machine's sequence, ticks by the gateway's. Belongs to the shard of its slot and to
 * that shard's thread.
 */
final class FlushProgress {
    private long journaledThrough;
    private long committedThrough;
    private long flushedThrough;

    private @Nullable FlushJob flushing;
    private boolean requested;
    /** The log has outgrown its limit by what other gateways wrote, which they flush themselves. */
    private boolean trimWanted;

    private @Nullable GatewayLease tickLease;
    /** First tick under {@link #tickLease} that no flush has begun to cover; 0 if there is none. */
    private long firstTick;

    private long lastTick;
    private long rowPosition;

    /** Whether updates are not in an operation yet. */
    boolean dirty() {
        return journaledThrough > flushedThrough;
    }

    /** Whether all that was handed to the ticker came back. */
    boolean settled() {
        return committedThrough >= journaledThrough;
    }

    /** Whether something is committed and not flushed. */
    boolean flushable() {
        return committedThrough > flushedThrough;
    }

    /** Whether something could be flushed that nobody flushes, and nobody was asked to. */
    boolean neglected() {
        return flushable() && flushing == null && !requested;
    }

    void request() {
        requested = true;
    }

    void wantTrim() {
        trimWanted = true;
    }

    void journaled(long sequence) {
        journaledThrough = sequence;
    }

    void committed(Ticker.Saved saved) {
        committedThrough = saved.throughSequence();
        if (!saved.lease().equals(tickLease)) {
            // Ticks under a lost lease are flushed by whoever took it over.
            tickLease = saved.lease();
            firstTick = 0;
        }
        if (firstTick == 0) {
            firstTick = saved.tick().tick();
        }
        lastTick = saved.tick().tick();
    }

    /** The entity's row is at this position at least. */
    void rowAt(long position) {
        rowPosition = Math.max(rowPosition, position);
    }

    /** Answers the request, if there was one; false if there is nothing to flush, or a flush is under way. */
    boolean wanted() {
        requested = false;
        return flushing == null && (flushable() || trimWanted);
    }

    FlushJob begin(LiveSlot slot, FlushWork work) {
        FlushJob job = new FlushJob(slot, work, tickLease, firstTick, lastTick, rowPosition, flushable());
        trimWanted = false;
        flushing = job;
        firstTick = 0;
        return job;
    }

    /** The flush wrote the entity's row, which is at this position now; 0 if it did not. */
    void flushed(FlushJob job, long writtenPosition) {
        flushing = null;
        rowAt(writtenPosition);
        flushedThrough = job.work().throughSequence();
    }

    void failed(FlushJob job) {
        flushing = null;
        if (job.lease() != null && job.lease().equals(tickLease)) {
            firstTick = job.firstTick();
        }
    }
}
