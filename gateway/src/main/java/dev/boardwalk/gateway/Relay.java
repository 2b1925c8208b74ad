package dev.boardwalk.gateway;

import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.GatewayDirectory;
import dev.boardwalk.store.GatewayLease;
import dev.boardwalk.store.OtherGateway;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This gateway's part in the relay: what others tell goes to the live entities, and what happens here is told to the others.
 *
 * <p>Nothing rests on it that has to last. A gateway numbers its ticks, so that a tick that did not come is noticed with the
 * next one, with the sender's sign of life, or, when nothing comes at all, with the number that it renews its lease with;
 * the entities that it changed are then read from the database ({@link MissedTicks}). Presence is not repeated: clients
 * renew it themselves.
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

    private static final Logger log = LoggerFactory.getLogger(Relay.class);

    private final Context context;
    private final RelayBus bus;
    private final GatewayDirectory directory;
    private final Supplier<GatewayLease> lease;
    private final RelayInbox inbox;
    private final GatewayMeters meters;
    private final Timing timing;

    private final Neighbours neighbours = new Neighbours();
    private final RelayOutbox outbox;
    private final MissedTicks missed;
    private final Map<String, Consumer<byte[]>> listeners = new HashMap<>();
    private long beatTimer = -1;
    private long roundTimer = -1;
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
        this.outbox = new RelayOutbox(context, bus, lease, meters);
        this.missed = new MissedTicks(context, directory, lease, neighbours, inbox, meters);
    }

    /** Whether there is nobody to tell anything. May be called from any thread. */
    boolean alone() {
        return bus == RelayBus.NONE;
    }

    /** Finds the others and joins them; completes before anything is loaded that they could change unnoticed. */
    Future<Void> start() {
        return missed.begin()
                .compose(_ -> alone() ? Future.succeededFuture() : join())
                .onSuccess(_ -> {
                    roundTimer = context.owner().setPeriodic(timing.round.toMillis(), _ -> missed.look(!alone()));
                });
    }

    private Future<Void> join() {
        return Blocking.call(context, directory::secret)
                .compose(secret -> {
                    RelayCodec codec = new RelayCodec(secret);
                    outbox.open(codec);
                    return bus.join("boardwalk-" + secret, this::addresses, message -> received(codec, message));
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
        if (!alone()) {
            outbox.leave();
        }
        return stop();
    }

    /** Stops without a word. */
    Future<Void> stop() {
        stopped = true;
        outbox.close();
        missed.stop();
        context.owner().cancelTimer(beatTimer);
        context.owner().cancelTimer(roundTimer);
        return bus.leave();
    }

    /** A tick of this gateway was committed. */
    void committed(GatewayLease under, long tick, List<RelayMessage.Contents> contents) {
        outbox.tick(under, tick, contents);
    }

    /** What was found in the journal of a gateway that died. May be called from any thread. */
    void recovered(RelayMessage.Contents contents) {
        inbox.contents(contents);
        if (!alone()) {
            context.runOnContext(_ -> outbox.recovered(contents));
        }
    }

    /** An entity was deleted here. May be called from any thread. */
    void deleted(EntityKey key) {
        if (!alone()) {
            context.runOnContext(_ -> outbox.send(new RelayMessage.Deleted(key)));
        }
    }

    /** A stateless message to all that are in an entity at other gateways. May be called from any thread. */
    void stateless(EntityKey key, byte[] payload) {
        if (!alone()) {
            context.runOnContext(_ -> outbox.send(new RelayMessage.Stateless(key, payload)));
        }
    }

    /** Awareness of peers that are here. May be called from any thread. */
    void presence(EntityKey key, byte[] awareness) {
        if (!alone()) {
            context.runOnContext(_ -> outbox.presence(new RelayMessage.EntityPresence(key, awareness)));
        }
    }

    /** Asks the others who is in an entity there. May be called from any thread. */
    void wantPresence(EntityKey key) {
        if (!alone()) {
            context.runOnContext(_ -> outbox.send(new RelayMessage.PresenceWanted(key)));
        }
    }

    /** A peer here says that it is this client. May be called from any thread. */
    void claimed(EntityKey key, long client) {
        if (!alone()) {
            context.runOnContext(_ -> outbox.send(new RelayMessage.ClientClaimed(key, client)));
        }
    }

    /** The client that a gateway's peer claimed is here, and alive. May be called from any thread. */
    void taken(EntityKey key, long client, long byGateway) {
        if (!alone()) {
            context.runOnContext(_ -> outbox.send(new RelayMessage.ClientTaken(key, client, byGateway)));
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
            context.runOnContext(_ -> outbox.send(new RelayMessage.Notice(topic, payload)));
        }
    }

    /** Calls the listener, on this gateway's context, with what other gateways send under a topic. From any thread. */
    void listen(String topic, Consumer<byte[]> listener) {
        context.runOnContext(_ -> listeners.put(topic, listener));
    }

    private void received(RelayCodec codec, byte[] message) {
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
                    missed.read();
                }
            }
            case RelayMessage.Recovered(List<RelayMessage.Contents> contents) -> contents.forEach(inbox::contents);
            case RelayMessage.Alive(long tick) -> {
                if (!neighbours.sent(gateway, tick)) {
                    missed.read();
                }
            }
            case RelayMessage.Leaving() -> {
                neighbours.left(gateway);
                inbox.gatewayGone(gateway);
            }
            case RelayMessage.Presence(List<RelayMessage.EntityPresence> entities) ->
                entities.forEach(each -> inbox.presence(gateway, each));
            case RelayMessage.PresenceWanted(EntityKey key) -> inbox.presenceWanted(key);
            case RelayMessage.ClientClaimed(EntityKey key, long client) -> inbox.claimed(gateway, key, client);
            case RelayMessage.ClientTaken(EntityKey key, long client, long byGateway) -> {
                long own = lease.get().gatewayId();
                if (byGateway == own) {
                    inbox.taken(gateway, key, client, gateway > own);
                }
            }
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
        outbox.alive();
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
        missed.read();
    }
}
