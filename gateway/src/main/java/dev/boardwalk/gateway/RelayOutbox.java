package dev.boardwalk.gateway;

import dev.boardwalk.store.GatewayLease;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What this gateway tells the others: every message leaves in this gateway's name, presence is gathered for a moment first, and
 * content is cut to what a message may carry. Belongs to the relay's context.
 */
final class RelayOutbox {
    /** Cursors move many times a second; what comes within this time goes out together. */
    private static final long PRESENCE_MILLIS = 25;

    /** Presence beyond this within that time is left to the clients' next renewal. */
    private static final int PRESENCE_BYTES_MAX = 1 << 20;

    /** What a message may carry; entities beyond it are named only, and read from the journal by who has them open. */
    private static final int MESSAGE_BYTES_MAX = 4 << 20;

    private final Context context;
    private final RelayBus bus;
    private final Supplier<GatewayLease> lease;
    private final GatewayMeters meters;

    private RelayCodec codec = new RelayCodec(new UUID(0, 0));
    private List<RelayMessage.EntityPresence> presence = new ArrayList<>();
    private int presenceBytes;
    private long lastTick;
    private GatewayLease lastLease;
    private boolean closed;

    RelayOutbox(Context context, RelayBus bus, Supplier<GatewayLease> lease, GatewayMeters meters) {
        this.context = context;
        this.bus = bus;
        this.lease = lease;
        this.meters = meters;
        this.lastLease = lease.get();
    }

    /** From now on messages are those of the others' bus. */
    void open(RelayCodec ofBus) {
        codec = ofBus;
    }

    /** A tick was committed under a lease. */
    void tick(GatewayLease under, long tick, List<RelayMessage.Contents> contents) {
        lastLease = under;
        lastTick = tick;
        send(under.gatewayId(), new RelayMessage.Tick(tick, withinLimit(contents)));
    }

    /** What was found in the journal of a gateway that died. */
    void recovered(RelayMessage.Contents contents) {
        send(new RelayMessage.Recovered(withinLimit(List.of(contents))));
    }

    /** The sign of life, with the last tick under the present lease. */
    void alive() {
        send(new RelayMessage.Alive(lease.get().equals(lastLease) ? lastTick : 0));
    }

    /** Awareness of peers that are here; goes out with what else comes within {@link #PRESENCE_MILLIS}. */
    void presence(RelayMessage.EntityPresence entity) {
        if (presenceBytes > PRESENCE_BYTES_MAX) {
            meters.relayDropped();
            return;
        }
        if (presence.isEmpty()) {
            context.owner().setTimer(PRESENCE_MILLIS, _ -> context.runOnContext(_ -> sendPresence()));
        }
        presence.add(entity);
        presenceBytes += entity.awareness().length;
    }

    /** The last words: what presence waits, and that the peers that were here are gone. */
    void leave() {
        if (!closed) {
            sendPresence();
            send(new RelayMessage.Leaving());
        }
    }

    /** Nothing is sent any more. */
    void close() {
        closed = true;
    }

    private void sendPresence() {
        if (!presence.isEmpty()) {
            send(new RelayMessage.Presence(presence));
            presence = new ArrayList<>();
            presenceBytes = 0;
        }
    }

    /** Sends a message at once. */
    void send(RelayMessage message) {
        send(lease.get().gatewayId(), message);
    }

    private void send(long gateway, RelayMessage message) {
        if (closed) {
            return;
        }
        if (bus.publish(codec.encode(gateway, message))) {
            meters.relaySent();
        } else {
            meters.relayDropped();
        }
    }

    private static List<RelayMessage.Contents> withinLimit(List<RelayMessage.Contents> contents) {
        List<RelayMessage.Contents> cut = new ArrayList<>(contents.size());
        long bytes = 0;
        for (RelayMessage.Contents each : contents) {
            long size =
                    each.updates().stream().mapToLong(update -> update.length).sum();
            if (bytes + size > MESSAGE_BYTES_MAX) {
                cut.add(new RelayMessage.Contents(each.key(), each.id(), List.of()));
            } else {
                cut.add(each);
                bytes += size;
            }
        }
        return cut;
    }
}
