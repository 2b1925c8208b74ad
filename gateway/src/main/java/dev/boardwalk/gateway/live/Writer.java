package dev.boardwalk.gateway.live;

import org.jspecify.annotations.Nullable;

/**
 * Somebody who wrote what a flush writes, as far as is known.
 *
 * @param client the client id under which they wrote; {@link #UNKNOWN} for who only deleted and was not seen
 * @param user who brought it, by the name they signed in with; null if nobody signed in
 * @param presence the client's newest awareness state (JSON), null if there is none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Writer(long client, @Nullable String user, byte @Nullable [] presence) {
    public static final long UNKNOWN = -1;
}
