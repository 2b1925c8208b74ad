package dev.boardwalk.gateway;

import dev.boardwalk.gateway.Neighbours.Missing;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.GatewayDirectory;
import dev.boardwalk.store.GatewayLease;
import dev.boardwalk.store.OtherGateway;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ticks of other gateways that the relay did not bring: the entities in memory that they changed are read again from the
 * database, until that has succeeded. Belongs to the relay's context.
 */
final class MissedTicks {
    /** The directory finds changes of two hours; after a longer sleep everything is read again. */
    private static final Duration LOOKED_LONG_AGO = Duration.ofHours(1);

    private static final Logger log = LoggerFactory.getLogger(MissedTicks.class);

    private final Context context;
    private final GatewayDirectory directory;
    private final Supplier<GatewayLease> lease;
    private final Neighbours neighbours;
    private final RelayInbox inbox;
    private final GatewayMeters meters;

    /** Gateways whose missing ticks are being read. */
    private final Set<Long> reading = new HashSet<>();

    private boolean looking;
    private long lastLookNanos;
    private boolean stopped;

    MissedTicks(
            Context context,
            GatewayDirectory directory,
            Supplier<GatewayLease> lease,
            Neighbours neighbours,
            RelayInbox inbox,
            GatewayMeters meters) {
        this.context = context;
        this.directory = directory;
        this.lease = lease;
        this.neighbours = neighbours;
        this.inbox = inbox;
        this.meters = meters;
    }

    /** Notes up to where the others have committed: what is loaded from then on contains it. */
    Future<Void> begin() {
        return Blocking.call(context, () -> directory.others(lease.get().gatewayId()))
                .onSuccess(others -> {
                    others.forEach(other -> neighbours.known(other.gatewayId(), other.lastTick()));
                    lastLookNanos = System.nanoTime();
                })
                .mapEmpty();
    }

    /**
     * Compares what the others have committed with what came.
     *
     * @param patient ticks that the last look did not find yet may still be on their way
     */
    void look(boolean patient) {
        if (looking) {
            return;
        }
        looking = true;
        long own = lease.get().gatewayId();
        Blocking.call(context, () -> directory.others(own)).onComplete(result -> {
            looking = false;
            if (result.succeeded()) {
                compare(result.result(), patient);
            } else {
                log.warn(
                        "could not look for other gateways cause=\"{}\"",
                        result.cause().toString());
            }
        });
    }

    private void compare(List<OtherGateway> others, boolean patient) {
        Set<Long> ids = new HashSet<>();
        for (OtherGateway other : others) {
            ids.add(other.gatewayId());
            neighbours.journalled(other.gatewayId(), other.lastTick(), patient);
        }
        neighbours.retain(ids);
        long now = System.nanoTime();
        if (now - lastLookNanos > LOOKED_LONG_AGO.toNanos()) {
            rereadEverything();
        }
        lastLookNanos = now;
        read();
    }

    private void rereadEverything() {
        inbox.live()
                .compose(live -> Future.all(live.stream().map(inbox::reread).toList()))
                .onFailure(failure -> log.error("could not read the entities again after a long sleep", failure));
    }

    /** Reads what is missing and not being read already. */
    void read() {
        for (Missing missing : neighbours.missing()) {
            if (!stopped && reading.add(missing.gateway())) {
                read(missing);
            }
        }
    }

    private void read(Missing missing) {
        meters.relayGap();
        inbox.live()
                .compose(live -> Blocking.call(context, () -> changed(missing, live)))
                .compose(changed ->
                        Future.all(changed.stream().map(inbox::reread).toList()))
                .onComplete(result -> context.runOnContext(_ -> {
                    reading.remove(missing.gateway());
                    if (result.succeeded()) {
                        neighbours.read(missing);
                        log.debug("read what the relay did not bring {}", missing);
                    } else {
                        log.warn(
                                "could not read what the relay did not bring, trying again {} cause=\"{}\"",
                                missing,
                                result.cause().toString());
                    }
                }));
    }

    private List<RelayInbox.Live> changed(Missing missing, List<RelayInbox.Live> live) {
        if (live.isEmpty()) {
            return List.of();
        }
        List<EntityId> ids = live.stream().map(RelayInbox.Live::id).toList();
        Set<EntityId> changed =
                new HashSet<>(directory.changed(missing.gateway(), missing.after(), missing.through(), ids));
        return live.stream().filter(each -> changed.contains(each.id())).toList();
    }

    /** No further read begins. */
    void stop() {
        stopped = true;
    }
}
