/**
 * Signed tokens: what they say, who may have signed them, and how one is made for trying things out. No sockets, no
 * database.
 */
@NullMarked
package dev.boardwalk.gateway.token;

import org.jspecify.annotations.NullMarked;
