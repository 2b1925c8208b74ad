package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.UpdateLimits;
import dev.boardwalk.crdt.sync.UpdateValidator;
import dev.boardwalk.gateway.live.Base;
import dev.boardwalk.gateway.live.BaseBuilder;
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
        BaseBuilder builder = new BaseBuilder();
        validated(updates).forEach(builder::add);
        Base base = builder.build();
        return new StoredContent(base, builder.unfit());
    }

    /** An update that was computed here, as parts that can be sent one by one. */
    static List<byte[]> parts(byte[] update) {
        return BaseBuilder.parts(new ValidUpdate(update, VALIDATOR.validate(update)));
    }

    static List<ValidUpdate> validated(List<byte[]> updates) {
        List<ValidUpdate> valid = new ArrayList<>(updates.size());
        for (byte[] update : updates) {
            valid.add(new ValidUpdate(update, VALIDATOR.validate(update)));
        }
        return valid;
    }
}
