package dev.boardwalk.gateway;

import org.jspecify.annotations.Nullable;

/**
 * Who is behind a peer, as applications are told.
 *
 * @param user null if nobody signed in
 */
record Visitor(String socketId, @Nullable String user) {}
