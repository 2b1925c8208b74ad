package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.PartialUpdate;
import dev.boardwalk.crdt.sync.UpdateLimits;
import dev.boardwalk.crdt.sync.UpdateOutline;
import dev.boardwalk.crdt.sync.UpdateValidator;
import org.jspecify.annotations.Nullable;

/** An update in Yjs v1 encoding that the validator has passed, with its outline. The bytes must not be changed. */
public record ValidUpdate(byte[] bytes, UpdateOutline outline) {
    /** A part of what kept the limits keeps them too. */
    private static final UpdateValidator PARTS = new UpdateValidator(new UpdateLimits(
            Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, UpdateLimits.DEPTH_CEILING));

    public ValidUpdate {
        if (bytes.length != outline.bytes()) {
            throw new IllegalArgumentException(
                    "outline of " + outline.bytes() + " bytes given with an update of " + bytes.length + " bytes");
        }
    }

    /** What of it joins on to what is known although the whole does not, or null if nothing does. */
    @Nullable
    ValidUpdate joining(ClockVector known) {
        byte[] part = PartialUpdate.joining(bytes, outline, known);
        return part == null ? null : new ValidUpdate(part, PARTS.validate(part));
    }
}
