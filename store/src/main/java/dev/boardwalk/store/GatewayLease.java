package dev.boardwalk.store;

/**
 * The right to write the journal of one gateway: held by the gateway itself, or by the survivor that claimed it.
 *
 * <p>The epoch is the fence: a claim raises it, and from then on every write under the old epoch is refused.
 */
public record GatewayLease(long gatewayId, long epoch) {

    @Override
    public String toString() {
        return "gateway " + gatewayId + " epoch " + epoch;
    }
}
