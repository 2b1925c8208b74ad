package dev.boardwalk.store;

import java.time.Instant;

/**
 * A tick that is durable.
 *
 * @param tick the gateway's number of it
 * @param position where it stands among all changes of the database
 * @param at the database's time of its transaction
 */
public record CommittedTick(long tick, long position, Instant at) {}
