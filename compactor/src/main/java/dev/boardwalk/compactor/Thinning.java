package dev.boardwalk.compactor;

import dev.boardwalk.store.BlobEntry;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.ObjectReferences;
import dev.boardwalk.store.OldSnapshot;
import dev.boardwalk.store.OrphanObject;
import dev.boardwalk.store.Retention;
import dev.boardwalk.store.StoreException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what retention does not keep: rows of old snapshots and of the archive first, and objects when no row has named
 * them for the time of grace.
 */
final class Thinning {
    private static final Logger log = LoggerFactory.getLogger(Thinning.class);
    private static final int ENTITIES_PER_PAGE = 1_000;
    private static final int KEYS_PER_PAGE = 1_000;

    /** Transactions are short; those that are not keep objects until the next run. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(5);

    private static final Duration WAIT_PAUSE = Duration.ofMillis(20);

    private final Retention retention;
    private final ObjectReferences references;
    private final BlobStore objects;
    private final Duration grace;

    Thinning(Database database, BlobStore objects, Duration grace) {
        this.retention = database.retention();
        this.references = database.objectReferences();
        this.objects = objects;
        this.grace = grace;
    }

    /** Removes all that may go now; fails with {@link StoreException} if the database or the objects are away. */
    void run(Tally tally) {
        eachPage(after -> {
            List<OldSnapshot> old = retention.old(after, ENTITIES_PER_PAGE);
            if (!old.isEmpty()) {
                tally.snapshotsThinned.add(thin(old));
            }
            tally.archiveForgotten.add(retention.forgetArchived(after, ENTITIES_PER_PAGE));
        });
        retention.forgetObjects();
        FaultPoint.THINNED.reached();
        noteOrphans();
        removeOrphans(tally);
    }

    /** One line for each thing that {@link #run} would remove now or, if nothing names it again, after the grace. */
    List<String> preview(int linesMax) {
        List<String> lines = new ArrayList<>();
        eachPage(after -> {
            if (lines.size() < linesMax) {
                retention.old(after, ENTITIES_PER_PAGE).forEach(old -> lines.add(old.title()));
            }
        });
        references.noted(grace, linesMax).forEach(orphan -> lines.add(line(orphan)));
        return lines.size() > linesMax ? lines.subList(0, linesMax) : lines;
    }

    private static String line(OrphanObject orphan) {
        return "object " + orphan.key() + ", which no row names since " + orphan.since();
    }

    /** A version that was named meanwhile refuses the whole page; the next run leaves it out. */
    private int thin(List<OldSnapshot> old) {
        try {
            return retention.thin(old);
        } catch (StoreException.Rejected named) {
            log.info("old snapshots stay until the next run cause=\"{}\"", named.getMessage());
            return 0;
        }
    }

    private void eachPage(Consumer<@Nullable EntityId> work) {
        @Nullable EntityId after = null;
        for (EntityId last = next(after); last != null; last = next(after)) {
            work.accept(after);
            after = last;
        }
    }

    private @Nullable EntityId next(@Nullable EntityId after) {
        return retention.next(after, ENTITIES_PER_PAGE).orElse(null);
    }

    private void noteOrphans() {
        List<String> page = new ArrayList<>();
        Consumer<BlobEntry> collect = entry -> {
            page.add(entry.key());
            if (page.size() == KEYS_PER_PAGE) {
                notePage(page);
            }
        };
        for (String prefix : ObjectPrefixes.ALL) {
            objects.list(prefix, collect);
        }
        notePage(page);
    }

    private void notePage(List<String> page) {
        Set<String> named = references.named(page);
        List<String> orphans = page.stream().filter(key -> !named.contains(key)).toList();
        if (!orphans.isEmpty()) {
            references.note(orphans);
        }
        page.clear();
    }

    private void removeOrphans(Tally tally) {
        if (references.doom(grace) == 0) {
            return;
        }
        FaultPoint.DOOMED.reached();
        if (!othersAreOver(references.now())) {
            log.info("objects stay until the next run: a transaction is open that might name them");
            return;
        }
        for (List<OrphanObject> page = references.removable(KEYS_PER_PAGE);
                !page.isEmpty();
                page = references.removable(KEYS_PER_PAGE)) {
            for (OrphanObject orphan : page) {
                objects.remove(orphan.key());
                FaultPoint.REMOVED.reached();
                log.info("object removed key={} unnamed_since={}", orphan.key(), orphan.since());
            }
            references.removed(page.stream().map(OrphanObject::key).toList());
            tally.objectsRemoved.add(page.size());
        }
    }

    /** Whether all transactions that ran at this time are over. */
    private boolean othersAreOver(OffsetDateTime doomedAt) {
        long end = System.nanoTime() + WAIT_MAX.toNanos();
        while (references.oldestBeginning().isBefore(doomedAt)) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                Thread.sleep(WAIT_PAUSE);
            } catch (InterruptedException told) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
