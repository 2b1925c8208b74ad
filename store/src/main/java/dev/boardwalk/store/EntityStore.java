package dev.boardwalk.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Loads entities: identity and all pieces of the document, in one statement each. Safe from any thread. */
public final class EntityStore {
    private static final int ENTITY = 0;
    private static final int SNAPSHOT = 1;
    private static final int OPERATION = 2;
    private static final int TICK = 3;

    /**
     * Everything in one snapshot of the database, so that content which a flush moves from the journal to the
     * operations meanwhile is seen on one side at least. Both time bounds leave partitions out; the positions and
     * flushed ticks decide. Transaction ids follow cause and effect between gateways, so ticks are ordered by position.
     */
    private static final String PIECES = """
            , newest as materialized (
                select s.* from target t
                join crdt.snapshot s on s.org_id = t.org_id and s.entity_id = t.entity_id and s.snapshot_id = t.snapshot_id
            ), since as materialized (
                select t.org_id, t.entity_id,
                       coalesce((select covered_position from newest), 0) as position,
                       coalesce((select covered_from from newest), t.created_at - interval '1 minute') as created_at,
                       (select min(flushed_from) from public.gateway where retired_at is null) as unflushed_at
                from target t
            )
            select 0::smallint as part, t.org_id as a, t.entity_id as b, null::smallint as format,
                   null::bytea as bytes, null::bytea as more_bytes, t.ulid, t.project, t.name,
                   t.deleted_at is not null as deleted, t.quarantine_reason as note, t.position
            from target t
            union all
            select 1::smallint, s.snapshot_id, 0, null, s.state_bytes, s.state_vector_bytes, null, null, null, null, s.object, null::bigint
            from newest s
            union all
            select 2::smallint, o.operation_id, 0, o.format, o.update_bytes, null, null, null, null, null, null, null
            from since
            join crdt.operation o on o.org_id = since.org_id and o.entity_id = since.entity_id
             and o.created_at >= since.created_at and o.position >= since.position
            union all
            select 2::smallint, k.operation_id, 0, k.format, k.update_bytes, null, null, null, null, null, null, null
            from target t
            join crdt.kept_operation k on k.org_id = t.org_id and k.entity_id = t.entity_id
            union all
            select 3::smallint, j.position, j.gateway_id, null, j.updates_bytes, int8send(j.tick), null, null, null, null, null, null
            from since
            join crdt.journal j on j.org_id = since.org_id and j.entity_id = since.entity_id
             and j.created_at >= since.unflushed_at
            join public.gateway g on g.gateway_id = j.gateway_id and g.retired_at is null and j.tick > g.flushed_tick
            order by part, a, b
            """;

    static final String LOAD_BY_KEY = """
            with target as materialized (
                select e.*, p.name as project
                from public.project p
                join public.entity e on e.org_id = p.org_id and e.project_id = p.project_id
                where p.org_id = $1 and p.name = $2 and e.name = $3 and e.deleted_at is null
            )""" + PIECES;

    static final String LOAD_BY_ID = """
            with target as materialized (
                select e.*, p.name as project
                from public.entity e
                join public.project p on p.org_id = e.org_id and p.project_id = e.project_id
                where e.org_id = $1 and e.entity_id = $2
            )""" + PIECES;

    private static final String JOURNALLED_ELSEWHERE = """
            select exists (
                select from public.project p
                join public.entity e on e.org_id = p.org_id and e.project_id = p.project_id
                join crdt.journal j on j.org_id = e.org_id and j.entity_id = e.entity_id
                 and j.created_at >= (select min(flushed_from) from public.gateway where retired_at is null)
                join public.gateway g on g.gateway_id = j.gateway_id and g.retired_at is null and j.tick > g.flushed_tick
                where p.org_id = $1 and p.name = $2 and e.name = $3 and e.deleted_at is null and j.gateway_id <> $4
            ) as elsewhere
            """;

    private static final String ORGANISATION_JOURNALLED_ELSEWHERE = """
            select distinct j.entity_id
            from public.gateway g
            join crdt.journal j on j.org_id = $1 and j.gateway_id = g.gateway_id and j.tick > g.flushed_tick
             and j.created_at >= (select min(flushed_from) from public.gateway where retired_at is null)
            where g.gateway_id <> $2 and g.retired_at is null and j.position <= $3 and j.entity_id > $4
            order by j.entity_id
            limit $5
            """;

    /**
     * Safe against others that make the same: the project's conflict is turned into an update of nothing, which waits
     * for the other's commit and yields its row (of a column in no key, or it would lock out the check of the entity's
     * foreign key); the entity's conflict means that a load finds it.
     */
    private static final String CREATE = """
            with present as (
                select project_id from public.project where org_id = $1 and name = $2
            ), made as (
                insert into public.project (org_id, name)
                select $1, $2 where not exists (select from present)
                on conflict (org_id, name) do update set created_at = project.created_at
                returning project_id
            ), here as (
                select public.current_position() as position
            ), born as (
                insert into public.entity (org_id, project_id, name, position)
                select $1, project_id, $3, here.position
                from (select project_id from present union all select project_id from made) project, here
                on conflict (org_id, project_id, name) where deleted_at is null do nothing
                returning entity_id
            )
            insert into public.change (org_id, entity_id, kind, position)
            select $1, born.entity_id, 'created', here.position from born, here
            """;

    private static final String SNAPSHOT_PLACE = """
            select object, object_offset, object_length, size, sha256_bytes, covered_position from crdt.snapshot
            where org_id = $1 and entity_id = $2 and snapshot_id = $3
            """;

    private final Pool queries;
    private final @Nullable BlobStore objects;
    private final @Nullable SnapshotFallback fallback;

    EntityStore(Pool queries, @Nullable BlobStore objects, @Nullable SnapshotFallback fallback) {
        this.queries = queries;
        this.objects = objects;
        this.fallback = fallback;
    }

    /** Empty if there is no such entity (never made, or deleted). */
    public Future<Optional<StoredEntity>> load(EntityKey key) {
        return run("load entity " + key, LOAD_BY_KEY, keyTuple(key)).compose(this::entity);
    }

    /** Whether ticks of other gateways, a dead one perhaps, hold content of the entity that no flush has covered. */
    public Future<Boolean> journalledElsewhere(EntityKey key, GatewayLease lease) {
        Tuple parameters = keyTuple(key).addLong(lease.gatewayId());
        return run("look for other journals of entity " + key, JOURNALLED_ELSEWHERE, parameters)
                .map(rows -> rows.iterator().next().getBoolean("elsewhere"));
    }

    /**
     * The entities of which ticks of other gateways, dead ones perhaps, hold content up to a position, and no flush of
     * those gateways has covered it: {@code limit} at a time in order of their ids.
     *
     * @param after the number of the last entity of the previous page, 0 at first
     */
    public Future<List<EntityId>> journalledElsewhere(
            OrganisationId organisation, long position, GatewayLease lease, long after, int limit) {
        Tuple parameters = Tuple.of(organisation.value(), lease.gatewayId(), position, after, limit);
        return run(
                        "look for other journals of organisation " + organisation,
                        ORGANISATION_JOURNALLED_ELSEWHERE,
                        parameters)
                .map(rows -> {
                    List<EntityId> found = new ArrayList<>();
                    rows.forEach(row -> found.add(new EntityId(organisation, row.getLong("entity_id"))));
                    return found;
                });
    }

    /** Finds deleted entities too: their journal has to be flushed like any other. */
    public Future<Optional<StoredEntity>> load(EntityId id) {
        Tuple parameters = Tuple.of(id.organisation().value(), id.number());
        return run("load entity " + id, LOAD_BY_ID, parameters).compose(this::entity);
    }

    /** Makes project and entity if they are missing; several gateways at once make one. */
    public Future<StoredEntity> loadOrCreate(EntityKey key) {
        return load(key)
                .compose(found -> found.isPresent()
                        ? Future.succeededFuture(found.get())
                        : create(key)
                                .compose(_ -> load(key))
                                .map(made -> made.orElseThrow(() -> new StoreException.NotFound(
                                        "entity " + key.place() + " was deleted while it was being made"))));
    }

    private Future<RowSet<Row>> create(EntityKey key) {
        return Transactions.retried(() -> queries.preparedQuery(CREATE).execute(keyTuple(key)))
                .recover(failure -> Future.failedFuture(SqlErrors.of("make entity " + key, failure)));
    }

    private Future<RowSet<Row>> run(String attempted, String sql, Tuple parameters) {
        return queries.preparedQuery(sql)
                .execute(parameters)
                .recover(failure -> Future.failedFuture(SqlErrors.of(attempted, failure)));
    }

    private static Tuple keyTuple(EntityKey key) {
        return Tuple.of(key.organisation().value(), key.project(), key.name());
    }

    private Future<Optional<StoredEntity>> entity(RowSet<Row> rows) {
        Row head = null;
        Row elsewhere = null;
        List<StoredPiece> pieces = new ArrayList<>(rows.size());
        for (Row row : rows) {
            switch (row.getShort("part")) {
                case ENTITY -> head = row;
                case SNAPSHOT -> {
                    if (row.getBuffer("bytes") == null) {
                        elsewhere = row;
                    } else {
                        pieces.add(snapshot(row, bytes(row.getBuffer("bytes"))));
                    }
                }
                case OPERATION ->
                    pieces.add(new StoredPiece.Operation(
                            row.getLong("a"),
                            OperationFormat.ofStored(row.getShort("format")),
                            bytes(row.getBuffer("bytes"))));
                case TICK ->
                    pieces.add(new StoredPiece.Tick(
                            row.getLong("b"), row.getBuffer("more_bytes").getLong(0), bytes(row.getBuffer("bytes"))));
                default -> throw new IllegalStateException("part " + row.getShort("part") + " in a load");
            }
        }
        if (head == null) {
            return Future.succeededFuture(Optional.empty());
        }
        StoredEntity entity = entity(head, pieces);
        return elsewhere == null
                ? Future.succeededFuture(Optional.of(entity))
                : withObject(entity, elsewhere).map(Optional::of);
    }

    /**
     * The entity with its snapshot fetched from the object that holds it, which is never a small one; or, should that
     * be damaged, with an older one and all operations since.
     */
    private Future<StoredEntity> withObject(StoredEntity entity, Row snapshot) {
        BlobStore from = objects;
        SnapshotFallback instead = fallback;
        if (from == null || instead == null) {
            return Future.failedFuture(new StoreException.Unsuitable(
                    "entity " + entity.key() + " lies in object " + snapshot.getString("note")
                            + " and no object storage is set",
                    null));
        }
        EntityId id = entity.id();
        long snapshotId = snapshot.getLong("a");
        return run(
                        "find snapshot " + snapshotId + " of entity " + id,
                        SNAPSHOT_PLACE,
                        Tuple.of(id.organisation().value(), id.number(), snapshotId))
                .compose(found -> {
                    if (found.size() == 0) {
                        return Future.failedFuture(new StoreException.Unavailable(
                                "snapshot " + snapshotId + " of entity " + id + " was replaced meanwhile", null));
                    }
                    Row place = found.iterator().next();
                    return blocking(() -> whole(entity, snapshot, place, from, instead));
                });
    }

    private static StoredEntity whole(
            StoredEntity entity, Row snapshot, Row place, BlobStore from, SnapshotFallback instead) {
        SnapshotPlace at = new SnapshotPlace(
                place.getString("object"),
                place.getLong("object_offset"),
                place.getInteger("object_length"),
                place.getLong("size"),
                bytes(place.getBuffer("sha256_bytes")));
        try {
            return entity.withFirst(List.of(snapshot(snapshot, at.read(from, "snapshot of entity " + entity.id()))));
        } catch (StoreException.ObjectDamaged | StoreException.ObjectMissing damage) {
            SnapshotFallback.Base base =
                    instead.find(entity.id(), snapshot.getLong("a"), place.getLong("covered_position"), damage);
            List<StoredPiece> first = new ArrayList<>();
            if (base.snapshot() != null) {
                first.add(base.snapshot());
            }
            first.addAll(base.operations());
            return entity.withFirst(first);
        }
    }

    private static <T> Future<T> blocking(Callable<T> work) {
        Promise<T> done = Promise.promise();
        Thread.startVirtualThread(() -> {
            try {
                done.complete(work.call());
            } catch (Throwable failure) {
                done.fail(failure);
            }
        });
        return done.future();
    }

    private static StoredEntity entity(Row head, List<StoredPiece> pieces) {
        OrganisationId organisation = new OrganisationId(head.getLong("a"));
        return new StoredEntity(
                new EntityId(organisation, head.getLong("b")),
                new EntityKey(organisation, head.getString("project"), head.getString("name")),
                head.getUUID("ulid"),
                head.getBoolean("deleted"),
                head.getLong("position"),
                head.getString("note"),
                List.copyOf(pieces));
    }

    private static StoredPiece snapshot(Row row, byte[] state) {
        return new StoredPiece.Snapshot(row.getLong("a"), state, bytes(row.getBuffer("more_bytes")));
    }

    private static byte[] bytes(Buffer buffer) {
        return buffer.getBytes();
    }
}
