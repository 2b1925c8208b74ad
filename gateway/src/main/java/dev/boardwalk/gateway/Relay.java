package dev.boardwalk.gateway;

import dev.boardwalk.gateway.Neighbours.Missing;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.GatewayDirectory;
import dev.boardwalk.store.GatewayLease;
import dev.boardwalk.store.OtherGateway;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This gateway's part in the relay: tells the others what was committed here and who is here, and gives the live entities
 * what the others tell.
 *
 * <p>Nothing rests on it that has to last. A gateway numbers its ticks, so that a tick that did not come is noticed with the
 * next one, with the sender's sign of life, or, when nothing comes at all, with the number that it renews its lease with;
 * the entities that it changed are then read from the database. Presence is not repeated: clients renew it themselves.
 *
 * <p>State belongs to one context, which is the ticker's too; methods that say so may be called from any thread. A gateway
 * without others pays one look into the table of gateways every few seconds.
 */
final class Relay {

    /**
     * @param beat between signs of life; also how soon a failed read is tried again
     * @param silence after this without a sign a gateway's peers count as gone
     * @param round between looks into the table of gateways
     */
    record Timing(Duration beat, Duration silence, Duration round) {
        static final Timing DEFAULT = new Timing(Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(5));
    }

    /** Cursors move many times a second; what comes within this time goes out together. */
    private static final long PRESENCE_MILLIS = 25;

    /** Presence beyond this within that time is left to the clients' next renewal. */
    private static final int PRESENCE_BYTES_MAX = 1 << 20;

    /** What a message may carry; entities beyond it are named only, and read from the journal by who has them open. */
    private static final int MESSAGE_BYTES_MAX = 4 << 20;

    /** The directory finds changes of two hours; after a longer sleep everything is read again. */
    private static final Duration LOOKED_LONG_AGO = Duration.ofHours(1);

    private static final Logger log = LoggerFactory.getLogger(Relay.class);

    private final Context context;
    private final RelayBus bus;
    private final GatewayDirectory directory;
    private final Supplier<GatewayLease> lease;
    private final RelayInbox inbox;
    private final GatewayMeters meters;
    private final Timing timing;

    private final Neighbours neighbours = new Neighbours();
    private final Set<Long> reading = new HashSet<>();
    private final Map<String, Consumer<byte[]>> listeners = new HashMap<>();
    private RelayCodec codec = new RelayCodec(new UUID(0, 0));
    private List<RelayMessage.EntityPresence> presence = new ArrayList<>();
    private int presenceBytes;
    private long lastTick;
    private GatewayLease lastLease;
    private long beatTimer = -1;
    private long roundTimer = -1;
    private boolean looking;
    private long lastLookNanos;
    private long lastBeatNanos = System.nanoTime();
    private boolean stopped;

    Relay(
            Context context,
            RelayBus bus,
            GatewayDirectory directory,
            Supplier<GatewayLease> lease,
            RelayInbox inbox,
            GatewayMeters meters,
            Timing timing) {
        this.context = context;
        this.bus = bus;
        this.directory = directory;
        this.lease = lease;
        this.inbox = inbox;
        this.meters = meters;
        this.timing = timing;
        this.lastLease = lease.get();
    }

    /** Whether there is nobody to tell anything. May be called from any thread. */
    boolean alone() {
        return bus == RelayBus.NONE;
    }

    /** Finds the others and joins them; completes before anything is loaded that they could change unnoticed. */
    Future<Void> start() {
        return Blocking.call(context, () -> directory.others(lease.get().gatewayId()))
                .compose(others -> {
                    others.forEach(other -> neighbours.known(other.gatewayId(), other.lastTick()));
                    lastLookNanos = System.nanoTime();
                    return alone() ? Future.succeededFuture() : join();
                })
                .onSuccess(_ -> {
                    roundTimer = context.owner().setPeriodic(timing.round.toMillis(), _ -> look());
                });
    }

    private Future<Void> join() {
        return Blocking.call(context, directory::secret)
                .compose(secret -> {
                    codec = new RelayCodec(secret);
                    return bus.join("boardwalk-" + secret, this::addresses, this::received);
                })
                .onSuccess(_ -> {
                    beatTimer = context.owner().setPeriodic(timing.beat.toMillis(), _ -> beat());
                    beat();
                });
    }

    private List<String> addresses() {
        List<String> addresses = new ArrayList<>();
        for (OtherGateway other : directory.others(lease.get().gatewayId())) {
            String address = other.clusterAddress();
            if (other.alive() && address != null) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    /** Stops, and tells the others that the peers that were here are gone. */
    Future<Void> leave() {
        if (!alone() && !stopped) {
            flushPresence();
            publish(new RelayMessage.Leaving());
        }
        return stop();
    }

    /** Stops without a word. */
    Future<Void> stop() {
        stopped = true;
        context.owner().cancelTimer(beatTimer);
        context.owner().cancelTimer(roundTimer);
        return bus.leave();
    }

    /** A tick of this gateway was committed. */
    void committed(GatewayLease under, long tick, List<RelayMessage.Contents> contents) {
        lastLease = under;
        lastTick = tick;
        publish(under.gatewayId(), new RelayMessage.Tick(tick, within(contents)));
    }

    /** What was found in the journal of a gateway that died. May be called from any thread. */
    void recovered(RelayMessage.Contents contents) {
        inbox.contents(contents);
        if (!alone()) {
            context.runOnContext(_ -> publish(new RelayMessage.Recovered(within(List.of(contents)))));
        }
    }

    /** An entity was deleted here. May be called from any thread. */
    void deleted(EntityKey key) {
        if (!alone()) {
            context.runOnContext(_ -> publish(new RelayMessage.Deleted(key)));
        }
    }

    /** A stateless message to all that are in an entity at other gateways. May be called from any thread. */
    void stateless(EntityKey key, byte[] payload) {
        if (!alone()) {
            context.runOnContext(_ -> publish(new RelayMessage.Stateless(key, payload)));
        }
    }

    /** Awareness of peers that are here. May be called from any thread. */
    void presence(EntityKey key, byte[] awareness) {
        if (!alone()) {
            context.runOnContext(_ -> addPresence(new RelayMessage.EntityPresence(key, awareness)));
        }
    }

    /** Asks the others who is in an entity there. May be called from any thread. */
    void wantPresence(EntityKey key) {
        if (!alone()) {
            context.runOnContext(_ -> publish(new RelayMessage.PresenceWanted(key)));
        }
    }

    /**
     * Tells the listeners for a topic at all other gateways; no promise that it arrives. May be called from any thread.
     *
     * @param topic at most {@link RelayMessage#TOPIC_BYTES_MAX} bytes
     */
    void notice(String topic, byte[] payload) {
        if (topic.length() > RelayMessage.TOPIC_BYTES_MAX) {
            throw new IllegalArgumentException("topic of more than " + RelayMessage.TOPIC_BYTES_MAX + ": " + topic);
        }
        if (!alone()) {
            context.runOnContext(_ -> publish(new RelayMessage.Notice(topic, payload)));
        }
    }

    /** Calls the listener, on this gateway's context, with what other gateways send under a topic. From any thread. */
    void listen(String topic, Consumer<byte[]> listener) {
        context.runOnContext(_ -> listeners.put(topic, listener));
    }

    private void addPresence(RelayMessage.EntityPresence entity) {
        if (presenceBytes > PRESENCE_BYTES_MAX) {
            meters.relayDropped();
            return;
        }
        if (presence.isEmpty()) {
            context.owner().setTimer(PRESENCE_MILLIS, _ -> context.runOnContext(_ -> flushPresence()));
        }
        presence.add(entity);
        presenceBytes += entity.awareness().length;
    }

    private void flushPresence() {
        if (!presence.isEmpty()) {
            publish(new RelayMessage.Presence(presence));
            presence = new ArrayList<>();
            presenceBytes = 0;
        }
    }

    private void publish(RelayMessage message) {
        publish(lease.get().gatewayId(), message);
    }

    private void publish(long gateway, RelayMessage message) {
        if (stopped) {
            return;
        }
        if (bus.publish(codec.encode(gateway, message))) {
            meters.relaySent();
        } else {
            meters.relayDropped();
        }
    }

    private static List<RelayMessage.Contents> within(List<RelayMessage.Contents> contents) {
        List<RelayMessage.Contents> small = new ArrayList<>(contents.size());
        long bytes = 0;
        for (RelayMessage.Contents each : contents) {
            long size =
                    each.updates().stream().mapToLong(update -> update.length).sum();
            if (bytes + size > MESSAGE_BYTES_MAX) {
                small.add(new RelayMessage.Contents(each.key(), each.id(), List.of()));
            } else {
                small.add(each);
                bytes += size;
            }
        }
        return small;
    }

    private void received(byte[] message) {
        context.runOnContext(_ -> {
            if (stopped) {
                return;
            }
            try {
                take(codec.decode(message));
            } catch (RelayCodec.Malformed malformed) {
                meters.refused("relay-malformed");
                log.warn("message of the relay refused bytes={} cause=\"{}\"", message.length, malformed.getMessage());
            }
        });
    }

    private void take(RelayCodec.Received received) {
        long gateway = received.gateway();
        if (gateway == lease.get().gatewayId()) {
            return;
        }
        meters.relayReceived();
        neighbours.heard(gateway, System.nanoTime());
        switch (received.message()) {
            case RelayMessage.Tick(long tick, List<RelayMessage.Contents> contents) -> {
                boolean complete = neighbours.came(gateway, tick);
                contents.forEach(inbox::contents);
                if (!complete) {
                    readMissing();
                }
            }
            case RelayMessage.Recovered(List<RelayMessage.Contents> contents) -> contents.forEach(inbox::contents);
            case RelayMessage.Alive(long tick) -> {
                if (!neighbours.sent(gateway, tick)) {
                    readMissing();
                }
            }
            case RelayMessage.Leaving() -> {
                neighbours.left(gateway);
                inbox.gatewayGone(gateway);
            }
            case RelayMessage.Presence(List<RelayMessage.EntityPresence> entities) ->
                entities.forEach(each -> inbox.presence(gateway, each));
            case RelayMessage.PresenceWanted(EntityKey key) -> inbox.presenceWanted(key);
            case RelayMessage.Deleted(EntityKey key) -> inbox.deleted(key);
            case RelayMessage.Stateless(EntityKey key, byte[] payload) -> inbox.stateless(key, payload);
            case RelayMessage.Notice(String topic, byte[] payload) -> {
                Consumer<byte[]> listener = listeners.get(topic);
                if (listener != null) {
                    listener.accept(payload);
                }
            }
        }
    }

    private void beat() {
        GatewayLease own = lease.get();
        publish(new RelayMessage.Alive(own.equals(lastLease) ? lastTick : 0));
        long now = System.nanoTime();
        if (now - lastBeatNanos > timing.silence.toNanos()) {
            // This process was asleep, not the others.
            neighbours.allHeard(now);
        }
        lastBeatNanos = now;
        for (long gone : neighbours.silent(now, timing.silence.toNanos())) {
            log.warn("gateway is silent, its peers count as gone gateway={}", gone);
            inbox.gatewayGone(gone);
        }
        meters.relayNeighbours.set(neighbours.present());
        readMissing();
    }

    /** Compares what the others have committed with what came. */
    private void look() {
        if (looking) {
            return;
        }
        looking = true;
        long own = lease.get().gatewayId();
        Blocking.call(context, () -> directory.others(own)).onComplete(result -> {
            looking = false;
            if (result.failed()) {
                log.warn(
                        "could not look for other gateways cause=\"{}\"",
                        result.cause().toString());
                return;
            }
            Set<Long> ids = new HashSet<>();
            for (OtherGateway other : result.result()) {
                ids.add(other.gatewayId());
                neighbours.journalled(other.gatewayId(), other.lastTick(), !alone());
            }
            neighbours.retain(ids);
            long now = System.nanoTime();
            if (now - lastLookNanos > LOOKED_LONG_AGO.toNanos()) {
                rereadEverything();
            }
            lastLookNanos = now;
            readMissing();
        });
    }

    private void rereadEverything() {
        inbox.live()
                .compose(live -> Future.all(live.stream().map(inbox::reread).toList()))
                .onFailure(failure -> log.error("could not read the entities again after a long sleep", failure));
    }

    private void readMissing() {
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
}
