package dev.boardwalk.compactor;

import dev.boardwalk.crdt.sync.MalformedInput;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.LoggedOperation;
import dev.boardwalk.store.PackedState;
import dev.boardwalk.store.SnapshotPlace;
import dev.boardwalk.store.Snapshots;
import dev.boardwalk.store.StoreException;
import dev.boardwalk.store.StoredSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves that the newest snapshots, as they can be read now, contain operations that are about to go: what each inserts
 * is within the state's clocks, and what it deletes within the state's delete set. Belongs to one thread.
 */
final class CoverProof {
    private static final Logger log = LoggerFactory.getLogger(CoverProof.class);

    /** Inline states come with the rows: at most so many mebibytes at a time. */
    private static final int PAGE = 32;

    private final Snapshots snapshots;
    private final BlobStore objects;
    private final Map<EntityId, List<LoggedOperation>> page = new LinkedHashMap<>();
    private final List<EntityId> unproven = new ArrayList<>();

    CoverProof(Snapshots snapshots, BlobStore objects) {
        this.snapshots = snapshots;
        this.objects = objects;
    }

    void add(EntityId entity, List<LoggedOperation> operations) {
        if (page.size() >= PAGE && !page.containsKey(entity)) {
            prove();
        }
        page.computeIfAbsent(entity, _ -> new ArrayList<>()).addAll(operations);
    }

    /** Entities of which an operation was added that is in no snapshot that can be read. */
    List<EntityId> unproven() {
        prove();
        return List.copyOf(unproven);
    }

    private void prove() {
        Map<EntityId, StoredSnapshot> newest = new LinkedHashMap<>();
        if (!page.isEmpty()) {
            snapshots.newest(List.copyOf(page.keySet())).forEach(it -> newest.put(it.entity(), it));
        }
        page.forEach((entity, operations) -> {
            StoredSnapshot snapshot = newest.get(entity);
            if (snapshot == null || !covers(snapshot, operations)) {
                unproven.add(entity);
            }
        });
        page.clear();
    }

    private boolean covers(StoredSnapshot snapshot, List<LoggedOperation> operations) {
        try {
            Contents contents = Contents.of(List.of(state(snapshot)));
            for (LoggedOperation operation : operations) {
                for (byte[] update : operation.updates()) {
                    if (!contents.cover(update)) {
                        log.error("{} is not in {}", operation, snapshot.title());
                        return false;
                    }
                }
            }
            return true;
        } catch (StoreException.ObjectDamaged
                | StoreException.ObjectMissing
                | Fold.Unfoldable
                | MalformedInput
                | IllegalArgumentException unsure) {
            log.error("{} proves nothing: {}", snapshot.title(), unsure.getMessage());
            return false;
        }
    }

    private byte[] state(StoredSnapshot snapshot) {
        byte[] inline = snapshot.inline();
        if (inline != null) {
            PackedState.check(inline, snapshot.size(), snapshot.sha256(), "the row of " + snapshot.title());
            return inline;
        }
        SnapshotPlace place = snapshot.place();
        if (place == null) {
            throw new StoreException.ObjectMissing(snapshot.title() + " is nowhere", null);
        }
        return place.read(objects, snapshot.title());
    }
}
