package dev.boardwalk.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a claimed journal still holds. Blocks. */
public final class JournalReader {

    JournalReader() {}

    /**
     * The entities whose ticks no flush has covered, in order of their ids, {@code limit} at a time.
     *
     * <p>Recovery: claim; for each entity {@link EntityStore#load(EntityId)}, merge the pieces
     * {@link StoredPiece.Tick} of this gateway from {@code firstTick} to {@code lastTick}, flush them; retire.
     * Interrupted anywhere, it is simply begun again: entities already flushed do not appear any more.
     *
     * @param after the last entity of the previous page, null at first
     */
    public List<UnflushedEntity> unflushed(GatewayLease lease, @Nullable EntityId after, int limit) {
        throw new UnsupportedOperationException(lease + " " + after + " " + limit);
    }
}
