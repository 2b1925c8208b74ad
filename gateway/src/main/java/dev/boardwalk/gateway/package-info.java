/** The server: WebSocket and HTTP doors, ticks, flushes and the cache of live entities. */
@NullMarked
package dev.boardwalk.gateway;

import org.jspecify.annotations.NullMarked;
