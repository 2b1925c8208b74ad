package dev.boardwalk.gateway.live;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The live entity. */
public final class LiveEntity {
    private final LiveLimits limits;
    private final LiveEffects effects;

    public LiveEntity(LiveLimits limits, LiveEffects effects) {
        this.limits = limits;
        this.effects = effects;
    }

    /** Handles one event; its effects are called before this returns. */
    public void handle(LiveEvent event) {
        throw new UnsupportedOperationException(limits + " " + effects + event);
    }

    /** Takes the work of a flush; null when there is nothing to write or a flush is under way. */
    public @Nullable FlushWork beginFlush() {
        return null;
    }

    /** The committed content as updates to be applied in order. */
    public List<byte[]> committedPieces() {
        return List.of();
    }

    /** Number of peers of any kind. */
    public int peers() {
        return 0;
    }

    /** Whether there is content that no flush has written yet. */
    public boolean isDirty() {
        return false;
    }

    /** Bytes of updates that wait for their commit. */
    public long uncommittedBytes() {
        return 0;
    }

    /** Updates that are held over a gap. */
    public int heldUpdates() {
        return 0;
    }

    /** About how much heap the entity takes. */
    public long weightBytes() {
        return 0;
    }
}
