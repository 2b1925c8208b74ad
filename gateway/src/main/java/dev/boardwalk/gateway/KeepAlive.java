package dev.boardwalk.gateway;

import io.vertx.core.Context;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The watch over the sockets of one event loop: sends a message to those that heard nothing, pings those that said
 * nothing, and cuts those whose other end is gone without a close.
 *
 * <p>Belongs to its event loop.
 */
final class KeepAlive {

    /**
     * When the watch acts.
     *
     * @param quiet after this long without a message to a peer it gets an empty one at the next round; y-websocket clients
     *     reconnect after 30 s without a message, and do not see pings
     * @param ping after this long without anything from a peer its WebSocket library is pinged
     * @param silent after this long without anything, pongs included, the connection is cut
     * @param round how often all sockets are looked at
     */
    record Timing(Duration quiet, Duration ping, Duration silent, Duration round) {
        static final Timing DEFAULT = new Timing(
                Duration.ofSeconds(21), Duration.ofSeconds(21), Duration.ofSeconds(45), Duration.ofSeconds(3));
    }

    private final Timing timing;
    private final GatewayMeters meters;
    private final Set<ClientSocket> sockets = new LinkedHashSet<>();

    KeepAlive(Context context, Timing timing, GatewayMeters meters) {
        this.timing = timing;
        this.meters = meters;
        context.owner().setPeriodic(timing.round.toMillis(), _ -> round());
    }

    void add(ClientSocket socket) {
        sockets.add(socket);
    }

    void remove(ClientSocket socket) {
        sockets.remove(socket);
    }

    Set<ClientSocket> sockets() {
        return sockets;
    }

    private void round() {
        long now = System.nanoTime();
        // Cutting one takes it out of the set.
        for (ClientSocket socket : List.copyOf(sockets)) {
            WebSocketWire wire = socket.wire();
            boolean silent = !wire.deaf() && passed(timing.silent, wire.lastReadNanos(), now);
            long partialSince = wire.partialSinceNanos();
            // A message in parts has as long as one in a single frame, of which nothing is seen until it is whole.
            if (silent || partialSince != 0 && passed(timing.silent, partialSince, now)) {
                meters.halfOpen();
                wire.cut();
            } else {
                socket.round();
                boolean quiet = passed(timing.quiet, wire.lastWriteNanos(), now) && wire.writable();
                if (quiet && passed(timing.quiet, wire.lastReadNanos(), now)) {
                    // It would be pinged soon.
                    wire.pingAlong();
                } else if (passed(timing.ping, wire.lastReadNanos(), now)) {
                    wire.ping();
                }
                if (quiet) {
                    socket.send(socket.keepAlive());
                }
            }
        }
    }

    private static boolean passed(Duration limit, long sinceNanos, long nowNanos) {
        return nowNanos - sinceNanos > TimeUnit.NANOSECONDS.convert(limit);
    }
}
