package dev.boardwalk.compactor;

import dev.boardwalk.store.CompactionHealth;
import dev.boardwalk.store.FoldBacklog;
import dev.boardwalk.store.StoreException;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks regularly how compaction is doing, whoever does it, for meters that raise an alarm. One virtual thread. */
final class CompactorWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CompactorWatch.class);
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final FoldBacklog backlog;
    private volatile CompactionHealth health = new CompactionHealth(0, 0, 0, 0, 0);
    private final Thread thread = Thread.ofVirtual().name("compactor watch").unstarted(this::run);

    CompactorWatch(FoldBacklog backlog) {
        this.backlog = backlog;
    }

    void start() {
        thread.start();
    }

    Map<String, LongSupplier> gauges() {
        return Map.of(
                "lag_seconds", () -> health.lagSeconds(),
                "horizon_age_seconds", () -> health.horizonAgeSeconds(),
                "quarantined_documents", () -> health.quarantined(),
                "kept_operations", () -> health.keptOperations(),
                "damaged_snapshots", () -> health.damagedSnapshots());
    }

    private void run() {
        try {
            while (true) {
                look();
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            health = backlog.health();
        } catch (StoreException away) {
            log.warn("state of the compaction not seen code={} cause=\"{}\"", away.code(), away.getMessage());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
