package dev.boardwalk.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable log of one gateway: its ticks, one at a time, each in one statement over its own connection.
 *
 * <p>Exactly once. A tick whose answer was lost is in doubt: it may be committed, be running still, or lie unread in a
 * buffer of the server. Sending it again therefore takes the gateway's row for itself first (waits for one that is
 * running), looks whether the tick is there, and raises the row's attempt, without which a statement that wakes up
 * late writes nothing. The plain statement only shares the row, so that flushes and renewals do not hold it up. A
 * takeover raises the epoch in the same way, and the former holder learns it by having written nothing.
 */
public final class Journal {
    private static final Logger log = LoggerFactory.getLogger(Journal.class);

    /** Most bytes of one tick: a quarter of what one message to Postgres may have. */
    public static final int TICK_BYTES_MAX = 256 << 20;

    /** A tick never lies before the time from which loads look at this gateway's journal, also if the clock is set back. */
    private static final String APPEND = """
            with fence as materialized (
                select flushed_from from public.gateway
                where gateway_id = $1 and epoch = $2 and attempt = $3 and retired_at is null
                for key share
            ), place as materialized (
                select public.current_position() as position, greatest(now(), flushed_from) as created_at from fence
            ), written as (
                insert into crdt.journal (org_id, entity_id, gateway_id, tick, updates_bytes, position, created_at)
                select entry.org_id, entry.entity_id, $1, $4, entry.updates_bytes, place.position, place.created_at
                from place, unnest($5::bigint[], $6::bigint[], $7::bytea[]) as entry (org_id, entity_id, updates_bytes)
                returning 1
            )
            select place.position, place.created_at as at, (select count(*) from written) as entries from place
            """;

    private static final String TAKE_ROW = """
            select attempt from public.gateway
            where gateway_id = $1 and epoch = $2 and retired_at is null
            for update
            """;

    /** A tick is in the journal wholly or not at all: its first entry stands for it. */
    private static final String FIND = """
            select position, created_at as at from crdt.journal
            where org_id = $1 and entity_id = $2 and gateway_id = $3 and tick = $4
              and created_at >= (select flushed_from from public.gateway where gateway_id = $3)
            """;

    private static final String RAISE_ATTEMPT =
            "update public.gateway set attempt = attempt + 1 where gateway_id = $1 returning attempt";

    private final Vertx vertx;
    private final PgConnectOptions options;
    private final DatabaseLimits limits;
    private final GatewayLease lease;
    private final Counters counters;

    private @Nullable Future<Session> session;
    private long attempt;
    private boolean busy;
    private boolean inDoubt;
    private boolean partitionsMissing;
    private long lastTick;

    /** What happens below, counted over all journals of a process. */
    record Counters(AtomicLong connects, AtomicLong retries) {}

    private record Session(PgConnection connection, PreparedStatement append) {}

    Journal(Vertx vertx, PgConnectOptions options, DatabaseLimits limits, GatewayLease lease, Counters counters) {
        this.vertx = vertx;
        this.options = options;
        this.limits = limits;
        this.lease = lease;
        this.counters = counters;
    }

    public GatewayLease lease() {
        return lease;
    }

    /** Connects ahead of the first tick; not required. */
    public Future<Void> connect() {
        return session().<Void>mapEmpty().recover(failure -> {
            session = null;
            return Future.failedFuture(SqlErrors.of("connect for the journal of " + lease, failure));
        });
    }

    /**
     * Makes a tick durable; the future completes after the commit. One owner (call always from the same event loop),
     * one call at a time, ticks ascending from 1, each entity once in a tick, at least one entry, at most
     * {@link #TICK_BYTES_MAX} of updates.
     *
     * <p>After a failure that {@link StoreException#passes()} nothing is known of the tick: call again with the
     * <em>same number and entries</em> until it succeeds; it is then in the journal exactly once. After
     * {@link StoreException.Fenced} register anew and journal all that is unconfirmed under the new lease.
     */
    public Future<CommittedTick> append(long tick, List<JournalEntry> entries) {
        requireNext(tick, entries);
        Tuple rows = rows(tick, entries);
        busy = true;
        lastTick = tick;
        Future<CommittedTick> done = inDoubt ? settle(tick, entries, rows) : send(tick, entries, rows);
        return done.transform((committed, failure) -> {
            busy = false;
            inDoubt = failure != null;
            return failure == null ? Future.succeededFuture(committed) : failed(tick, failure);
        });
    }

    /** Closes the journal's connection. */
    public Future<Void> close() {
        Future<Session> open = session;
        session = null;
        return open == null
                ? Future.succeededFuture()
                : open.compose(held -> held.connection().close(), _ -> Future.succeededFuture());
    }

    private void requireNext(long tick, List<JournalEntry> entries) {
        if (busy) {
            throw new IllegalStateException(
                    "tick " + tick + " of " + lease + " while tick " + lastTick + " is under way");
        }
        if (inDoubt ? tick != lastTick : tick <= lastTick) {
            throw new IllegalStateException("tick " + tick + " of " + lease + " after tick " + lastTick
                    + (inDoubt ? ", which is in doubt" : ""));
        }
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("tick " + tick + " of " + lease + " without entries");
        }
    }

    private Tuple rows(long tick, List<JournalEntry> entries) {
        int count = entries.size();
        Long[] organisations = new Long[count];
        Long[] entities = new Long[count];
        Buffer[] batches = new Buffer[count];
        long bytes = 0;
        for (int at = 0; at < count; at++) {
            JournalEntry entry = entries.get(at);
            organisations[at] = entry.entity().organisation().value();
            entities[at] = entry.entity().number();
            batches[at] = Buffer.buffer(UpdateBatch.encode(entry.updates()));
            bytes += batches[at].length();
        }
        if (bytes > TICK_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "tick " + tick + " of " + lease + " has " + bytes + " bytes, at most " + TICK_BYTES_MAX);
        }
        return Tuple.of(lease.gatewayId(), lease.epoch(), attempt, tick, organisations, entities)
                .addValue(batches);
    }

    private Future<CommittedTick> send(long tick, List<JournalEntry> entries, Tuple rows) {
        return session()
                .compose(held -> answer(held.append().query().execute(rows)))
                .compose(written -> {
                    // Nothing written: the lease is lost, or an earlier owner of this lease raised the attempt.
                    return written.size() == 0
                            ? settle(tick, entries, rows)
                            : Future.succeededFuture(committed(tick, entries, written));
                });
    }

    private Future<CommittedTick> settle(long tick, List<JournalEntry> entries, Tuple rows) {
        counters.retries().incrementAndGet();
        return session()
                .compose(held -> makePartitions(held)
                        .compose(_ -> answer(held.connection().begin()))
                        .compose(transaction -> settleInside(held, tick, entries, rows)
                                .compose(committed ->
                                        answer(transaction.commit()).map(committed))));
    }

    private Future<CommittedTick> settleInside(Session held, long tick, List<JournalEntry> entries, Tuple rows) {
        EntityId first = entries.getFirst().entity();
        return query(held, TAKE_ROW, Tuple.of(lease.gatewayId(), lease.epoch()))
                .compose(taken -> {
                    if (taken.size() == 0) {
                        return Future.failedFuture(new StoreException.Fenced(
                                "tick " + tick + " of " + lease + " was not written: the lease was taken over"));
                    }
                    return query(
                            held,
                            FIND,
                            Tuple.of(first.organisation().value(), first.number(), lease.gatewayId(), tick));
                })
                .compose(found -> found.size() == 0
                        ? sendAgain(held, tick, entries, rows)
                        : Future.succeededFuture(
                                committed(tick, found.iterator().next())));
    }

    private Future<CommittedTick> sendAgain(Session held, long tick, List<JournalEntry> entries, Tuple rows) {
        return query(held, RAISE_ATTEMPT, Tuple.of(lease.gatewayId()))
                .compose(raised -> {
                    attempt = raised.iterator().next().getLong("attempt");
                    Tuple renewed = Tuple.of(lease.gatewayId(), lease.epoch(), attempt, tick);
                    for (int at = renewed.size(); at < rows.size(); at++) {
                        renewed.addValue(rows.getValue(at));
                    }
                    return answer(held.append().query().execute(renewed));
                })
                .map(written -> committed(tick, entries, written));
    }

    private Future<Void> makePartitions(Session held) {
        if (!partitionsMissing) {
            return Future.succeededFuture();
        }
        return query(held, Partitions.ENSURE, Partitions.ensureTuple(limits.partitionWidth(), limits.partitionWidth()))
                .onSuccess(_ -> partitionsMissing = false)
                .mapEmpty();
    }

    private CommittedTick committed(long tick, List<JournalEntry> entries, RowSet<Row> written) {
        Row row = written.iterator().next();
        long count = row.getLong("entries");
        if (count != entries.size()) {
            throw new IllegalStateException(
                    "tick " + tick + " of " + lease + " wrote " + count + " of " + entries.size());
        }
        return committed(tick, row);
    }

    private static CommittedTick committed(long tick, Row row) {
        OffsetDateTime at = row.getOffsetDateTime("at");
        return new CommittedTick(tick, row.getLong("position"), at.toInstant());
    }

    private Future<CommittedTick> failed(long tick, Throwable failure) {
        partitionsMissing = SqlErrors.noPartition(failure);
        // The next call begins with a new connection: whatever this one still does, it does not do it for us.
        Future<Void> closing = close();
        closing.onFailure(problem -> log.debug("journal connection not closed gateway={}", lease.gatewayId(), problem));
        return Future.failedFuture(SqlErrors.of("journal tick " + tick + " of " + lease, failure));
    }

    private Future<RowSet<Row>> query(Session held, String sql, Tuple parameters) {
        return answer(held.connection().preparedQuery(sql).execute(parameters));
    }

    /** A server that is stopped, or cut off, answers nothing: the wait has an end. */
    private <T> Future<T> answer(Future<T> asked) {
        Duration longest = limits.answerTimeout();
        return asked.timeout(longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Future<Session> session() {
        Future<Session> open = session;
        if (open != null) {
            return open;
        }
        counters.connects().incrementAndGet();
        Future<PgConnection> connecting = PgConnection.connect(vertx, options);
        Future<Session> opening = answer(connecting).compose(connection -> {
            connection.closeHandler(_ -> forget(connection));
            connection.exceptionHandler(
                    problem -> log.debug("journal connection broken gateway={}", lease.gatewayId(), problem));
            return answer(connection.prepare(APPEND)).map(append -> new Session(connection, append));
        });
        opening.onFailure(_ -> closeWhenOpen(connecting));
        session = opening;
        return opening;
    }

    /** Nobody waits any more for a connection that comes after the timeout. */
    private void closeWhenOpen(Future<PgConnection> connecting) {
        connecting
                .compose(PgConnection::close)
                .onFailure(problem -> log.debug("no journal connection to close", problem));
    }

    /** An idle connection that broke is not used for the next tick: it would only put that in doubt. */
    private void forget(PgConnection closed) {
        Future<Session> open = session;
        if (open != null && open.succeeded() && open.result().connection() == closed) {
            session = null;
        }
    }
}
