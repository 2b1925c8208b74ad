package dev.boardwalk.store;

import com.zaxxer.hikari.HikariDataSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Boardwalk's connection to Postgres: checked, migrated, with connections for each kind of work.
 *
 * <p>Edits and queries go through vertx-pg-client (futures, event loops), flushes and maintenance through JDBC (blocking,
 * virtual threads). A journal has its own connection, so that nothing waits before a tick.
 */
public final class Database implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Database.class);

    private final List<FlushParticipant> participants = new CopyOnWriteArrayList<>();
    private final Vertx vertx;
    private final DatabaseSettings settings;
    private final Sessions sessions;
    private final HikariDataSource blocking;
    private final Pool queries;
    private final Probe probe;
    private final Journal.Counters journalCounters = new Journal.Counters(new AtomicLong(), new AtomicLong());
    private final Upkeep upkeep;
    private final AtomicLong aheadSeconds;
    private final @Nullable BlobStore objects;
    private final AtomicLong damagedSnapshots = new AtomicLong();
    private final Queue<HikariDataSource> owned = new ConcurrentLinkedQueue<>();

    private Database(
            Vertx vertx,
            DatabaseSettings settings,
            Sessions sessions,
            HikariDataSource blocking,
            Upkeep upkeep,
            AtomicLong aheadSeconds,
            @Nullable BlobStore objects) {
        this.vertx = vertx;
        this.settings = settings;
        this.sessions = sessions;
        this.blocking = blocking;
        this.upkeep = upkeep;
        this.aheadSeconds = aheadSeconds;
        this.objects = objects;
        this.queries = sessions.queries(vertx);
        this.probe = new Probe(queries);
    }

    /** Without object storage: an entity that lies there cannot be loaded. */
    public static Database open(Vertx vertx, DatabaseSettings settings) {
        return open(vertx, settings, null);
    }

    /**
     * Connects, checks that the server suits, migrates the schema, and keeps partitions ahead of the clock until it is
     * closed. Blocks: not for event loops.
     * Fails with {@link StoreException.Unavailable} (try again) or {@link StoreException.Unsuitable}.
     *
     * @param objects where large snapshots lie; stays the caller's to close
     */
    public static Database open(Vertx vertx, DatabaseSettings settings, @Nullable BlobStore objects) {
        Sessions sessions = new Sessions(settings);
        HikariDataSource blocking = sessions.blocking();
        boolean opened = false;
        try {
            Schema.prepare(blocking, settings.toString());
            AtomicLong aheadSeconds = new AtomicLong();
            Duration width = settings.limits().partitionWidth();
            Upkeep upkeep = Upkeep.start(new Partitions(blocking, width, aheadSeconds), width);
            Database database = new Database(vertx, settings, sessions, blocking, upkeep, aheadSeconds, objects);
            opened = true;
            return database;
        } finally {
            if (!opened) {
                blocking.close();
            }
        }
    }

    /** The journal of a gateway, for one owner. Close it when the lease is given up. */
    public Journal journal(GatewayLease lease) {
        return new Journal(vertx, sessions.vertx("boardwalk journal"), settings.limits(), lease, journalCounters);
    }

    public EntityStore entities() {
        return new EntityStore(queries, objects, fallback());
    }

    /** Organisations and who may do what in them. */
    public AccessStore access() {
        return new AccessStore(queries);
    }

    /** Projects and their states. */
    public ProjectStore projects() {
        return new ProjectStore(queries);
    }

    /** The removal of what was deleted long ago. */
    public Purge purge() {
        return new Purge(blocking);
    }

    /** Requests that must not happen twice. */
    public IdempotencyKeys idempotencyKeys() {
        return new IdempotencyKeys(queries);
    }

    /** Binary files of entities. */
    public Attachments attachments() {
        return new Attachments(queries);
    }

    /** The same, page by page over all organisations, for checks. */
    public AttachmentWalk attachmentWalk() {
        return new AttachmentWalk(blocking);
    }

    /** What an application is to be told. */
    public Webhooks webhooks() {
        return new Webhooks(queries);
    }

    /** What entities began with that were filled from outside. */
    public EntitySeeds seeds() {
        return new EntitySeeds(queries);
    }

    public Catalog catalog() {
        return new Catalog(queries, participants);
    }

    /** Lets this one write in the transactions of all flush writers that are made from now on, in the order of these calls. */
    public void onFlush(FlushParticipant participant) {
        participants.add(participant);
    }

    /** These participants write in the same transactions, after those of {@link #onFlush}. */
    public FlushWriter flushWriter(FlushParticipant... more) {
        List<FlushParticipant> all = new ArrayList<>(participants);
        all.addAll(List.of(more));
        return new FlushWriter(blocking, List.copyOf(all));
    }

    public GatewayLeases leases() {
        return new GatewayLeases(blocking, settings.limits().lease(), journalReader());
    }

    /** Which other gateways there are and what they committed. */
    public GatewayDirectory gateways() {
        return new GatewayDirectory(blocking);
    }

    public JournalReader journalReader() {
        return new JournalReader(blocking);
    }

    /** What waits to be folded. */
    public FoldBacklog foldBacklog() {
        return new FoldBacklog(blocking);
    }

    /** Documents that cannot be folded. */
    public Quarantine quarantine() {
        return new Quarantine(blocking);
    }

    public Snapshots snapshots() {
        return new Snapshots(blocking, objects, fallback());
    }

    private @Nullable SnapshotFallback fallback() {
        return objects == null ? null : new SnapshotFallback(blocking, objects, damagedSnapshots);
    }

    /** Operations that were moved into object storage. */
    public History history() {
        return new History(blocking, objects, archive());
    }

    public Versions versions() {
        return new Versions(blocking, objects);
    }

    public ChangeLog changeLog() {
        return new ChangeLog(blocking, objects, archive());
    }

    public OperationArchive archive() {
        return new OperationArchive(blocking, objects);
    }

    /** Partitions of the operations that may go. */
    public OperationPartitions operationPartitions() {
        return new OperationPartitions(blocking);
    }

    /** Which snapshots and archived operations are kept. */
    public Retention retention() {
        return new Retention(blocking);
    }

    /** What projects say about that. */
    public RetentionPolicies retentionPolicies() {
        return new RetentionPolicies(queries);
    }

    /** Which objects rows name. */
    public ObjectReferences objectReferences() {
        return new ObjectReferences(blocking);
    }

    /** Claims a partition for the archive; whoever had it before writes nothing more. */
    public ArchiveWriter archiveWriter(OperationPartition partition, BlobStore into) {
        return new ArchiveWriter(blocking, into, partition);
    }

    /** Connections for a library that speaks JDBC itself. */
    public DataSource connections() {
        return blocking;
    }

    /**
     * Further connections, so that what may take long never lets a flush wait. Closed with the database.
     *
     * @param purpose in a word, for {@code application_name}
     * @param most open at one time
     */
    public DataSource ownConnections(String purpose, int most) {
        return ownConnections(purpose, most, null);
    }

    /** The same, each session begun with a statement. */
    public DataSource ownConnections(String purpose, int most, @Nullable String once) {
        HikariDataSource own = sessions.blocking(purpose, most, 0, once);
        owned.add(own);
        return own;
    }

    public Partitions partitions() {
        return new Partitions(blocking, settings.limits().partitionWidth(), aheadSeconds);
    }

    /**
     * Succeeds if the database takes a real write now; otherwise fails with {@link StoreException.Unavailable},
     * {@link StoreException.DiskFull} or {@link StoreException.ReadOnly}. Answers within seconds; calls that come
     * together share one write.
     */
    public Future<Void> probe() {
        return probe.run();
    }

    /** What the connections are doing, to be read at any time from any thread. */
    public DatabaseGauges gauges() {
        return new DatabaseGauges(
                () -> blocking.getHikariPoolMXBean().getActiveConnections(),
                () -> blocking.getHikariPoolMXBean().getThreadsAwaitingConnection(),
                queries::size,
                journalCounters.connects()::get,
                journalCounters.retries()::get,
                aheadSeconds::get,
                damagedSnapshots::get);
    }

    public DatabaseSettings settings() {
        return settings;
    }

    /** Blocks until all connections are closed, for some seconds at most. */
    @Override
    public void close() {
        upkeep.close();
        owned.forEach(HikariDataSource::close);
        blocking.close();
        try {
            queries.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            log.warn("connections not closed database={}", settings, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
