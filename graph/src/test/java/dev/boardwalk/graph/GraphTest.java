package dev.boardwalk.graph;

import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseSettings;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.FlushOutcome;
import dev.boardwalk.store.FlushWriter;
import dev.boardwalk.store.FlushedEntity;
import dev.boardwalk.store.GatewayLease;
import dev.boardwalk.store.OperationFormat;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.Projection;
import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** What tests on the real AGE share: one migrated database for each test class, and flushes into it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GraphTest {
    private static final long ANSWER_SECONDS_MAX = 30;

    /** All of AGE's edges as readable lines: {@code default/board#a -DEPENDS_ON-> default/other}. */
    static final String EDGES = """
            with vertex as (
                select id, properties::text::jsonb as p from relations."_ag_label_vertex"
            ), edge as (
                select tableoid::regclass::text as label, start_id, end_id, properties::text::jsonb as p
                from relations."_ag_label_edge"
            )
            select s.p->>'project' || '/' || (s.p->>'name') || coalesce('#' || (s.p->>'element'), '')
                || ' -' || coalesce(e.p->>'type', trim(both '"' from split_part(e.label, '.', 2))) || '-> '
                || (t.p->>'project') || '/' || (t.p->>'name') || coalesce('#' || (t.p->>'element'), '')
            from edge e
            left join vertex s on s.id operator(ag_catalog.=) e.start_id left join vertex t on t.id operator(ag_catalog.=) e.end_id
            where e.p->>'org_id' = '%d'
            """;

    final TestDatabase server = TestDatabase.create();
    final Vertx vertx = Vertx.vertx();
    final Derivation derivation = new Derivation(GraphLimits.DEFAULT);
    Database database;
    FlushWriter writer;
    GatewayLease lease;

    @BeforeAll
    void openDatabase() {
        database = Database.open(vertx, DatabaseSettings.parse(server.url()));
        writer = database.flushWriter(derivation);
        lease = database.leases().register("graph test");
    }

    @AfterAll
    void closeDatabase() {
        database.close();
        answer(vertx.close());
        server.close();
    }

    final OrganisationId organisation(String name) {
        return new OrganisationId(server.number("insert into public.organisation (name) values ('" + name
                + "') on conflict (name) do update set name = excluded.name returning org_id"));
    }

    final EntityId entity(OrganisationId organisation, String project, String name) {
        return answer(database.entities().loadOrCreate(new EntityKey(organisation, project, name)))
                .id();
    }

    final EntityId entity(String name) {
        return entity(OrganisationId.LOCAL, "default", name);
    }

    final void delete(EntityKey key) {
        answer(database.catalog().delete(key));
    }

    final void delete(String name) {
        delete(new EntityKey(OrganisationId.LOCAL, "default", name));
    }

    final FlushOutcome flush(EntityId entity, String properties) {
        return flush(lease, entity, properties);
    }

    final FlushOutcome flush(GatewayLease by, EntityId entity, String properties) {
        return writer.write(by, List.of(flushed(entity, properties)), null);
    }

    static FlushedEntity flushed(EntityId entity, String properties) {
        Projection projection = new Projection(properties, "document", null, new byte[] {0}, 2);
        return FlushedEntity.projected(entity, OperationFormat.MERGED, new byte[] {0}, null, 1, 1, projection);
    }

    /** What Cypher would see of an organisation, in order. */
    final TreeSet<String> edges(OrganisationId organisation) {
        return new TreeSet<>(server.column(EDGES.formatted(organisation.value())));
    }

    final TreeSet<String> edges() {
        return edges(OrganisationId.LOCAL);
    }

    static <T> T answer(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError("future failed", failure.getCause());
        } catch (TimeoutException | InterruptedException failure) {
            throw new AssertionError("no answer", failure);
        }
    }
}
