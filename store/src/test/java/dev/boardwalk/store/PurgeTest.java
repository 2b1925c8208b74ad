package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** That a purge forgets no table; what it removes is seen in the compactor's tests. */
class PurgeTest {
    /** What stays of an organisation, goes last, or goes with its partition; those that go with what they refer to go by themselves. */
    private static final List<String> OTHERS =
            List.of("public.organisation", "public.audit", "public.entity", "public.change");

    @Test
    void every_table_with_an_organisation_is_purged_or_named_here() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (TestDatabase server = TestDatabase.create();
                Database database = Database.open(vertx, DatabaseSettings.parse(server.url()))) {
            List<String> known = new ArrayList<>(OTHERS);
            known.addAll(Purge.OF_ENTITIES);
            known.addAll(Purge.OF_ORGANISATIONS);
            assertThat(server.column("""
                    select n.nspname || '.' || c.relname
                    from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped
                    where c.relkind in ('r', 'p') and not c.relispartition
                      and n.nspname not in ('pg_catalog', 'information_schema', 'ag_catalog')
                      and not exists (
                        select from pg_constraint k
                        where k.conrelid = c.oid and k.contype = 'f' and k.confdeltype = 'c')
                    """)).isSubsetOf(known);
            assertThat(database.gauges()).isNotNull();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }
}
