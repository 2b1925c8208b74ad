package dev.boardwalk.gateway;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.GatewayLease;
import dev.boardwalk.store.GatewayLeases;
import dev.boardwalk.store.JournalReader;
import dev.boardwalk.store.StoreException;
import dev.boardwalk.store.UnflushedEntity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after what dead gateways left: claims journals whose lease ran out, flushes them, retires them. One virtual thread;
 * interrupted anywhere, whoever claims the journal next goes on.
 */
final class Recovery {
    private static final int GATEWAYS_AT_ONCE = 4;
    private static final int PAGE_ENTITIES = 100;

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private final GatewayLeases leases;
    private final JournalReader journal;
    private final JournalFlush flush;
    private final Registration registration;
    private final Consumer<JournalFlush.Flushed> onRecovered;
    private final GatewayMeters meters;
    private @Nullable Thread thread;

    Recovery(
            GatewayLeases leases,
            JournalReader journal,
            JournalFlush flush,
            Registration registration,
            Consumer<JournalFlush.Flushed> onRecovered,
            GatewayMeters meters) {
        this.leases = leases;
        this.journal = journal;
        this.flush = flush;
        this.registration = registration;
        this.onRecovered = onRecovered;
        this.meters = meters;
    }

    /** Looks now, and then at every interval. */
    void start(Duration interval) {
        thread = Thread.ofVirtual().name("recovery").start(() -> run(interval));
    }

    void stop() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run(Duration interval) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    recoverExpired();
                } catch (StoreException failure) {
                    log.warn("recovery put off cause=\"{}\"", failure.toString());
                } catch (RuntimeException failure) {
                    log.error("recovery failed and will be tried again", failure);
                }
                TimeUnit.NANOSECONDS.sleep(interval.toNanos());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void recoverExpired() {
        for (GatewayLease dead : leases.claimExpired(registration.lease(), GATEWAYS_AT_ONCE)) {
            log.info("recovering the journal of a dead gateway lease={}", dead);
            int entities = recover(dead);
            boolean retired = leases.retire(dead);
            meters.recoveredGateway();
            log.info("recovered lease={} entities={} retired={}", dead, entities, retired);
        }
    }

    private int recover(GatewayLease dead) {
        int count = 0;
        long lastTick = 0;
        EntityId after = null;
        List<UnflushedEntity> page;
        do {
            page = journal.unflushed(dead, after, PAGE_ENTITIES);
            for (UnflushedEntity entity : page) {
                flush.flush(dead, entity.entity(), entity.lastTick()).ifPresent(onRecovered);
                after = entity.entity();
                lastTick = Math.max(lastTick, entity.lastTick());
                count++;
            }
            // The others compare it with what came to them: the last ticks may not have.
            if (!leases.renew(dead, lastTick)) {
                throw new StoreException.Fenced("recovery of " + dead + ": another gateway claimed it meanwhile");
            }
        } while (page.size() == PAGE_ENTITIES);
        return count;
    }
}
