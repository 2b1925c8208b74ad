package dev.boardwalk.gateway;

import dev.boardwalk.gateway.live.LiveLimits;
import dev.boardwalk.store.EntityStore;

/** What all shards of a gateway work with; each part may be used from any thread. */
record ShardServices(
        LiveLimits liveLimits,
        long documentBytesMax,
        EntityStore store,
        Ticker ticker,
        Flusher flusher,
        EntityCache cache,
        Replicas replicas,
        GatewayMeters meters) {}
