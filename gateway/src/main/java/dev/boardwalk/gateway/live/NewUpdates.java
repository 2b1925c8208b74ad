package dev.boardwalk.gateway.live;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.boardwalk.gateway.live.HeldGaps.Arrival;
import org.jspecify.annotations.Nullable;

/** The way of an update that is new to the entity: into the log, to the audience, to the journal unless it comes from one. */
final class NewUpdates {
    private final Content content;
    private final UpdateLog log;
    private final CatchUp catchUp;
    private final LiveLimits limits;
    private final LiveEffects effects;
    private boolean flushAsked;

    NewUpdates(Content content, CatchUp catchUp, LiveLimits limits, LiveEffects effects) {
        this.content = content;
        this.log = content.log();
        this.catchUp = catchUp;
        this.limits = limits;
        this.effects = effects;
    }

    /** @param peer that sent it, if it is still to be served; {@code sender} is its number then */
    @CanIgnoreReturnValue
    LogEntry append(ValidUpdate update, @Nullable LivePeer peer, long sender, Arrival arrival) {
        boolean durable = arrival == Arrival.RELAYED;
        LogEntry entry = log.append(update, sender, durable);
        catchUp.appended(entry, peer);
        if (!durable) {
            effects.journal(entry.sequence(), update.bytes());
        }
        if (!flushAsked
                && !content.isFlushing()
                && (log.sizeAfterBase() > limits.logUpdatesMax() || log.bytesAfterBase() > limits.logBytesMax())) {
            flushAsked = true;
            effects.flushNeeded();
        }
        return entry;
    }

    /** A flush has ended: the next one may be asked for. */
    void flushTaken() {
        flushAsked = false;
    }
}
