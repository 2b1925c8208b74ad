package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.Admission;
import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.IdSet;
import dev.boardwalk.crdt.sync.UpdateLimits;
import dev.boardwalk.crdt.sync.UpdateValidator;
import dev.boardwalk.gateway.live.Base;
import dev.boardwalk.gateway.live.ValidUpdate;
import java.util.ArrayList;
import java.util.List;

/**
 * Stored updates put into an order in which each joins onto those before it.
 *
 * @param base what joins
 * @param leftOver what refers to content that is not among the updates; normally nothing
 */
record StoredContent(Base base, List<ValidUpdate> leftOver) {

    /** What was once accepted must be readable, so nothing is refused for its size here. */
    private static final UpdateValidator VALIDATOR = new UpdateValidator(new UpdateLimits(
            Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, UpdateLimits.DEPTH_CEILING));

    /**
     * Orders updates as they lie in the store: those of several gateways may come before what they refer to, and content
     * may occur twice. Takes time in proportion to the bytes: not for event loops.
     *
     * @throws dev.boardwalk.crdt.sync.MalformedInput if the store holds something that is not an update
     */
    static StoredContent of(List<byte[]> updates) {
        ClockVector known = new ClockVector();
        IdSet deleted = new IdSet();
        List<byte[]> pieces = new ArrayList<>(updates.size());
        List<ValidUpdate> waiting = validated(updates);
        boolean progress = true;
        while (progress && !waiting.isEmpty()) {
            progress = false;
            List<ValidUpdate> stillWaiting = new ArrayList<>();
            for (ValidUpdate update : waiting) {
                switch (Admission.admit(known, deleted, update.outline())) {
                    case NEW -> {
                        pieces.add(update.bytes());
                        progress = true;
                    }
                    case NOTHING_NEW -> {}
                    case GAP -> stillWaiting.add(update);
                }
            }
            waiting = stillWaiting;
        }
        return new StoredContent(new Base(pieces, known, deleted.encode()), waiting);
    }

    static List<ValidUpdate> validated(List<byte[]> updates) {
        List<ValidUpdate> valid = new ArrayList<>(updates.size());
        for (byte[] update : updates) {
            valid.add(new ValidUpdate(update, VALIDATOR.validate(update)));
        }
        return valid;
    }
}
