package dev.boardwalk.gateway;

import dev.boardwalk.gateway.live.LiveLimits;
import dev.boardwalk.store.EntityStore;
import org.jspecify.annotations.Nullable;

/**
 * What all shards of a gateway work with; each part may be used from any thread.
 *
 * @param seeding fills entities without content; null if nothing does
 * @param webhooks hears who comes and goes; null if nobody subscribed
 */
record ShardServices(
        LiveLimits liveLimits,
        long documentBytesMax,
        EntityStore store,
        @Nullable Seeding seeding,
        Ticker ticker,
        Flusher flusher,
        EntityCache cache,
        Replicas replicas,
        Relay relay,
        @Nullable WebhookDelivery webhooks,
        GatewayMeters meters) {}
