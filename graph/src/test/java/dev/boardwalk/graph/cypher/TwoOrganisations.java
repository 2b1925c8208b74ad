package dev.boardwalk.graph.cypher;

import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseSettings;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A database with the graphs of two organisations: "local", whose boards and documents are asked for in tests, and "rival",
 * which has the same names everywhere, and {@value #SECRET} in everything that could be shown.
 *
 * <pre>
 * default: board  A -DEPENDS_ON-> B -DEPENDS_ON-> C,  A -USES-> C,  B -DEPENDS_ON-> spec,  board -CONTAINS-> A, B, C
 *          spec (document) -LINKS_TO-> plan
 * other:   plan (document) -DEPENDS_ON-> spec
 * </pre>
 */
final class TwoOrganisations implements AutoCloseable {
    static final String SECRET = "topsecret";
    static final OrganisationId LOCAL = OrganisationId.LOCAL;
    static final CypherReader EVERYTHING = new CypherReader(LOCAL, null);

    private static final String CONTENT = """
            insert into public.project (org_id, name) values (%1$s, 'default'), (%1$s, 'other');
            insert into public.entity (org_id, project_id, name, type, title, position)
            select p.org_id, p.project_id, e.name, e.type, e.title, 1
            from public.project p join (values
              ('default', 'board', 'board', '%2$s board'), ('default', 'spec', 'document', '%2$s spec'),
              ('other', 'plan', 'document', '%2$s plan')) e (project, name, type, title) on e.project = p.name
            where p.org_id = %1$s;
            insert into graph.element (org_id, entity_id, key_hash, project_id, name, type, title)
            select e.org_id, e.entity_id, n.number, e.project_id, n.name, 'note', '%2$s ' || n.name
            from public.entity e, (values (1, 'A'), (2, 'B'), (3, 'C')) n (number, name)
            where e.org_id = %1$s and e.name = 'board';
            create temporary table vertex as
            select e.name, graph.entity_vertex(e.entity_id) as id, e.entity_id, e.project_id from public.entity e where e.org_id = %1$s
            union all
            select n.name, graph.element_vertex(n.element_id), n.entity_id, n.project_id from graph.element n where n.org_id = %1$s;
            insert into graph.claim (org_id, claimant_id, by_hand, claim_hash, project_id, type,
                                     source_id, source_project_id, target_id, target_project_id)
            select %1$s, s.entity_id, false, row_number() over (), s.project_id, c.type, s.id, s.project_id, t.id, t.project_id
            from (values ('A', 'DEPENDS_ON', 'B'), ('B', 'DEPENDS_ON', 'C'), ('A', 'USES', 'C'), ('B', 'DEPENDS_ON', 'spec'),
                         ('board', 'CONTAINS', 'A'), ('board', 'CONTAINS', 'B'), ('board', 'CONTAINS', 'C'),
                         ('spec', 'LINKS_TO', 'plan'), ('plan', 'DEPENDS_ON', 'spec')) c (source, type, target)
            join vertex s on s.name = c.source join vertex t on t.name = c.target;
            drop table vertex;
            """;

    final TestDatabase server = TestDatabase.create();
    final Vertx vertx = Vertx.vertx();
    final Database database = Database.open(vertx, DatabaseSettings.parse(server.url()));
    final OrganisationId rival;
    private final CypherQueries queries;

    TwoOrganisations() {
        this(CypherLimits.DEFAULTS);
    }

    TwoOrganisations(CypherLimits limits) {
        server.execute(CONTENT.formatted(1, "local"));
        server.execute("insert into public.organisation (name) values ('rival')");
        rival = new OrganisationId(server.number("select org_id from public.organisation where name = 'rival'"));
        server.execute(CONTENT.formatted(rival.value(), SECRET));
        queries = new CypherQueries(database.ownConnections("cypher", limits.concurrent()), limits);
    }

    CypherQueries queries() {
        return queries;
    }

    /** More queries over the same content, with limits of their own. */
    CypherQueries queries(CypherLimits limits) {
        return new CypherQueries(database.ownConnections("cypher", limits.concurrent()), limits);
    }

    CypherAnswer ask(String query) {
        return ask(EVERYTHING, query, Map.of());
    }

    CypherAnswer ask(String query, Map<String, @Nullable Object> parameters) {
        return ask(EVERYTHING, query, parameters);
    }

    CypherAnswer ask(CypherReader reader, String query, Map<String, @Nullable Object> parameters) {
        return queries.answer(reader, query, parameters, CypherLimits.ROWS_DEFAULT);
    }

    static CypherReader only(String... projects) {
        return new CypherReader(LOCAL, Set.of(projects));
    }

    /** All values of the only column. */
    List<@Nullable Object> values(String query) {
        return column(ask(query));
    }

    static List<@Nullable Object> column(CypherAnswer answer) {
        return answer.rows().stream()
                .<@Nullable Object>map(row -> {
                    if (row.size() != 1) {
                        throw new AssertionError("not one column: " + row);
                    }
                    return row.getFirst();
                })
                .toList();
    }

    @Override
    public void close() {
        database.close();
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError("not closed", failure);
        }
        server.close();
    }
}
