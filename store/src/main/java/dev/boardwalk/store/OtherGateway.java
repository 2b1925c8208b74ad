package dev.boardwalk.store;

import org.jspecify.annotations.Nullable;

/**
 * What the database knows of another gateway.
 *
 * @param lastTick ticks up to this one at least are committed; some seconds old
 * @param alive whether its lease still runs
 * @param clusterAddress {@code host:port} of its relay; null if it takes part in none
 */
public record OtherGateway(
        long gatewayId,
        long lastTick,
        boolean alive,
        @Nullable String clusterAddress) {}
