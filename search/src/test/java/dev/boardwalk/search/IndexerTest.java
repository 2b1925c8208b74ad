package dev.boardwalk.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.store.OrganisationId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The index follows the entities, whatever happens to who indexes. */
class IndexerTest {
    /** Changes at once in the test of many; 100,000 with {@code -Dboardwalk.search.changes=100000}. */
    private static final int MANY = Integer.getInteger("boardwalk.search.changes", 3_000);

    private static final String CONTENT = """
            select org_id || ' ' || entity_id || ' ' || element || ' ' || type || ' ' || title || ' ' || body || ' '
                || language || ' ' || words::text || ' ' || terms::text || ' ' || changed_at
            from search.document order by org_id, entity_id, element
            """;

    private static final String VOCABULARY =
            "select org_id || ' ' || word || ' ' || documents from search.vocabulary order by org_id, word";

    private SearchRig rig;

    @BeforeEach
    void start() {
        rig = new SearchRig();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private Search search() {
        return Search.start(rig.database, SearchSettings.NONE, Neighbours.NONE);
    }

    @Test
    void what_is_deleted_is_gone() {
        rig.put("acme", "p", "board", SearchRig.board("Plan", "a", "a walrus", "b", "a penguin"));
        rig.put("acme", "p", "memo", "{\"t\": \"another walrus\"}");
        try (Search search = search()) {
            rig.indexed(search);
            assertThat(rig.found(search, "acme", "walrus")).containsExactlyInAnyOrder("board#a", "memo");

            rig.put("acme", "p", "board", SearchRig.board("Plan", "b", "a penguin"));
            rig.indexed(search);
            assertThat(rig.found(search, "acme", "walrus")).containsExactly("memo");

            // Before the indexer hears of it.
            rig.testDatabase.execute("update public.entity set deleted_at = now() where name = 'memo'");
            assertThat(rig.found(search, "acme", "walrus")).isEmpty();
            rig.testDatabase.execute("update public.entity set deleted_at = null where name = 'memo'");
            rig.delete("memo");
            rig.indexed(search);
            assertThat(rig.testDatabase.column("select word from search.vocabulary"))
                    .doesNotContain("walrus");
        }
    }

    @Test
    void one_entity_that_cannot_be_indexed_keeps_nobody_else_waiting_and_is_tried_again() {
        rig.put("acme", "p", "good", "{\"t\": \"walrus\"}");
        rig.put("acme", "p", "bad", "{\"t\": \"penguin\"}");
        rig.testDatabase.execute("alter table search.document add constraint no_penguins check (body !~ 'penguin')");
        try (Search search = search()) {
            rig.indexed(search);
            assertThat(rig.found(search, "acme", "walrus")).containsExactly("good");
            assertThat(rig.testDatabase.column("select reason from search.failure"))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("no_penguins");

            rig.testDatabase.execute(
                    "alter table search.document drop constraint no_penguins; update search.failure set due_at = now()");
            await().atMost(SearchRig.PATIENCE)
                    .until(() -> rig.found(search, "acme", "penguin").equals(List.of("bad")));
            assertThat(rig.testDatabase.number("select count(*) from search.failure"))
                    .isZero();
        }
    }

    @Test
    void what_is_derived_again_equals_what_was_derived_as_it_came() throws Exception {
        for (int i = 0; i < 150; i++) {
            rig.put(
                    "acme",
                    "p",
                    "e" + i,
                    SearchRig.board("Title " + i, "n", "the item number " + i, "m", "naïve café " + i));
        }
        try (Search search = search()) {
            rig.indexed(search);
            for (int i = 0; i < 150; i += 3) {
                rig.put("acme", "p", "e" + i, SearchRig.board("Changed " + i, "n", "the other item " + i));
            }
            rig.delete("e7");
            rig.indexed(search);
            List<String> documents = rig.testDatabase.column(CONTENT);
            List<String> words = rig.testDatabase.column(VOCABULARY);
            rig.testDatabase.execute(
                    "update search.document set title = 'damaged', words = '' where entity_id % 2 = 0");
            rig.testDatabase.execute("delete from search.document where entity_id % 5 = 0 and element <> ''");
            rig.testDatabase.execute("update search.vocabulary set documents = 9");

            List<String> said = new ArrayList<>();
            Rebuild.run(rig.database, said::add);

            assertThat(rig.testDatabase.column(CONTENT)).isEqualTo(documents);
            assertThat(rig.testDatabase.column(VOCABULARY)).isEqualTo(words);
            assertThat(said).last().asString().contains("149 entities");
        }
    }

    @Test
    void many_changes_at_once_are_indexed_once_each_over_sessions_that_die() {
        rig.put("acme", "p", "seed", "{\"t\": \"seed\"}");
        rig.testDatabase.execute("""
                with p as (select org_id, project_id from public.project where name = 'p'),
                     n as (
                         insert into public.entity (org_id, project_id, name, properties, position)
                         select org_id, project_id, 'bulk' || i, jsonb_build_object('t', 'text number ' || i || ' of many'),
                                (select public.current_position())
                         from p, generate_series(1, %d) i
                         returning org_id, entity_id, position)
                insert into public.change (org_id, entity_id, kind, position)
                select org_id, entity_id, 'flushed', position from n
                """.formatted(MANY));
        try (Search search = search()) {
            for (int i = 0; i < 3; i++) {
                int least = 100 + i * 300;
                await().atMost(SearchRig.PATIENCE)
                        .until(() -> rig.testDatabase.number("select count(*) from search.document") >= least);
                rig.testDatabase.killSessions("boardwalk indexer");
            }
            rig.indexed(search, SearchRig.PATIENCE.plusMillis(5L * MANY));
            assertThat(rig.testDatabase.number("select count(*) from search.document"))
                    .isEqualTo(MANY + 1);
            assertThat(rig.testDatabase.number("select documents from search.vocabulary where word = 'many'"))
                    .isEqualTo(MANY);
        }
    }

    @Test
    void a_language_that_is_set_counts_for_all_of_the_project() {
        for (int i = 0; i < 120; i++) {
            rig.put("acme", "p", "e" + i, SearchRig.board("Title " + i, "n", "this is one of the houses number " + i));
        }
        rig.put("acme", "q", "elsewhere", SearchRig.board("Else", "n", "this is one of the houses"));
        OrganisationId acme = rig.organisation("acme");
        try (Search search = search()) {
            rig.indexed(search);
            List<String> detected = rig.testDatabase.column(CONTENT);
            List<String> words = rig.testDatabase.column(VOCABULARY);
            assertThat(search.language(acme, "p")).isEqualTo(new ProjectLanguage("detect", false));

            assertThat(search.setLanguage(acme, "p", "german")).isEqualTo(new ProjectLanguage("german", true));
            await().atMost(SearchRig.PATIENCE)
                    .until(() -> !search.language(acme, "p").underway());
            assertThat(languages("p")).containsExactly("german");
            assertThat(languages("q")).doesNotContain("german");
            assertThat(rig.testDatabase.column(VOCABULARY)).isEqualTo(words);

            rig.put("acme", "p", "new", SearchRig.board("New", "n", "this is a house of the others"));
            rig.indexed(search);
            assertThat(languages("p")).containsExactly("german");
            rig.delete("new");

            search.setLanguage(acme, "p", "detect");
            rig.indexed(search);
            await().atMost(SearchRig.PATIENCE)
                    .until(() -> !search.language(acme, "p").underway());
            assertThat(rig.testDatabase.column(CONTENT)).isEqualTo(detected);
            assertThatThrownBy(() -> search.setLanguage(acme, "nowhere", "german"))
                    .isInstanceOf(SearchException.NotFound.class);
            assertThatThrownBy(() -> search.setLanguage(acme, "p", "pg_catalog.german"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private List<String> languages(String project) {
        return rig.testDatabase.column("select distinct d.language from search.document d"
                + " join public.project p using (org_id, project_id) where p.name = '" + project + "'");
    }

    @Test
    void of_two_that_index_one_takes_over_from_the_other() {
        rig.put("acme", "p", "first", "{\"t\": \"walrus\"}");
        try (Search second = Search.open(rig.database, SearchSettings.NONE, Neighbours.NONE)) {
            try (Search first = search()) {
                rig.indexed(first);
                second.indexer().start();
                rig.put("acme", "p", "second", "{\"t\": \"walrus\"}");
                rig.indexed(second);
                assertThat(first.indexer().leading.get()
                                + second.indexer().leading.get())
                        .isEqualTo(1);
            }
            rig.put("acme", "p", "third", "{\"t\": \"walrus\"}");
            rig.indexed(second);
            assertThat(rig.found(second, "acme", "walrus")).hasSize(3);
        }
    }

    @Test
    void large_and_odd_contents_are_indexed() {
        String million = "walrus ".repeat(150_000);
        String word = "x".repeat(1_000_000);
        rig.put(
                "acme",
                "p",
                "huge",
                SearchRig.board(million, "a", million, "b", word, "i".repeat(300), "long id penguin"));
        rig.put(
                "acme",
                "p",
                "odd",
                "{\"nodes\": {\"n\": 5, \"\": {\"text\": \"nameless otter\"}}, \"edges\": [1, [\"deep seal\"]], \"meta\": \"x\"}");
        rig.put("acme", "p", "rich", "{\"doc\": \"<p>Fat <b>hippo</b> &amp; co</p>\", \"plain\": \"a < b > c\"}");
        try (Search search = search()) {
            rig.indexed(search);
            assertThat(rig.testDatabase.column("select reason from search.failure"))
                    .isEmpty();
            assertThat(rig.found(search, "acme", "walrus")).contains("huge", "huge#a");
            assertThat(rig.found(search, "acme", "penguin")).containsExactly("huge");
            assertThat(rig.found(search, "acme", "otter")).containsExactly("odd");
            assertThat(rig.found(search, "acme", "\"deep seal\"")).containsExactly("odd");
            assertThat(rig.found(search, "acme", "hippo")).containsExactly("rich");
            assertThat(rig.hits(search, "acme", "hippo").getFirst().snippet()).contains("<mark>hippo</mark>");
        }
    }
}
