package dev.boardwalk.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.store.OrganisationId;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Organisations with many vectors have an index of their own, which finds nearly all and nothing of others. */
class NearIndexTest {
    private static final int DIMENSIONS = 64;
    private static final int EXACT_MAX = 600;

    /** Every hundredth is of another project, every second of another type. */
    private static final String DOCUMENTS = """
            select setseed(0.5);
            with p as (
                insert into public.project (org_id, name) select %1$d, 'few' on conflict do nothing)
            select 1;
            with e as (
                insert into public.entity (org_id, project_id, name, type, position)
                select %1$d, (select project_id from public.project where org_id = %1$d
                                and name = case when i %% 100 = 0 then 'few' else 'p' end),
                       '%2$s' || i, case when i %% 2 = 0 then 'even' else 'odd' end, 1
                from generate_series(1, %3$d) i
                returning org_id, entity_id, project_id, name, type)
            insert into search.document (org_id, entity_id, project_id, type, title, body, language, words, terms,
                text_hash_bytes, changed_at, position)
            select org_id, entity_id, project_id, type, name, '', 'simple', '', '{}', sha256(name::bytea), now(), 1 from e;
            insert into search.embedding (org_id, model_id, entity_id, element, chunk, text_hash_bytes, vector)
            select d.org_id, (select model_id from search.indexer), d.entity_id, '', 0, d.text_hash_bytes,
                   (select array_agg(random() - 0.5 + 0 * k * d.entity_id) from generate_series(1, %4$d) k)::vector::halfvec
            from search.document d
            where d.org_id = %1$d and not exists (
                select from search.embedding e where e.org_id = d.org_id and e.entity_id = d.entity_id);
            """;

    /** Each by itself: a transaction that writes and then analyzes meets an index that waits for what it has written. */
    private static final List<String> ANALYZE =
            List.of("analyze search.document", "analyze search.embedding", "analyze public.entity");

    private static SearchRig rig;
    private static FaultyOllama ollama;
    private static Search search;
    private static Questions questions;

    @BeforeAll
    static void start() throws SQLException {
        rig = new SearchRig();
        ollama = new FaultyOllama();
        ollama.dimensions = DIMENSIONS;
        for (String organisation : List.of("acme", "other", "small")) {
            rig.put(organisation, "p", "first", SearchRig.board("First", "t", "a truck"));
        }
        search = Search.start(
                rig.database,
                new SearchSettings(SearchSettings.Kind.OLLAMA, ollama.url(), "m", 8, EXACT_MAX),
                Neighbours.NONE);
        rig.embedded(search);
        for (Map.Entry<String, Integer> each :
                Map.of("acme", 2_000, "other", 1_000, "small", 20).entrySet()) {
            rig.testDatabase.execute(DOCUMENTS.formatted(
                    organisation(each.getKey()).value(), each.getKey(), each.getValue(), DIMENSIONS));
            ANALYZE.forEach(rig.testDatabase::execute);
        }
        questions = new Questions(rig.database.ownConnections("search", 2, Search.SESSION), Neighbours.NONE);
        arranged();
    }

    @AfterAll
    static void stop() {
        search.close();
        ollama.close();
        rig.close();
    }

    private static OrganisationId organisation(String name) {
        return rig.organisation(name);
    }

    /** Waits until one look has been taken, by whomever. */
    private static void arranged() throws SQLException {
        NearIndexer indexer = Objects.requireNonNull(search.nearIndexer());
        await().atMost(SearchRig.PATIENCE).until(() -> {
            indexer.pass();
            return indexes().size() == rig.testDatabase.number("""
                    select count(*) from (
                        select from search.embedding group by org_id having count(*) > %d) large
                    """.formatted(EXACT_MAX));
        });
    }

    private static List<String> indexes() {
        return rig.testDatabase.column("""
                select relname from pg_class c join pg_index i on i.indexrelid = c.oid
                where relname like 'embedding\\_near\\_%' and indisvalid order by 1
                """);
    }

    private static String index(String organisation) {
        return new NearIndex(organisation(organisation).value(), 1, DIMENSIONS).name();
    }

    private static List<String> found(
            String organisation, float[] vector, boolean indexed, @Nullable String project, @Nullable String type)
            throws SQLException {
        SearchRequest request = new SearchRequest(organisation(organisation), "x", project, null, type, null, null, 50);
        Questions.Resolved resolved = questions.resolve(request, QueryText.parse("x"), _ -> true);
        QueryVector wanted = new QueryVector(1, vector, -1, indexed ? 2_000.0 : null);
        return questions.ask(request, resolved, Ways.MEANING, List.of(wanted), Map.of()).hits().stream()
                .map(SearchAnswer.Hit::title)
                .toList();
    }

    private static float[] vector(Random random) {
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = random.nextFloat() - 0.5f;
        }
        return vector;
    }

    @Test
    void the_index_finds_nearly_all_and_nothing_of_others() throws SQLException {
        Random random = new Random(7);
        int expected = 0;
        int common = 0;
        for (int i = 0; i < 40; i++) {
            float[] vector = vector(random);
            List<String> exact = found("acme", vector, false, null, null);
            List<String> indexed = found("acme", vector, true, null, null);
            assertThat(indexed).allSatisfy(name -> assertThat(name).doesNotStartWith("other"));
            Set<String> both = new HashSet<>(exact);
            both.retainAll(indexed);
            expected += exact.size();
            common += both.size();
        }
        assertThat(common).isGreaterThan((int) (0.95 * expected));
        await().atMost(SearchRig.PATIENCE)
                .until(() -> rig.testDatabase.number(
                                "select idx_scan from pg_stat_all_indexes where indexrelname = '" + index("acme") + "'")
                        >= 40);
    }

    @Test
    void filters_that_leave_few_are_compared_exactly_and_others_go_on_in_the_index() throws SQLException {
        float[] vector = vector(new Random(8));
        assertThat(found("acme", vector, true, "few", null))
                .isEqualTo(found("acme", vector, false, "few", null))
                .isNotEmpty();
        assertThat(found("acme", vector, true, null, "even"))
                .hasSameSizeAs(found("acme", vector, false, null, "even"))
                .isNotEmpty();
    }

    @Test
    void only_organisations_with_many_vectors_have_one_and_questions_use_it() {
        assertThat(indexes()).contains(index("acme")).doesNotContain(index("small"));
        await().atMost(SearchRig.PATIENCE)
                .until(() -> rig.found(search, "acme", "lorry truck").contains("first#t"));
        assertThat(rig.found(search, "small", "truck")).contains("first#t");
    }

    @Test
    void one_that_was_not_finished_is_made_anew_and_one_of_few_vectors_goes() throws SQLException {
        rig.testDatabase.execute(
                "update pg_index set indisvalid = false where indexrelid = 'search." + index("acme") + "'::regclass");
        arranged();
        assertThat(indexes()).contains(index("acme"));

        rig.testDatabase.execute("delete from search.embedding where org_id = "
                + organisation("other").value() + " and entity_id % 4 <> 0");
        arranged();
        assertThat(indexes()).contains(index("acme")).doesNotContain(index("other"));
    }
}
