package dev.boardwalk.gateway.live;

/**
 * Asks for the journal to be read again when something of another gateway is missing, but not more often than once in a
 * while: what is missing may be lost for good, and then reading helps as little the tenth time.
 */
final class Reread {
    /** Long enough for a read and a slow relay to bring what is missing. */
    static final long PAUSE_MILLIS = 5_000;

    private final LiveEffects effects;
    private boolean pausing;
    private boolean due;
    private long pauseBeganMillis;

    Reread(LiveEffects effects) {
        this.effects = effects;
    }

    /** Asks now, or at the end of the pause. */
    void ask() {
        if (pausing) {
            due = true;
        } else {
            pausing = true;
            pauseBeganMillis = LivePeer.TIME_UNKNOWN;
            effects.rereadNeeded();
        }
    }

    void timePassed(long now) {
        if (!pausing) {
            return;
        }
        if (pauseBeganMillis == LivePeer.TIME_UNKNOWN) {
            pauseBeganMillis = now;
        } else if (now - pauseBeganMillis >= PAUSE_MILLIS) {
            pausing = false;
            if (due) {
                due = false;
                ask();
            }
        }
    }
}
