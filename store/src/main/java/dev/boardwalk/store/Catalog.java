package dev.boardwalk.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What there is: entities described and listed and deleted, as the HTTP API asks. Safe from any thread. */
public final class Catalog {
    private static final String ORGANISATION = "select org_id from public.organisation where name = $1";

    private static final String DESCRIBE = """
            select e.org_id, e.entity_id, e.ulid, e.name, e.type, e.title, e.properties::text as properties,
                   e.state_vector_bytes, e.position, e.size, e.created_at, e.updated_at, e.content_tag_bytes,
                   e.quarantine_reason
            from public.project p
            join public.entity e on e.org_id = p.org_id and e.project_id = p.project_id
            where p.org_id = $1 and p.name = $2 and e.name = $3 and e.deleted_at is null
            """;

    private static final String FIND = """
            select e.entity_id
            from public.project p
            join public.entity e on e.org_id = p.org_id and e.project_id = p.project_id
            where p.org_id = $1 and p.name = $2 and e.name = $3 and e.deleted_at is null
            """;

    private static final String DESCRIBE_ALL = DESCRIBE.replace("e.name = $3", "e.name = any($3)");

    private static final String PROJECT = "select project_id from public.project where org_id = $1 and name = $2";

    /** One more than asked for tells whether there is another page. Names are compared by their bytes (collation C). */
    private static final String PAGE = """
            select entity_id, ulid, name, type, title, position, size, created_at, updated_at
            from public.entity
            where org_id = $1 and project_id = $2 and name > $3 and deleted_at is null
            order by name
            limit $4
            """;

    private static final String PAGE_OF_TYPE = PAGE.replace("order by", "  and type = $5\norder by");

    private static final String DELETE = """
            with gone as (
                update public.entity e
                set deleted_at = now(), updated_at = now(), position = here.position
                from public.project p, (select public.current_position() as position) here
                where p.org_id = $1 and p.name = $2
                  and e.org_id = p.org_id and e.project_id = p.project_id and e.name = $3 and e.deleted_at is null
                returning e.org_id, e.entity_id, e.position
            )
            insert into public.change (org_id, entity_id, kind, position)
            select org_id, entity_id, 'deleted', position from gone
            returning position
            """;

    private final Pool queries;
    private final List<FlushParticipant> participants;

    Catalog(Pool queries, List<FlushParticipant> participants) {
        this.queries = queries;
        this.participants = participants;
    }

    /** Fails with {@link StoreException.NotFound}. */
    public Future<OrganisationId> organisation(String name) {
        return one("find organisation " + name, "organisation " + name, ORGANISATION, Tuple.of(name))
                .map(row -> new OrganisationId(row.getLong("org_id")));
    }

    /** Fails with {@link StoreException.NotFound}. */
    public Future<EntityDescription> describe(EntityKey key) {
        return one("describe entity " + key, "entity " + key.place(), DESCRIBE, keyTuple(key))
                .map(row -> description(key, row));
    }

    /** Fails with {@link StoreException.NotFound}. */
    public Future<EntityId> find(EntityKey key) {
        return one("find entity " + key, "entity " + key.place(), FIND, keyTuple(key))
                .map(row -> new EntityId(key.organisation(), row.getLong("entity_id")));
    }

    /** Those of the names that there are, by name. */
    public Future<Map<String, EntityDescription>> describe(
            OrganisationId organisation, String project, List<String> names) {
        Tuple parameters = Tuple.of(organisation.value(), project, names.toArray(String[]::new));
        return run("describe " + names.size() + " entities", DESCRIBE_ALL, parameters)
                .map(rows -> {
                    Map<String, EntityDescription> found = new HashMap<>();
                    for (Row row : rows) {
                        String name = row.getString("name");
                        found.put(name, description(new EntityKey(organisation, project, name), row));
                    }
                    return found;
                });
    }

    /**
     * One page in the order of the names' UTF-8 bytes. Fails with {@link StoreException.NotFound} (no such project) or
     * {@link StoreException.InvalidCursor}.
     */
    public Future<EntityPage> page(EntityFilter filter) {
        String after;
        try {
            after = filter.cursor() == null ? "" : PageCursor.name(filter.cursor());
        } catch (StoreException.InvalidCursor unreadable) {
            return Future.failedFuture(unreadable);
        }
        long organisation = filter.organisation().value();
        String project = "project " + organisation + "/" + filter.project();
        return one("find " + project, project, PROJECT, Tuple.of(organisation, filter.project()))
                .compose(row -> rows(filter, row.getLong("project_id"), after))
                .map(rows -> page(filter, rows));
    }

    /**
     * Marks the entity as deleted: its name is free at once, its content stays. Answers with the position of the
     * change; fails with {@link StoreException.NotFound}.
     */
    public Future<Long> delete(EntityKey key) {
        return one("delete entity " + key, "entity " + key.place(), DELETE, keyTuple(key))
                .map(row -> {
                    long position = row.getLong("position");
                    participants.forEach(participant -> participant.deleted(key.organisation(), position));
                    return position;
                });
    }

    private Future<RowSet<Row>> rows(EntityFilter filter, long project, String after) {
        Tuple parameters = Tuple.of(filter.organisation().value(), project, after, filter.limit() + 1);
        String sql = PAGE;
        if (filter.type() != null) {
            sql = PAGE_OF_TYPE;
            parameters.addString(filter.type());
        }
        return run("list project " + filter.project(), sql, parameters);
    }

    private static EntityPage page(EntityFilter filter, RowSet<Row> rows) {
        List<EntitySummary> entities = new ArrayList<>(filter.limit());
        for (Row row : rows) {
            if (entities.size() == filter.limit()) {
                return new EntityPage(
                        List.copyOf(entities),
                        PageCursor.after(entities.getLast().key().name()));
            }
            entities.add(summary(filter, row));
        }
        return new EntityPage(List.copyOf(entities), null);
    }

    private static EntitySummary summary(EntityFilter filter, Row row) {
        return new EntitySummary(
                new EntityId(filter.organisation(), row.getLong("entity_id")),
                new EntityKey(filter.organisation(), filter.project(), row.getString("name")),
                row.getUUID("ulid"),
                row.getString("type"),
                row.getString("title"),
                row.getLong("position"),
                row.getLong("size"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static EntityDescription description(EntityKey key, Row row) {
        Buffer contentTag = row.getBuffer("content_tag_bytes");
        return new EntityDescription(
                new EntityId(key.organisation(), row.getLong("entity_id")),
                key,
                row.getUUID("ulid"),
                row.getString("type"),
                row.getString("title"),
                row.getString("properties"),
                row.getBuffer("state_vector_bytes").getBytes(),
                row.getLong("position"),
                row.getLong("size"),
                instant(row, "created_at"),
                instant(row, "updated_at"),
                contentTag == null ? null : contentTag.getBytes(),
                row.getString("quarantine_reason"));
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    private static Tuple keyTuple(EntityKey key) {
        return Tuple.of(key.organisation().value(), key.project(), key.name());
    }

    /** The only row; fails with {@link StoreException.NotFound} when there is none. */
    private Future<Row> one(String attempted, String what, String sql, Tuple parameters) {
        return run(attempted, sql, parameters)
                .compose(rows -> rows.size() == 0
                        ? Future.failedFuture(new StoreException.NotFound(what + " does not exist"))
                        : Future.succeededFuture(rows.iterator().next()));
    }

    private Future<RowSet<Row>> run(String attempted, String sql, Tuple parameters) {
        return Transactions.retried(() -> queries.preparedQuery(sql).execute(parameters))
                .recover(failure -> Future.failedFuture(SqlErrors.of(attempted, failure)));
    }
}
