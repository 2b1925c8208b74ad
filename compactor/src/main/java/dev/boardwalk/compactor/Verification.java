package dev.boardwalk.compactor;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.crdt.EngineFailure;
import dev.boardwalk.crdt.Folded;
import dev.boardwalk.store.ArchivedBlock;
import dev.boardwalk.store.AttachmentWalk;
import dev.boardwalk.store.BackgroundService.Findings;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.ObjectReferences;
import dev.boardwalk.store.OperationArchive;
import dev.boardwalk.store.OrphanObject;
import dev.boardwalk.store.PackedState;
import dev.boardwalk.store.Quarantine;
import dev.boardwalk.store.QuarantinedDocument;
import dev.boardwalk.store.SnapshotPlace;
import dev.boardwalk.store.Snapshots;
import dev.boardwalk.store.StoreException;
import dev.boardwalk.store.StoredSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A walk over all snapshots and the archive: what the row says, what the object holds, its hash, and what it folds to; and
 * over all objects: whether rows name them. Changes nothing.
 * One at a time, so that it may run beside everything else.
 */
final class Verification {
    /** Inline states come with the rows: at most so many mebibytes at a time. */
    private static final int PAGE = 32;

    /** Lines beyond these would help nobody. */
    private static final int LINES_MAX = 1_000;

    private static final int KEYS_PER_PAGE = 1_000;

    private final Snapshots snapshots;
    private final Quarantine quarantine;
    private final OperationArchive archive;
    private final AttachmentWalk attachments;
    private final ObjectReferences references;
    private final BlobStore objects;
    private final Duration grace;
    private final List<String> wrong = new ArrayList<>();
    private long rows;
    private long parts;
    private long bytes;
    private long blocks;
    private long archivedOperations;
    private long files;
    private long listed;
    private long unnamed;

    /** @param grace objects that no row names are in order for so long */
    Verification(Database database, BlobStore objects, Duration grace) {
        this.snapshots = database.snapshots();
        this.quarantine = database.quarantine();
        this.archive = database.archive();
        this.attachments = database.attachmentWalk();
        this.references = database.objectReferences();
        this.objects = objects;
        this.grace = grace;
    }

    /** Fails with {@link StoreException} if the database or the objects are away: nothing is said about them then. */
    Findings run() {
        @Nullable StoredSnapshot last = null;
        do {
            List<StoredSnapshot> page = snapshots.page(last, PAGE);
            page.forEach(this::check);
            last = page.isEmpty() ? null : page.getLast();
        } while (last != null && wrong.size() < LINES_MAX);
        for (QuarantinedDocument document : quarantine.list(LINES_MAX)) {
            wrong.add("%s/%s is in quarantine since %s: %s"
                    .formatted(document.project(), document.name(), document.since(), document.reason()));
        }
        checkArchive();
        checkAttachments();
        checkObjects();
        return new Findings(
                """
                Checked %,d snapshots, %,d of them in objects, %,d bytes: rows, objects, hashes, folded states.
                Checked %,d blocks of the archive with %,d operations: rows, objects, hashes, contents.
                Checked %,d attachments: hashes of rows and objects.
                Checked %,d objects: named by rows, except %,d that wait for their removal.""".formatted(rows, parts, bytes, blocks, archivedOperations, files, listed, unnamed),
                List.copyOf(wrong));
    }

    private void checkArchive() {
        @Nullable ArchivedBlock last = null;
        do {
            List<ArchivedBlock> page = archive.page(last, PAGE);
            for (ArchivedBlock block : page) {
                blocks++;
                try {
                    archivedOperations += block.read(objects).size();
                } catch (StoreException.ObjectDamaged | StoreException.ObjectMissing bad) {
                    wrong.add(block.title() + ": " + bad.getMessage());
                }
            }
            last = page.isEmpty() ? null : page.getLast();
        } while (last != null && wrong.size() < LINES_MAX);
    }

    private void checkAttachments() {
        AttachmentWalk.@Nullable Entry last = null;
        do {
            List<AttachmentWalk.Entry> page = attachments.page(last, PAGE);
            for (AttachmentWalk.Entry each : page) {
                files++;
                checkAttachment(each);
            }
            last = page.isEmpty() ? null : page.getLast();
        } while (last != null && wrong.size() < LINES_MAX);
    }

    private void checkAttachment(AttachmentWalk.Entry each) {
        try {
            if (!each.present(objects).equals(each.digest())) {
                wrong.add(each.title() + " is not what it was");
            }
        } catch (StoreException.ObjectDamaged | StoreException.ObjectMissing bad) {
            wrong.add(each.title() + ": " + bad.getMessage());
        }
    }

    /** The other way round: from objects to rows. */
    private void checkObjects() {
        List<String> page = new ArrayList<>();
        for (String prefix : ObjectPrefixes.ALL) {
            objects.list(prefix, entry -> {
                page.add(entry.key());
                if (page.size() == KEYS_PER_PAGE) {
                    countUnnamed(page);
                }
            });
        }
        countUnnamed(page);
        // Runs come seldom compared with the grace, and each may have its turn once more.
        for (OrphanObject orphan : references.noted(grace.multipliedBy(2).plus(Duration.ofDays(1)), LINES_MAX)) {
            wrong.add("object " + orphan.key() + " is named by no row since " + orphan.since() + " and not removed");
        }
    }

    private void countUnnamed(List<String> page) {
        listed += page.size();
        unnamed += page.size() - references.named(page).size();
        page.clear();
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
