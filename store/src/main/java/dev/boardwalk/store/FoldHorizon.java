package dev.boardwalk.store;

import java.time.OffsetDateTime;

/**
 * Up to where operations can be folded now.
 *
 * @param position every operation below it is visible, and none will be added below it
 * @param from no operation at or above the position was or will be created before
 */
public record FoldHorizon(long position, OffsetDateTime from) {}
