package dev.boardwalk.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes flushes: operations, projections, change feed and the flushed tick, in one transaction per batch. Blocks. */
public final class FlushWriter {

    FlushWriter() {}

    /**
     * Writes a batch under the lease of the gateway whose ticks it covers.
     *
     * <p>An entity whose projection the database refuses is quarantined: its update is kept, its properties stay as
     * they were, the others are not affected. Any other failure leaves nothing of the failed part behind: the caller
     * tries the batch again, which writes an update twice at worst (harmless to a document).
     *
     * @param flushedThrough if given, <em>all</em> of the gateway's ticks up to this one are flushed once this batch is
     *     in; recorded last. The batch may be empty then
     * @throws StoreException.Fenced if the lease was lost; nothing was written
     */
    public FlushOutcome write(GatewayLease lease, List<FlushedEntity> batch, @Nullable CommittedTick flushedThrough) {
        throw new UnsupportedOperationException(lease + " " + batch.size() + " " + flushedThrough);
    }
}
