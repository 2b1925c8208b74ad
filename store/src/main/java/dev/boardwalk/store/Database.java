package dev.boardwalk.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Boardwalk's connection to Postgres: checked, migrated, with a pool for each kind of work. */
public final class Database implements AutoCloseable {

    private Database() {}

    /**
     * Connects, checks that the server suits, migrates the schema, makes partitions ahead. Blocks: not for event loops.
     * Fails with {@link StoreException.Unavailable} (try again) or {@link StoreException.Unsuitable}.
     */
    public static Database open(Vertx vertx, DatabaseSettings settings) {
        throw new UnsupportedOperationException(vertx + " " + settings);
    }

    /** The journal of a gateway, for one owner. Close it when the lease is given up. */
    public Journal journal(GatewayLease lease) {
        throw new UnsupportedOperationException(lease.toString());
    }

    public EntityStore entities() {
        throw new UnsupportedOperationException();
    }

    public Catalog catalog() {
        throw new UnsupportedOperationException();
    }

    /** Participants write in the same transactions, in this order. */
    public FlushWriter flushWriter(FlushParticipant... participants) {
        throw new UnsupportedOperationException("" + participants.length);
    }

    public GatewayLeases leases() {
        throw new UnsupportedOperationException();
    }

    public JournalReader journalReader() {
        throw new UnsupportedOperationException();
    }

    public Partitions partitions() {
        throw new UnsupportedOperationException();
    }

    /**
     * Succeeds if the database takes a real write now; otherwise fails with {@link StoreException.Unavailable},
     * {@link StoreException.DiskFull} or {@link StoreException.ReadOnly}. Answers within seconds; calls that come
     * together share one write.
     */
    public Future<Void> probe() {
        throw new UnsupportedOperationException();
    }

    /** What the pools are doing, to be read at any time from any thread. */
    public DatabaseGauges gauges() {
        throw new UnsupportedOperationException();
    }

    /** Blocks until all connections are closed. */
    @Override
    public void close() {}
}
