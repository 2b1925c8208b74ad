/** The live entity as a pure state machine: events in, effects out; no clock, no I/O, no Vert.x. */
@NullMarked
package dev.boardwalk.gateway.live;

import org.jspecify.annotations.NullMarked;
