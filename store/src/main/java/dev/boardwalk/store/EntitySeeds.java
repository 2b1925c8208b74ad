package dev.boardwalk.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/**
 * With what entities began that were filled from outside when they were first opened: kept before it is used, so that
 * everybody uses the same. Safe from any thread.
 */
public final class EntitySeeds {
    private static final String FIND = "select update_bytes from crdt.seed where org_id = $1 and entity_id = $2";

    private static final String KEEP = """
            insert into crdt.seed (org_id, entity_id, update_bytes) values ($1, $2, $3)
            on conflict (org_id, entity_id) do nothing
            """;

    private final Pool queries;

    EntitySeeds(Pool queries) {
        this.queries = queries;
    }

    /** The seed that was kept, if there is one. */
    public Future<Optional<byte[]>> find(EntityId id) {
        return run("find seed of entity " + id, FIND, key(id)).map(rows -> {
            for (Row row : rows) {
                return Optional.of(row.getBuffer("update_bytes").getBytes());
            }
            return Optional.empty();
        });
    }

    /** Keeps the seed if there is none; answers with the one that is kept, which may be another's. */
    public Future<byte[]> keepFirst(EntityId id, byte[] update) {
        String attempted = "keep seed of entity " + id;
        return run(attempted, KEEP, key(id).addBuffer(Buffer.buffer(update)))
                .compose(_ -> find(id))
                .map(kept -> kept.orElseThrow(() -> new StoreException.NotFound(attempted + ": it is gone")));
    }

    private static Tuple key(EntityId id) {
        return Tuple.of(id.organisation().value(), id.number());
    }

    private Future<RowSet<Row>> run(String attempted, String sql, Tuple parameters) {
        return queries.preparedQuery(sql)
                .execute(parameters)
                .recover(failure -> Future.failedFuture(SqlErrors.of(attempted, failure)));
    }
}
