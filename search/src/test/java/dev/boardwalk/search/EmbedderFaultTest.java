package dev.boardwalk.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever an embedder does: words are found, and the answer says what was left out. */
class EmbedderFaultTest {
    private SearchRig rig;
    private FaultyOllama ollama;

    @BeforeEach
    void start() {
        rig = new SearchRig();
        ollama = new FaultyOllama();
        rig.put("acme", "p", "b", SearchRig.board("Board", "t", "a truck", "s", "a soup"));
    }

    @AfterEach
    void stop() {
        ollama.close();
        rig.close();
    }

    private SearchSettings settings(String model) {
        return new SearchSettings(SearchSettings.Kind.OLLAMA, ollama.url(), model, 8, 30_000);
    }

    private Map<String, String> leftOut(Search search) {
        SearchAnswer answer = search.find(SearchRequest.of(rig.organisation("acme"), "truck"));
        assertThat(answer.hits()).first().extracting(SearchAnswer.Hit::element).isEqualTo("t");
        return answer.leftOut();
    }

    @Test
    void ollama_gives_meanings_and_is_told_what_each_text_is_for() {
        try (Search search = Search.start(rig.database, settings("nomic-embed-text"), Neighbours.NONE)) {
            rig.embedded(search);
            assertThat(rig.found(search, "acme", "car"))
                    .as("the board behind its element")
                    .containsExactly("b#t", "b");
            assertThat(ollama.asked).contains("search_query: car", "search_document: a truck");
        }
    }

    @Test
    void an_ollama_that_answers_nonsense_is_left_out() {
        try (Search search = Search.start(rig.database, settings("m"), Neighbours.NONE)) {
            rig.embedded(search);
            for (FaultyOllama.Mood mood : FaultyOllama.Mood.values()) {
                if (mood != FaultyOllama.Mood.WELL && mood != FaultyOllama.Mood.SILENT) {
                    ollama.mood = mood;
                    SearchAnswer answer = search.find(SearchRequest.of(
                            rig.organisation("acme"), "truck " + mood.name().toLowerCase(java.util.Locale.ROOT)));
                    assertThat(answer.leftOut()).as(mood.name()).containsKey("meaning");
                    assertThat(answer.hits())
                            .extracting(SearchAnswer.Hit::element)
                            .contains("t");
                }
            }
        }
    }

    @Test
    void an_ollama_that_is_silent_costs_two_seconds_at_most_and_then_nothing() {
        try (Search search = Search.start(rig.database, settings("m"), Neighbours.NONE)) {
            rig.embedded(search);
            ollama.mood = FaultyOllama.Mood.SILENT;
            for (String query : List.of("truck one", "truck two", "truck three")) {
                assertThat(search.find(SearchRequest.of(rig.organisation("acme"), query))
                                .leftOut())
                        .containsKey("meaning");
            }
            assertThat(search.find(SearchRequest.of(rig.organisation("acme"), "truck four"))
                            .leftOut()
                            .get("meaning"))
                    .contains("left alone");
        }
    }

    @Test
    void an_ollama_that_is_not_there_is_left_out() {
        SearchSettings nowhere =
                new SearchSettings(SearchSettings.Kind.OLLAMA, URI.create("http://127.0.0.1:1"), "m", 8, 30_000);
        try (Search search = Search.start(rig.database, nowhere, Neighbours.NONE)) {
            rig.indexed(search);
            await().atMost(SearchRig.PATIENCE).until(() -> search.indexer().modelNumber() != null);
            await().atMost(SearchRig.PATIENCE)
                    .untilAsserted(() -> assertThat(leftOut(search)).containsKey("meaning"));
            await().atMost(SearchRig.PATIENCE)
                    .until(() -> rig.testDatabase.number(
                                    "select count(*) from search.unembedded where reason like 'Ollama%'")
                            > 0);
        }
    }

    @Test
    void without_an_embedder_words_are_found() {
        try (Search search = Search.start(rig.database, SearchSettings.NONE, Neighbours.NONE)) {
            rig.indexed(search);
            assertThat(leftOut(search).get("meaning")).contains("BOARDWALK_EMBEDDER=none");
            assertThat(rig.testDatabase.number("select count(*) from search.unembedded"))
                    .isZero();
        }
    }

    @Test
    void vectors_of_another_length_under_the_same_name_do_not_disturb() {
        try (Search search = Search.start(rig.database, settings("m"), Neighbours.NONE)) {
            rig.embedded(search);
            ollama.dimensions = 5;
            assertThat(leftOut(search)).isEmpty();
        }
    }

    @Test
    void old_vectors_answer_until_those_of_another_model_are_there() {
        try (Search search = Search.start(rig.database, settings("old"), Neighbours.NONE)) {
            rig.embedded(search);
        }
        long texts = ollama.asked.size();
        try (Search search = Search.start(rig.database, settings("old"), Neighbours.NONE)) {
            rig.put("acme", "p", "b", SearchRig.board("Board", "t", "a truck", "s", "a soup", "r", "a truck"));
            rig.embedded(search);
            assertThat(ollama.asked)
                    .as("the same text once, and what the board is about")
                    .hasSize((int) texts + 1);
        }
        ollama.dimensions = 6;
        try (Search search = Search.open(rig.database, settings("new"), Neighbours.NONE)) {
            search.indexer().start();
            await().atMost(SearchRig.PATIENCE).until(() -> search.indexer().modelNumber() != null);
            ollama.dimensions = 8;
            assertThat(rig.found(search, "acme", "car"))
                    .as("by the old vectors")
                    .contains("b#t", "b#r");
        }
        try (Search search = Search.start(rig.database, settings("new"), Neighbours.NONE)) {
            rig.embedded(search);
            assertThat(rig.testDatabase.column(
                            "select distinct m.name from search.embedding e join search.model m using (model_id)"))
                    .containsExactly("ollama:new");
            assertThat(rig.found(search, "acme", "car")).contains("b#t", "b#r");
        }
    }
}
