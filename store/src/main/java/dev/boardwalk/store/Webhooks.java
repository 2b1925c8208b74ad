package dev.boardwalk.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The events that an application is to be told, each at least once and those of one entity in order. Gateways share the
 * work. Safe from any thread.
 */
public final class Webhooks {
    /** Changes taken from the feed at once; of one position all are. */
    private static final int FEED_ROWS = 10_000;

    private static final String SUBSCRIBE = """
            insert into public.feed_consumer (name, position) select 'webhooks', public.position_horizon()
            on conflict (name) do nothing
            """;

    private static final String UNSUBSCRIBE = "delete from public.feed_consumer where name = 'webhooks'";

    /** The row's lock lets gateways take turns; a horizon that is older than the other's work takes nothing back. */
    private static final String FEED = """
            with feed as materialized (
                select position from public.feed_consumer where name = 'webhooks' for update
            ), until as materialized (
                select greatest(feed.position, least(here.horizon, coalesce((
                    select greatest(c.position, feed.position + 1)
                    from public.change c where c.position >= feed.position
                    order by c.position offset $1 limit 1), here.horizon))) as position
                from feed, (select public.position_horizon() as horizon) here
            ), happened as (
                select c.org_id, c.entity_id, case c.kind when 'flushed' then 'changed' else c.kind end as event,
                       c.position, c.created_at
                from public.change c, feed, until
                where c.position >= feed.position and c.position < until.position
                union all
                select s.org_id, s.entity_id, 'snapshot', s.published_position, s.created_at
                from crdt.snapshot s, feed, until
                where s.published_position >= feed.position and s.published_position < until.position
            ), fed as (
                insert into public.webhook_event (org_id, entity_id, event, position, occurred_at)
                select org_id, entity_id, event, position, created_at from happened
                order by position, created_at
                returning 1
            )
            update public.feed_consumer f set position = until.position, updated_at = now()
            from until where f.name = 'webhooks'
            returning (select count(*) from fed) as fed
            """;

    private static final String ADD = """
            insert into public.webhook_event (org_id, entity_id, event, details)
            select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::jsonb[])
            """;

    private static final String EVENT_COLUMNS = """
            w.org_id, w.event_id, w.event, o.name as organisation_name, p.name as project, e.name, e.ulid,
            w.details::text as details, w.position, w.occurred_at, w.attempts, w.last_error
            """;

    private static final String EVENT_NAMES = """
            left join public.organisation o on o.org_id = w.org_id
            left join public.entity e on e.org_id = w.org_id and e.entity_id = w.entity_id
            left join public.project p on p.org_id = e.org_id and p.project_id = e.project_id
            """;

    /** The oldest of each entity, if it is due; a lease keeps it, and what is behind it, from everybody else. */
    private static final String CLAIM = """
            with head as (
                select distinct on (org_id, entity_id) org_id, event_id
                from public.webhook_event where dead_at is null
                order by org_id, entity_id, event_id
            ), due as (
                select w.org_id, w.event_id
                from head join public.webhook_event w using (org_id, event_id)
                where w.due_at <= clock_timestamp()
                order by w.due_at limit $1
                for update of w skip locked
            ), claimed as (
                update public.webhook_event w set due_at = clock_timestamp() + $2 * interval '1 millisecond'
                from due where w.org_id = due.org_id and w.event_id = due.event_id
                returning w.*
            )
            select %s from claimed w %s
            """.formatted(EVENT_COLUMNS, EVENT_NAMES);

    private static final String DELIVERED = "delete from public.webhook_event where org_id = $1 and event_id = $2";

    private static final String FAILED = """
            update public.webhook_event
            set attempts = attempts + 1, last_error = $3,
                due_at = clock_timestamp() + $4 * interval '1 millisecond',
                dead_at = case when attempts + 1 >= $5 then clock_timestamp() end
            where org_id = $1 and event_id = $2
            returning dead_at is not null as dead
            """;

    private static final String DEAD = """
            select %s from public.webhook_event w %s
            where w.org_id = $1 and w.dead_at is not null and w.event_id > $2
            order by w.event_id limit $3
            """.formatted(EVENT_COLUMNS, EVENT_NAMES);

    private static final String REDELIVER = """
            update public.webhook_event set dead_at = null, attempts = 0, due_at = clock_timestamp()
            where org_id = $1 and event_id = $2 and dead_at is not null
            """;

    private static final String PENDING = "select count(*) from public.webhook_event where dead_at is null";

    private final Pool queries;

    Webhooks(Pool queries) {
        this.queries = queries;
    }

    /** What an entity's clients did, to be told like a change. */
    public record Note(EntityId entity, String event, String details) {}

    /** From the first call on, whatever happens is kept until it is told. */
    public Future<Void> subscribe() {
        return run("subscribe to webhooks", SUBSCRIBE, Tuple.tuple()).mapEmpty();
    }

    /** The feed need not be kept for webhooks any more. */
    public Future<Void> unsubscribe() {
        return run("unsubscribe from webhooks", UNSUBSCRIBE, Tuple.tuple()).mapEmpty();
    }

    /** Takes what has happened into the events; answers how many that were. */
    public Future<Integer> feed() {
        return run("feed webhooks", FEED, Tuple.of(FEED_ROWS))
                .map(rows -> rows.size() == 0
                        ? 0
                        : rows.iterator().next().getLong("fed").intValue());
    }

    /** Adds events that no change stands for. */
    public Future<Void> add(List<Note> notes) {
        Tuple parameters = Tuple.of(
                notes.stream().map(note -> note.entity().organisation().value()).toArray(Long[]::new),
                notes.stream().map(note -> note.entity().number()).toArray(Long[]::new),
                notes.stream().map(Note::event).toArray(String[]::new),
                notes.stream()
                        .map(note -> new io.vertx.core.json.JsonObject(note.details()))
                        .toArray(Object[]::new));
        return run("add webhook events", ADD, parameters).mapEmpty();
    }

    /** Takes events to deliver, the oldest of their entities; they are the caller's for the time of the lease. */
    public Future<List<WebhookEvent>> claim(int limit, Duration lease) {
        return run("claim webhook events", CLAIM, Tuple.of(limit, lease.toMillis()))
                .map(Webhooks::events);
    }

    public Future<Void> delivered(WebhookEvent event) {
        return run("note delivery of webhook event " + event.id(), DELIVERED, key(event.organisation(), event.id()))
                .mapEmpty();
    }

    /**
     * Notes a failed delivery.
     *
     * @param again not before this time has passed
     * @param attemptsMax with so many failures the event is given up
     * @return whether it is given up now
     */
    public Future<Boolean> failed(WebhookEvent event, String error, Duration again, int attemptsMax) {
        Tuple parameters = key(event.organisation(), event.id())
                .addString(error)
                .addLong(again.toMillis())
                .addInteger(attemptsMax);
        return run("note failure of webhook event " + event.id(), FAILED, parameters)
                .map(rows -> rows.size() > 0 && rows.iterator().next().getBoolean("dead"));
    }

    /** Events of an organisation that were given up, oldest first, from after an id on. */
    public Future<List<WebhookEvent>> dead(OrganisationId organisation, long after, int limit) {
        return run("list dead webhook events", DEAD, Tuple.of(organisation.value(), after, limit))
                .map(Webhooks::events);
    }

    /** Has an event that was given up delivered again; answers false if there is none of this id. */
    public Future<Boolean> redeliver(OrganisationId organisation, long id) {
        return run("redeliver webhook event " + id, REDELIVER, key(organisation, id))
                .map(rows -> rows.rowCount() > 0);
    }

    /** Events that are not delivered and not given up. */
    public Future<Long> pending() {
        return run("count webhook events", PENDING, Tuple.tuple())
                .map(rows -> rows.iterator().next().getLong(0));
    }

    private static Tuple key(OrganisationId organisation, long id) {
        return Tuple.of(organisation.value(), id);
    }

    private static List<WebhookEvent> events(RowSet<Row> rows) {
        List<WebhookEvent> events = new ArrayList<>(rows.size());
        for (Row row : rows) {
            events.add(new WebhookEvent(
                    new OrganisationId(row.getLong("org_id")),
                    row.getLong("event_id"),
                    row.getString("event"),
                    row.getString("organisation_name"),
                    row.getString("project"),
                    row.getString("name"),
                    row.getUUID("ulid"),
                    row.getString("details"),
                    row.getLong("position"),
                    row.getOffsetDateTime("occurred_at").toInstant(),
                    row.getInteger("attempts"),
                    row.getString("last_error")));
        }
        return events;
    }

    private Future<RowSet<Row>> run(String attempted, String sql, Tuple parameters) {
        return queries.preparedQuery(sql)
                .execute(parameters)
                .recover(failure -> Future.failedFuture(SqlErrors.of(attempted, failure)));
    }
}
