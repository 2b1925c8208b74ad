package dev.boardwalk.store;

/** An entity of which a gateway's journal holds ticks that no flush has covered. */
public record UnflushedEntity(EntityId entity, long firstTick, long lastTick, long bytes) {}
