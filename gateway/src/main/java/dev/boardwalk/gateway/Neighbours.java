package dev.boardwalk.gateway;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What this gateway has of the ticks of the others: up to which it has them without a hole, and up to which it knows that
 * there are some. Knows no clock; one owner.
 */
final class Neighbours {

    /** Ticks of a gateway that did not come: above {@code after} up to {@code through}. */
    record Missing(long gateway, long after, long through) {}

    private static final class Neighbour {
        private long complete;
        private long highest;
        /** Highest tick that did not come; 0 if all came. */
        private long missingThrough;
        /** What the database said in the last round. */
        private long journalledBefore;

        private boolean present;
        private long heardNanos;
    }

    private final Map<Long, Neighbour> neighbours = new HashMap<>();

    /** A gateway that was there before: what is loaded from now on contains its ticks up to this one. */
    void known(long gateway, long lastTick) {
        Neighbour neighbour = neighbour(gateway);
        neighbour.complete = lastTick;
        neighbour.highest = lastTick;
        neighbour.journalledBefore = lastTick;
    }

    /** A gateway gave a sign of life. */
    void heard(long gateway, long nowNanos) {
        Neighbour neighbour = neighbour(gateway);
        neighbour.present = true;
        neighbour.heardNanos = nowNanos;
    }

    /** A tick came. False: some before it did not. */
    boolean came(long gateway, long tick) {
        Neighbour neighbour = neighbour(gateway);
        if (tick > neighbour.highest + 1) {
            neighbour.missingThrough = tick - 1;
        }
        neighbour.highest = Math.max(neighbour.highest, tick);
        if (neighbour.missingThrough == 0) {
            neighbour.complete = neighbour.highest;
        }
        return neighbour.missingThrough == 0;
    }

    /** The gateway's own word that it has sent its ticks up to this one. False: some did not come. */
    @CanIgnoreReturnValue
    boolean sent(long gateway, long lastTick) {
        Neighbour neighbour = neighbour(gateway);
        if (lastTick > neighbour.highest) {
            neighbour.missingThrough = lastTick;
            neighbour.highest = lastTick;
        }
        return neighbour.missingThrough == 0;
    }

    /** The database's word, as {@link #sent}; with patience, only ticks of which it knew in the last round count. */
    void journalled(long gateway, long lastTick, boolean patient) {
        Neighbour neighbour = neighbour(gateway);
        sent(gateway, patient ? neighbour.journalledBefore : lastTick);
        neighbour.journalledBefore = lastTick;
    }

    /** All that is missing now. */
    List<Missing> missing() {
        List<Missing> missing = new ArrayList<>(0);
        neighbours.forEach((gateway, neighbour) -> {
            if (neighbour.missingThrough > neighbour.complete) {
                missing.add(new Missing(gateway, neighbour.complete, neighbour.missingThrough));
            }
        });
        return missing;
    }

    /** What was missing has been read from the database. */
    void read(Missing what) {
        Neighbour neighbour = neighbour(what.gateway());
        neighbour.complete = Math.max(neighbour.complete, what.through());
        if (neighbour.missingThrough <= neighbour.complete) {
            neighbour.missingThrough = 0;
            neighbour.complete = neighbour.highest;
        }
    }

    /** Takes note that those who were silent for so long are gone; answers them. */
    List<Long> silent(long nowNanos, long silenceNanos) {
        List<Long> gone = new ArrayList<>(0);
        neighbours.forEach((gateway, neighbour) -> {
            if (neighbour.present && nowNanos - neighbour.heardNanos > silenceNanos) {
                neighbour.present = false;
                gone.add(gateway);
            }
        });
        return gone;
    }

    /** Whoever was present gets its time anew. */
    void allHeard(long nowNanos) {
        neighbours.values().forEach(neighbour -> neighbour.heardNanos = nowNanos);
    }

    /** The gateway said that it goes. */
    void left(long gateway) {
        neighbour(gateway).present = false;
    }

    /** Forgets those of whom neither the database nor the relay knows any more. */
    void retain(Collection<Long> gateways) {
        neighbours.entrySet().removeIf(each -> !each.getValue().present && !gateways.contains(each.getKey()));
    }

    /** Those that are heard now. */
    int present() {
        return (int) neighbours.values().stream()
                .filter(neighbour -> neighbour.present)
                .count();
    }

    private Neighbour neighbour(long gateway) {
        return neighbours.computeIfAbsent(gateway, _ -> new Neighbour());
    }
}
