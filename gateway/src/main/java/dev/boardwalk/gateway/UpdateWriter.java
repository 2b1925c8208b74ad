package dev.boardwalk.gateway;

import dev.boardwalk.gateway.live.CloseReason;
import dev.boardwalk.gateway.live.LivePeer;
import dev.boardwalk.gateway.live.PeerKind;
import dev.boardwalk.gateway.live.Refusal;
import dev.boardwalk.store.EntityKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** A caller of the HTTP API as a peer of one entity, for one update: it hears only whether the update is durable. */
final class UpdateWriter extends LivePeer {
    private final EntityKey key;
    private final @Nullable String user;
    private final Promise<Long> position = Promise.promise();

    UpdateWriter(EntityKey key, @Nullable String user) {
        super(PeerKind.WRITER);
        this.key = key;
        this.user = user;
    }

    @Override
    public @Nullable String user() {
        return user;
    }

    /** The position after the commit, or a {@link GatewayException}. */
    Future<Long> answer() {
        return position.future();
    }

    void confirmed(long committedPosition) {
        position.tryComplete(committedPosition);
    }

    /** Not applied, since the entity is not what the update was made for. */
    void stale() {
        position.tryFail(new ProblemException(
                412, "precondition-failed", "the entity is not, or no longer, what If-Match asks for"));
    }

    void refused(Refusal refusal) {
        position.tryFail(
                refusal == Refusal.GAP
                        ? new GatewayException.Incomplete(
                                "update of " + key + ": it refers to content that the entity does not have")
                        : new GatewayException.Overloaded("update of " + key + ": " + refusal.code()));
    }

    void closed(CloseReason reason) {
        position.tryFail(
                reason.code() == CloseCode.NO_SUCH_ENTITY.number()
                        ? new GatewayException.Deleted("update of " + key + ": " + reason.text())
                        : new GatewayException.Overloaded("update of " + key + ": " + reason.text()));
    }
}
