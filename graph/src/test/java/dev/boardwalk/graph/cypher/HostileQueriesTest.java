package dev.boardwalk.graph.cypher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.testkit.Seed;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What queries can be made to show: nothing of another organisation, whatever they say, and no failure but a refusal. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileQueriesTest {
    private static final int FUZZED = 60;
    private static final CypherLimits LIMITS = CypherLimits.DEFAULTS.withTimeout(Duration.ofMillis(1500));

    private static final Map<String, @Nullable Object> PARAMETERS =
            Map.of("key", "org_id", "title", "topsecret spec", "props", Map.of("org_id", 2), "p0", "topsecret spec");

    private final List<String> hostile = read();
    private TwoOrganisations graph;
    private String[] rivalIds = {};

    @BeforeAll
    void open() {
        graph = new TwoOrganisations(LIMITS);
        rivalIds = graph.server
                .column("select graph.ulid(ulid) from public.entity where org_id = " + graph.rival.value())
                .toArray(String[]::new);
        assertThat(rivalIds).hasSize(3);
    }

    @AfterAll
    void close() {
        graph.close();
    }

    @Test
    void no_hostile_query_sees_another_organisation() {
        assertThat(hostile).hasSizeGreaterThan(300);
        int answered = 0;
        for (String query : hostile) {
            answered += check(query, PARAMETERS) ? 1 : 0;
        }
        assertThat(answered).as("some are only hostile in intent").isGreaterThan(100);
    }

    @Test
    void no_hostile_text_escapes_from_a_parameter() {
        CypherQueries patient = graph.queries(CypherLimits.DEFAULTS.withTimeout(Duration.ofSeconds(60)));
        for (String text : hostile) {
            if (text.indexOf(0) >= 0) {
                continue;
            }
            CypherAnswer answer = patient.answer(
                    TwoOrganisations.EVERYTHING,
                    "MATCH (a:Entity {name: 'spec'}) RETURN $text, a.title = $text",
                    Map.of("text", text),
                    CypherLimits.ROWS_DEFAULT);
            assertThat(answer.rows()).as(text).containsExactly(List.of(text, false));
        }
    }

    @Test
    void pieces_of_hostile_queries_put_together_see_no_more() {
        Seed.each(FUZZED, seed -> {
            Random random = seed.random();
            for (int i = 0; i < 20; i++) {
                check(mixed(random), PARAMETERS);
            }
        });
    }

    @Test
    void the_database_is_as_it_was() {
        long before = graph.server.number(
                "select count(*) + coalesce(sum(hashtext(properties::text)::bigint), 0) from relations._ag_label_vertex");
        hostile.forEach(query -> check(query, PARAMETERS));
        assertThat(
                        graph.server.number(
                                "select count(*) + coalesce(sum(hashtext(properties::text)::bigint), 0) from relations._ag_label_vertex"))
                .isEqualTo(before);
    }

    /** Answers whether the query was answered. */
    private boolean check(String query, Map<String, @Nullable Object> parameters) {
        // A query that says the word itself, or means a parameter that does, may get it back.
        boolean shown = query.toLowerCase(Locale.ROOT).contains("topsecret") || query.contains("$");
        try {
            CypherAnswer answer = graph.ask(query, parameters);
            String text = new JsonArray(answer.rows()).encode();
            assertThat(text).as(query).doesNotContain(rivalIds).doesNotContain("\"entity_id\":");
            assertThat(text).as(query).doesNotContain(shown ? "\"title\":\"topsecret" : TwoOrganisations.SECRET);
            return true;
        } catch (CypherException refused) {
            assertThat(refused.getMessage()).as(query).isNotBlank();
            if (!shown) {
                assertThat(refused.getMessage()).as(query).doesNotContain(TwoOrganisations.SECRET);
            }
            return false;
        } catch (RuntimeException failure) {
            throw new AssertionError("not a refusal: " + query, failure);
        }
    }

    /** Words of several queries, cut and joined anywhere. */
    private String mixed(Random random) {
        StringBuilder text = new StringBuilder();
        int parts = 2 + random.nextInt(3);
        for (int i = 0; i < parts; i++) {
            String query = hostile.get(random.nextInt(hostile.size()));
            List<String> words = List.of(query.split("(?<=\\W)|(?=\\W)"));
            int from = random.nextInt(words.size());
            int to = Math.min(words.size(), from + 1 + random.nextInt(12));
            text.append(i == 0 ? String.join("", words.subList(0, to)) : String.join("", words.subList(from, to)));
        }
        return text.toString();
    }

    private static List<String> read() {
        List<String> queries = new ArrayList<>();
        try (InputStream in =
                Objects.requireNonNull(HostileQueriesTest.class.getResourceAsStream("hostile-queries.txt"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (!line.startsWith("#") && !line.isBlank()) {
                    queries.add(new JsonArray("[" + line + "]").getString(0));
                }
            }
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
        return queries;
    }
}
