package dev.boardwalk.gateway;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What a client sends while it is being decided whether it may enter; bounded, because nobody vouches for it yet. */
final class HeldMessages<T> {
    /** A handshake is three messages; a client that edits offline content may send one for each key press. */
    static final int MESSAGES_MAX = 256;

    private final int bytesMax;
    private final ArrayDeque<T> messages = new ArrayDeque<>(4);
    private long bytes;

    HeldMessages(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Answers false if there is no room. */
    boolean offer(T message, int size) {
        bytes += size;
        return bytes <= bytesMax && messages.size() < MESSAGES_MAX && messages.add(message);
    }

    @Nullable
    T poll() {
        return messages.poll();
    }

    void clear() {
        messages.clear();
        bytes = 0;
    }
}
