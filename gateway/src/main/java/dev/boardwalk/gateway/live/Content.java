package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.Admission;
import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.IdSet;
import dev.boardwalk.crdt.sync.TrimmedUpdate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an entity contains, as bytes: the base, the log after it, and the ids that both know and delete. There is no
 * replica here; whether an update fits is decided from the ids alone.
 */
final class Content {
    private final UpdateLog log = new UpdateLog();
    private Base base = Base.empty();
    private List<Outgoing> baseParts = List.of();
    private @Nullable Outgoing baseEnd;
    private long baseWeight = base.weightBytes();
    private ClockVector known = new ClockVector();
    private IdSet deleted = new IdSet();
    private @Nullable FlushWork flushing;

    /** Starts with what is stored; called once, before anything else. */
    void load(Base stored) {
        setBase(stored);
        known = stored.known().copy();
        deleted = IdSet.decode(stored.deletes());
    }

    Base base() {
        return base;
    }

    /** The pieces of the base as they go to peers. */
    List<Outgoing> baseParts() {
        return baseParts;
    }

    /** The part as SyncStep2, the same object each time for the last part of the base. */
    Outgoing asStep2(Outgoing part) {
        Outgoing end = baseEnd;
        if (end != null && end.payload() == part.payload()) {
            return end;
        }
        return new Outgoing(Outgoing.Kind.SYNC_STEP_2, part.payload());
    }

    UpdateLog log() {
        return log;
    }

    /** The clocks of all content, committed or not; not to be changed. */
    ClockVector known() {
        return known;
    }

    /** The clocks of what is committed. */
    ClockVector committedKnown() {
        ClockVector committed = base.known().copy();
        for (LogEntry entry : log.between(log.baseThrough(), log.committed())) {
            committed.advance(entry.outline());
        }
        return committed;
    }

    /** The ids that all content deletes, committed or not; not to be changed. */
    IdSet deleted() {
        return deleted;
    }

    /** Whether there is content that the base does not have. */
    boolean isDirty() {
        return log.end() > log.baseThrough();
    }

    /** Decides whether the update fits; if it is new, it counts as known from now on and must be appended to the log. */
    Admission admit(ValidUpdate update) {
        return Admission.admit(known, deleted, update.outline());
    }

    /**
     * The update without the deletions that are known already. An answer to SyncStep1 repeats all deletions there ever
     * were; passed on as it is, it would confirm to their makers those that are not durable yet.
     */
    ValidUpdate withoutKnownDeletions(ValidUpdate update) {
        TrimmedUpdate trimmed = TrimmedUpdate.of(update.bytes(), update.outline(), deleted);
        return trimmed == null ? update : new ValidUpdate(trimmed.bytes(), trimmed.outline());
    }

    /** Whether everything in the update is known. */
    boolean contains(ValidUpdate update) {
        return known.covers(update.outline()) && deleted.containsAll(update.outline());
    }

    /** The content that is committed, as pieces to be applied in order. */
    List<byte[]> committedPieces() {
        List<byte[]> pieces = new ArrayList<>(base.pieces());
        addUpdates(pieces, log.baseThrough(), log.committed());
        return pieces;
    }

    boolean isFlushing() {
        return flushing != null;
    }

    /** Takes what is committed and not in the base; null when there is nothing, or a flush is under way already. */
    @Nullable
    FlushWork beginFlush(Authorship authorship) {
        if (flushing != null || log.committed() == log.baseThrough()) {
            return null;
        }
        List<byte[]> updates = new ArrayList<>();
        addUpdates(updates, log.baseThrough(), log.committed());
        List<Writer> writers = authorship.of(log.between(log.baseThrough(), log.committed()));
        flushing = new FlushWork(base, updates, log.committed(), writers);
        return flushing;
    }

    void endFlush(FlushWork work) {
        if (work != flushing) {
            throw new IllegalStateException("flush through " + work.throughSequence() + " ended but is not under way");
        }
        flushing = null;
    }

    /**
     * Replaces the base by one that also contains the work. What the new base knows is checked first, because everything
     * that is trimmed from the log lives in it alone.
     */
    void rebase(FlushWork work, Base newBase) {
        long through = work.throughSequence();
        ClockVector expected = base.known().copy();
        IdSet newDeleted = IdSet.decode(newBase.deletes());
        for (LogEntry entry : log.between(log.baseThrough(), through)) {
            expected.advance(entry.outline());
            if (!newDeleted.containsAll(entry.outline())) {
                throw new IllegalStateException("new base lacks deletions of the flushed update " + entry.sequence());
            }
        }
        if (!expected.equals(newBase.known())) {
            throw new IllegalStateException(
                    "new base through " + through + " knows " + newBase.known() + " instead of " + expected);
        }
        for (LogEntry entry : log.between(through, log.end())) {
            newDeleted.addAll(entry.outline());
        }
        setBase(newBase);
        deleted = newDeleted;
        log.takenIntoBase(through);
    }

    /** Empties the frames of the base: they were kept for peers that came together. */
    void forgetBaseFrames() {
        for (Outgoing part : baseParts) {
            part.frame(null);
        }
        if (baseEnd != null) {
            baseEnd.frame(null);
        }
    }

    long weightBytes() {
        return baseWeight + log.weightBytes() + known.weightBytes() + deleted.weightBytes();
    }

    private void setBase(Base newBase) {
        base = newBase;
        baseWeight = newBase.weightBytes();
        baseParts = newBase.pieces().stream()
                .map(piece -> new Outgoing(Outgoing.Kind.UPDATE, piece))
                .toList();
        baseEnd = newBase.pieces().isEmpty()
                ? null
                : new Outgoing(Outgoing.Kind.SYNC_STEP_2, newBase.pieces().getLast());
    }

    private void addUpdates(List<byte[]> to, long after, long through) {
        for (LogEntry entry : log.between(after, through)) {
            to.add(entry.message().payload());
        }
    }
}
