package dev.boardwalk.gateway;

import dev.boardwalk.store.Database;
import dev.boardwalk.store.GatewayLease;
import dev.boardwalk.store.GatewayLeases;
import dev.boardwalk.store.Journal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's place among the gateways: its lease, kept alive, and the journal that goes with it. When another
 * gateway took this one for dead, it registers anew.
 *
 * <p>State belongs to one context, which is the ticker's too; {@link #lease} may be read from any thread.
 */
final class Registration {

    /** A lease and the journal that may be written under it. */
    record Membership(GatewayLease lease, Journal journal) {}

    private static final Logger log = LoggerFactory.getLogger(Registration.class);

    private final Context context;
    private final Database database;
    private final GatewayLeases leases;
    private final String address;
    private final @Nullable String clusterAddress;
    /** The last committed tick under a lease. */
    private ToLongFunction<GatewayLease> lastTick = _ -> 0;

    private volatile Membership membership;
    private @Nullable Future<Membership> replacement;
    private long renewTimer;
    private boolean renewing;
    private boolean over;

    private Registration(
            Context context,
            Database database,
            String address,
            @Nullable String clusterAddress,
            Membership membership) {
        this.context = context;
        this.database = database;
        this.leases = database.leases();
        this.address = address;
        this.clusterAddress = clusterAddress;
        this.membership = membership;
    }

    /**
     * Registers a gateway and keeps its lease.
     *
     * @param address for people who look into the database
     * @param clusterAddress where other gateways find its relay; null if it has none
     * @param renewEvery several times shorter than the lease
     */
    static Future<Registration> register(
            Context context, Database database, String address, @Nullable String clusterAddress, Duration renewEvery) {
        return Blocking.call(context, () -> enter(database, address, clusterAddress))
                .map(membership -> {
                    Registration registration =
                            new Registration(context, database, address, clusterAddress, membership);
                    registration.renewTimer =
                            context.owner().setPeriodic(renewEvery.toMillis(), _ -> registration.renew());
                    return registration;
                });
    }

    private static Membership enter(Database database, String address, @Nullable String clusterAddress) {
        GatewayLease lease = database.leases().register(address, clusterAddress);
        log.info("registered gateway={} epoch={} address={}", lease.gatewayId(), lease.epoch(), address);
        return new Membership(lease, database.journal(lease));
    }

    /** Tells with each renewal how far the ticks are committed. */
    void report(ToLongFunction<GatewayLease> lastCommittedTick) {
        lastTick = lastCommittedTick;
    }

    Membership membership() {
        return membership;
    }

    GatewayLease lease() {
        return membership.lease;
    }

    /** Registers anew after {@code lost} was taken over; calls that come together share one registration. */
    Future<Membership> replace(GatewayLease lost) {
        if (!membership.lease.equals(lost)) {
            return Future.succeededFuture(membership);
        }
        Future<Membership> underWay = replacement;
        if (underWay == null) {
            underWay = Blocking.call(context, () -> enter(database, address, clusterAddress));
            replacement = underWay;
            membership.journal.close().onFailure(failure -> log.warn("journal not closed lease={}", lost, failure));
            underWay = underWay.onComplete(result -> {
                replacement = null;
                if (result.succeeded()) {
                    membership = result.result();
                }
            });
        }
        return underWay;
    }

    private void renew() {
        // One at a time: a database that does not answer must not collect renewals.
        if (renewing || over) {
            return;
        }
        renewing = true;
        GatewayLease lease = membership.lease;
        long tick = lastTick.applyAsLong(lease);
        Blocking.call(context, () -> leases.renew(lease, tick)).onComplete(result -> {
            renewing = false;
            if (result.failed()) {
                log.warn(
                        "lease not renewed lease={} cause=\"{}\"",
                        lease,
                        result.cause().toString());
            } else if (!result.result() && !over) {
                log.warn("lease lost to another gateway lease={}", lease);
                replace(lease).onFailure(failure -> log.warn("not registered anew lease={}", lease, failure));
            }
        });
    }

    /** Gives the lease up; only after everything in the journal was flushed. */
    Future<Void> retire() {
        stopRenewing();
        Membership last = membership;
        return last.journal
                .close()
                .transform(_ -> Blocking.call(context, () -> leases.retire(last.lease)))
                .map(retired -> {
                    log.info("retired lease={} stillHeld={}", last.lease, retired);
                    return null;
                });
    }

    /** Leaves the lease to run out, so that a survivor flushes what is in the journal. */
    Future<Void> abandon() {
        stopRenewing();
        return membership.journal.close();
    }

    private void stopRenewing() {
        over = true;
        context.owner().cancelTimer(renewTimer);
    }
}
