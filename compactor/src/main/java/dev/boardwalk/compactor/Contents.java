package dev.boardwalk.compactor;

import dev.boardwalk.crdt.sync.Admission;
import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.IdSet;
import dev.boardwalk.crdt.sync.UpdateLimits;
import dev.boardwalk.crdt.sync.UpdateOutline;
import dev.boardwalk.crdt.sync.UpdateValidator;
import java.util.ArrayList;
import java.util.List;

/** What updates hold, counted by the Java validator without a replica: the clocks that are known and what is deleted. */
final class Contents {
    /** What was once accepted must be readable, so nothing is refused for its size here. */
    private static final UpdateValidator VALIDATOR = new UpdateValidator(new UpdateLimits(
            Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, UpdateLimits.DEPTH_CEILING));

    private final ClockVector known = new ClockVector();
    private final IdSet deleted = new IdSet();

    private Contents() {}

    /**
     * All of these updates together, in whatever order they come.
     *
     * @throws Fold.Unfoldable if some refer to what is in none of them
     * @throws dev.boardwalk.crdt.sync.MalformedInput if one is not an update
     */
    static Contents of(List<byte[]> updates) {
        Contents contents = new Contents();
        List<UpdateOutline> waiting = new ArrayList<>();
        updates.forEach(update -> waiting.add(VALIDATOR.validate(update)));
        // Updates of several gateways may be stored before what they refer to: each round may make others fit.
        while (waiting.removeIf(contents::admits)) {
            if (waiting.isEmpty()) {
                return contents;
            }
        }
        if (!waiting.isEmpty()) {
            throw new Fold.Unfoldable(waiting.size() + " updates refer to content that is not stored");
        }
        return contents;
    }

    ClockVector known() {
        return known;
    }

    IdSet deleted() {
        return deleted;
    }

    /** Whether all that this update inserts and deletes is in here. */
    boolean cover(byte[] update) {
        UpdateOutline outline = VALIDATOR.validate(update);
        return known.covers(outline) && deleted.containsAll(outline);
    }

    private boolean admits(UpdateOutline outline) {
        return Admission.admit(known, deleted, outline) != Admission.GAP;
    }
}
