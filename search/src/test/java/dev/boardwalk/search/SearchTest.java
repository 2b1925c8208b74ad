package dev.boardwalk.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.boardwalk.store.OrganisationId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Questions to a small index on a real database, by words and by meaning. */
class SearchTest {
    private static SearchRig rig;
    private static Search search;

    @BeforeAll
    static void start() {
        rig = new SearchRig();
        rig.put(
                "acme",
                "garage",
                "vehicles",
                SearchRig.board(
                        "Fleet of the company",
                        "truck",
                        "The delivery truck needs new tyres before winter",
                        "vehicle",
                        "Every vehicle is insured against theft",
                        "van",
                        "Electric van, range 300 km & <fast> charging"));
        rig.put(
                "acme",
                "kitchen",
                "cooking",
                SearchRig.board(
                        "Recipes",
                        "soup",
                        "Chop the onions and simmer the soup for an hour",
                        "bread",
                        "Knead the dough and let it rest over night"));
        rig.put(
                "acme",
                "kitchen",
                "Vertrag",
                "{\"body\": \"Der Vertrag wird um die vereinbarten Häuser und Grundstücke ergänzt\", \"meta\":"
                        + " {\"title\": \"Kaufvertrag\", \"type\": \"contract\"}}");
        rig.put(
                "acme",
                "world",
                "tokyo",
                SearchRig.board("旅行", "a", "東京都庁の展望台は無料です", "b", "مرحبا بالعالم", "c", "🚗💨 schnell"));
        rig.put("other", "garage", "secret", SearchRig.board("Secret zeppelin", "x", "The zeppelin flies at dawn"));
        search = Search.start(rig.database, SearchSettings.MINILM, Neighbours.NONE);
        rig.embedded(search);
    }

    @AfterAll
    static void stop() {
        search.close();
        rig.close();
    }

    private static List<String> found(String query) {
        return rig.found(search, "acme", query);
    }

    @Test
    void words_are_found_whatever_their_form() {
        assertThat(found("truck")).first().isEqualTo("vehicles#truck");
        assertThat(found("vehicles insured")).first().isEqualTo("vehicles#vehicle");
        assertThat(found("Haus")).contains("Vertrag");
        assertThat(found("fleet")).first().isEqualTo("vehicles");
    }

    @Test
    void a_misspelt_word_finds_what_was_meant() {
        assertThat(found("vehcile")).first().isEqualTo("vehicles#vehicle");
        assertThat(rig.hits(search, "acme", "vehcile").getFirst().why())
                .extracting(SearchAnswer.Reason::list)
                .contains("corrected");
    }

    @Test
    void a_word_finds_what_means_the_same() {
        assertThat(found("car").subList(0, 3)).allSatisfy(hit -> assertThat(hit).startsWith("vehicles"));
    }

    @Test
    void an_unfinished_word_finds_its_continuations() {
        assertThat(found("deliv")).first().isEqualTo("vehicles#truck");
        assertThat(found("new ty")).first().isEqualTo("vehicles#truck");
    }

    @Test
    void a_phrase_finds_only_those_that_say_it() {
        assertThat(found("\"let it rest\"")).containsExactly("cooking#bread");
        assertThat(found("\"rest it let\"")).isEmpty();
        assertThat(found("\"let it rest")).containsExactly("cooking#bread");
    }

    @Test
    void a_minus_excludes() {
        assertThat(found("the -truck -vehicle")).isNotEmpty().noneMatch(hit -> hit.equals("vehicles#truck"));
        assertThat(found("soup or dough")).contains("cooking#soup", "cooking#bread");
    }

    @Test
    void scripts_without_spaces_and_from_right_to_left_and_pictographs_are_found() {
        assertThat(found("展望台")).first().isEqualTo("tokyo#a");
        assertThat(found("都庁")).first().isEqualTo("tokyo#a");
        assertThat(found("庁")).first().isEqualTo("tokyo#a");
        assertThat(found("بالعالم")).first().isEqualTo("tokyo#b");
        assertThat(found("🚗")).first().isEqualTo("tokyo#c");
        assertThat(rig.hits(search, "acme", "展望台").getFirst().snippet()).contains("<mark>展望台</mark>");
    }

    @Test
    void snippets_are_escaped_and_marked() {
        assertThat(rig.hits(search, "acme", "charging").getFirst().snippet())
                .isEqualTo("Electric van, range 300 km &amp; &lt;fast&gt; <mark>charging</mark>");
    }

    @Test
    void an_organisation_sees_nothing_of_another() {
        for (String asked : List.of("zeppelin", "zeppelni", "\"the zeppelin\"", "zepp")) {
            assertThat(rig.hits(search, "acme", asked))
                    .allSatisfy(hit -> assertThat(hit.why())
                            .extracting(SearchAnswer.Reason::list)
                            .containsAnyOf("meaning")
                            .doesNotContain("words", "corrected", "prefix", "title"))
                    .allSatisfy(hit -> assertThat(hit.snippet()).doesNotContainIgnoringCase("zeppelin"));
        }
        SearchAnswer answer = search.find(SearchRequest.of(rig.organisation("other"), "vehicle truck soup zeppelin"));
        assertThat(answer.hits()).allSatisfy(hit -> assertThat(hit.name()).isEqualTo("secret"));
        assertThat(answer.facets().get("project"))
                .isEqualTo(Map.of("garage", (long) answer.hits().size()));
    }

    @Test
    void only_readable_projects_are_searched_and_counted() {
        OrganisationId acme = rig.organisation("acme");
        SearchAnswer answer =
                search.find(new SearchRequest(acme, "the", null, Set.of("kitchen"), null, null, null, 20));
        assertThat(answer.hits())
                .isNotEmpty()
                .allSatisfy(hit -> assertThat(hit.project()).isEqualTo("kitchen"));
        assertThat(answer.facets().get("project")).containsOnlyKeys("kitchen");
        assertThat(search.find(new SearchRequest(acme, "the", null, Set.of(), null, null, null, 20))
                        .hits())
                .isEmpty();
        assertThatThrownBy(() -> search.find(new SearchRequest(acme, "the", "nowhere", null, null, null, null, 20)))
                .isInstanceOf(SearchException.NotFound.class);
        assertThatThrownBy(() ->
                        search.find(new SearchRequest(acme, "the", "garage", Set.of("kitchen"), null, null, null, 20)))
                .isInstanceOf(SearchException.NotFound.class);
    }

    @Test
    void types_select_and_are_counted() {
        SearchAnswer answer = search.find(
                new SearchRequest(rig.organisation("acme"), "Vertrag", null, null, "contract", null, null, 20));
        assertThat(answer.hits()).extracting(SearchAnswer.Hit::type).containsOnly("contract");
        assertThat(answer.facets().get("type")).containsOnlyKeys("contract");
    }

    @Test
    void pages_follow_each_other_without_gaps() {
        OrganisationId acme = rig.organisation("acme");
        List<String> all = found("the");
        List<String> paged = new ArrayList<>();
        String cursor = null;
        do {
            SearchAnswer page = search.find(new SearchRequest(acme, "the", null, null, null, null, cursor, 2));
            page.hits()
                    .forEach(hit -> paged.add(hit.element().isEmpty() ? hit.name() : hit.name() + "#" + hit.element()));
            cursor = page.nextCursor();
        } while (cursor != null);
        assertThat(paged).isEqualTo(all).hasSizeGreaterThan(3);
    }

    @Test
    void a_cursor_of_another_question_or_none_is_refused() {
        OrganisationId acme = rig.organisation("acme");
        String cursor = search.find(new SearchRequest(acme, "the", null, null, null, null, null, 2))
                .nextCursor();
        for (SearchRequest foreign : List.of(
                new SearchRequest(acme, "an", null, null, null, null, cursor, 2),
                new SearchRequest(rig.organisation("other"), "the", null, null, null, null, cursor, 2),
                new SearchRequest(acme, "the", null, null, null, null, "nonsense", 2),
                new SearchRequest(acme, "the", null, null, null, null, "", 2))) {
            assertThatThrownBy(() -> search.find(foreign)).isInstanceOf(SearchException.InvalidCursor.class);
        }
    }

    @Test
    void questions_that_ask_for_nothing_are_refused_and_odd_ones_answered() {
        OrganisationId acme = rig.organisation("acme");
        for (String nothing : List.of("", "   ", "\"\"", "-truck", "!?&|<>()", "\0\1", "x".repeat(1_001))) {
            assertThatThrownBy(() -> search.find(SearchRequest.of(acme, nothing)))
                    .isInstanceOf(SearchException.InvalidQuery.class);
        }
        for (String odd : List.of(
                "the of and",
                "\"",
                "or or or x",
                "- x -",
                "a'b\"c",
                "x:* & !y",
                "\ud83d x",
                "\\",
                "x\0y",
                "%_",
                "' or 1=1",
                "a".repeat(1_000),
                "a ".repeat(500),
                "ß ẞ İ ı",
                "-\"a b\" c",
                "or",
                "x or")) {
            try {
                assertThat(search.find(SearchRequest.of(acme, odd)).asOf()).isPositive();
            } catch (SearchException.InvalidQuery refused) {
                assertThat(refused.code()).isEqualTo("invalid-query");
            }
        }
    }
}
