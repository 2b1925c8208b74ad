package dev.boardwalk.compactor;

import dev.boardwalk.store.BlobKeys;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.FoldInput;
import dev.boardwalk.store.NewSnapshot;
import dev.boardwalk.store.PackedState;
import dev.boardwalk.store.SnapshotPlace;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Folded documents that go into one object together, or one large one alone. Belongs to one thread. */
final class Batch {

    /** A document with its place in the object. */
    private record Item(FoldInput input, Fold fold, byte[] sha256, long offset, int length) {}

    private final CompactionLimits limits;
    private final List<Item> items = new ArrayList<>();
    private final ByteArrayOutputStream object = new ByteArrayOutputStream();
    private long stateBytes;

    Batch(CompactionLimits limits) {
        this.limits = limits;
    }

    void add(FoldInput input, Fold fold) {
        byte[] packed = PackedState.pack(fold.state());
        items.add(new Item(input, fold, BlobKeys.sha256(fold.state()), object.size(), packed.length));
        object.writeBytes(packed);
        stateBytes += fold.state().length;
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    boolean isFull() {
        return stateBytes >= limits.packBytes();
    }

    int size() {
        return items.size();
    }

    long operations() {
        return items.stream()
                .mapToLong(item -> item.input().operations().size())
                .sum();
    }

    EntityId first() {
        return items.getFirst().input().entity();
    }

    /** The same documents, each in a batch of its own. */
    List<Batch> alone() {
        return items.stream()
                .map(item -> {
                    Batch batch = new Batch(limits);
                    batch.add(item.input(), item.fold());
                    return batch;
                })
                .toList();
    }

    long stateBytes() {
        return stateBytes;
    }

    long objectBytes() {
        return object.size();
    }

    /**
     * Puts the object and proves each state by what is read back of it.
     *
     * @throws Fold.Unfoldable if one is not what it was; nothing may be published then
     */
    List<NewSnapshot> store(BlobStore objects, long coveredPosition) {
        boolean alone = items.size() == 1 && stateBytes > limits.inlineBytes();
        byte[] bytes = object.toByteArray();
        String key = alone ? BlobKeys.ofContent(BlobKeys.sha256(bytes)) : BlobKeys.newPack();
        objects.put(key, bytes);
        FaultPoint.PUT.reached();
        List<NewSnapshot> snapshots = new ArrayList<>();
        for (Item item : items) {
            Fold fold = item.fold();
            SnapshotPlace place =
                    new SnapshotPlace(key, item.offset(), item.length(), fold.state().length, item.sha256());
            fold.prove(
                    place.read(objects, "new snapshot of entity " + item.input().entity()));
            snapshots.add(new NewSnapshot(
                    item.input().entity(),
                    item.input().snapshotId(),
                    place,
                    fold.stateVector(),
                    fold.state().length <= limits.inlineBytes() ? fold.state() : null,
                    coveredPosition,
                    item.input().coveredFrom(),
                    item.input().kept()));
        }
        return snapshots;
    }
}
