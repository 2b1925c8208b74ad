package dev.boardwalk.compactor;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.crdt.EngineFailure;
import dev.boardwalk.crdt.Folded;
import dev.boardwalk.store.BackgroundService.Findings;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.PackedState;
import dev.boardwalk.store.QuarantinedDocument;
import dev.boardwalk.store.SnapshotPlace;
import dev.boardwalk.store.Snapshots;
import dev.boardwalk.store.StoreException;
import dev.boardwalk.store.StoredSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A walk over all snapshots: what the row says, what the object holds, its hash, and what it folds to. Changes nothing.
 * One at a time, so that it may run beside everything else.
 */
final class Verification {
    /** Inline states come with the rows: at most so many mebibytes at a time. */
    private static final int PAGE = 32;

    /** Lines beyond these would help nobody. */
    private static final int LINES_MAX = 1_000;

    private final Snapshots snapshots;
    private final BlobStore objects;
    private final List<String> wrong = new ArrayList<>();
    private long rows;
    private long parts;
    private long bytes;

    Verification(Snapshots snapshots, BlobStore objects) {
        this.snapshots = snapshots;
        this.objects = objects;
    }

    /** Fails with {@link StoreException} if the database or the objects are away: nothing is said about them then. */
    Findings run() {
        @Nullable StoredSnapshot last = null;
        do {
            List<StoredSnapshot> page = snapshots.page(last, PAGE);
            page.forEach(this::check);
            last = page.isEmpty() ? null : page.getLast();
        } while (last != null && wrong.size() < LINES_MAX);
        for (QuarantinedDocument document : snapshots.quarantined(LINES_MAX)) {
            wrong.add("%s/%s is in quarantine since %s: %s"
                    .formatted(document.project(), document.name(), document.since(), document.reason()));
        }
        return new Findings(
                "Checked %,d snapshots, %,d of them in objects, %,d bytes: rows, objects, hashes, folded states."
                        .formatted(rows, parts, bytes),
                List.copyOf(wrong));
    }

    private void check(StoredSnapshot snapshot) {
        rows++;
        bytes += snapshot.size();
        try {
            byte[] inline = snapshot.inline();
            if (inline != null) {
                PackedState.check(inline, snapshot.size(), snapshot.sha256(), "the row of " + snapshot.title());
                fold(snapshot, inline);
            }
            SnapshotPlace place = snapshot.place();
            if (place != null) {
                parts++;
                byte[] state = place.read(objects, snapshot.title());
                if (inline == null) {
                    fold(snapshot, state);
                }
            }
        } catch (StoreException.ObjectDamaged | StoreException.ObjectMissing | EngineFailure bad) {
            wrong.add(snapshot.title() + ": " + bad.getMessage());
        }
    }

    private void fold(StoredSnapshot snapshot, byte[] state) {
        Folded folded = Engine.fold(null, List.of(state), Engine.Projection.NONE);
        if (folded.pending()) {
            wrong.add(snapshot.title() + " refers to content that it does not hold");
        } else if (!Arrays.equals(folded.stateVector(), snapshot.stateVector())) {
            wrong.add(snapshot.title() + " folds to another state vector than its row says");
        }
    }
}
