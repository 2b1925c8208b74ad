package dev.boardwalk.graph.cypher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.boardwalk.store.OrganisationId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read, what is refused and where, and what the database gets instead; without a database. */
class QueryReaderTest {
    private static final CypherLimits LIMITS = CypherLimits.DEFAULTS;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            MATCH (a) SET a.x = 1                   | 1 | 11 | cypher-unsupported | SET is not possible
            CREATE (a)                              | 1 | 1  | cypher-unsupported | CREATE is not possible
            MATCH (a) DETACH DELETE a               | 1 | 11 | cypher-unsupported | DETACH is not possible
            CALL db.labels()                        | 1 | 1  | cypher-unsupported | CALL is not possible
            LOAD CSV FROM 'x' AS y RETURN y         | 1 | 1  | cypher-unsupported | LOAD is not possible
            MATCH (a) RETURN b                      | 1 | 18 | cypher-invalid     | no variable "b"
            MATCH (a) WHERE RETURN a                | 1 | 17 | cypher-invalid     | unexpected "RETURN"
            MATCH (a)                               | 1 | 1  | cypher-invalid     | has to end with RETURN
            MATCH (a) RETURN a RETURN a             | 1 | 20 | cypher-invalid     | nothing can follow RETURN
            MATCH (a RETURN a                       | 1 | 10 | cypher-invalid     | unexpected "RETURN"
            RETURN 'abc                             | 1 | 8  | cypher-invalid     | does not end
            RETURN 1 != 2                           | 1 | 10 | cypher-invalid     | written <>
            RETURN 'a' =~ 'b'                       | 1 | 13 | cypher-unsupported | regular expressions
            MATCH (a:Board) RETURN a                | 1 | 10 | cypher-unsupported | no label "Board"
            MATCH (a)-[*]->(b) RETURN b             | 1 | 12 | cypher-unsupported | dependents?depth=
            MATCH p = shortestPath((a)-[:X]->(b)) RETURN p | 1 | 11 | cypher-unsupported | path?from=
            RETURN foo(1)                           | 1 | 8  | cypher-unsupported | no function "foo"
            MATCH (a) RETURN id(a)                  | 1 | 18 | cypher-unsupported | a.id
            MATCH (a) WHERE count(a) > 1 RETURN a   | 1 | 17 | cypher-invalid     | sums up rows
            MATCH (a) WITH a.name RETURN 1          | 1 | 16 | cypher-invalid     | needs a name
            RETURN 1 AS a, 2 AS a                   | 1 | 16 | cypher-invalid     | two columns
            RETURN 1 AS a UNION RETURN 2 AS b       | 1 | 21 | cypher-invalid     | same columns
            RETURN $missing                         | 1 | 8  | cypher-parameter   | not given
            MATCH (a) RETURN a LIMIT a.x            | 1 | 26 | cypher-invalid     | whole number
            MATCH (a) RETURN a.org_id               | 1 | 20 | cypher-unsupported | no property "org_id"
            RETURN 99999999999999999999             | 1 | 8  | cypher-invalid     | whole numbers go to
            MATCH (a)-[r]->(b) MATCH (c)-[r]->(d) RETURN d | 1 | 31 | cypher-unsupported | needs its own
            RETURN range(1, 100000)                 | 1 | 8  | cypher-too-large   | 10000
            RETURN 🐙                                | 1 | 8  | cypher-invalid     | unexpected
            """)
    void a_refusal_names_the_place(String query, int line, int column, String code, String words) {
        CypherException refused = refused(query);
        assertThat(refused.place()).isEqualTo(new Place(line, column));
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused).hasMessageContaining(words);
    }

    @Test
    void lines_are_counted_and_comments_skipped() {
        assertThat(refused("// first\nMATCH (a) /* two\nlines */ WHERE\n   RETURN a")
                        .place())
                .isEqualTo(new Place(4, 4));
        assertThat(refused("RETURN '\uD83D\uDE00', x").place())
                .as("characters, not units")
                .isEqualTo(new Place(1, 13));
    }

    @Test
    void every_limit_is_kept() {
        CypherLimits small = new CypherLimits(60, 3, 3, 2, 2, 20, 10, 100, Duration.ofSeconds(1), 1);
        for (String query : List.of(
                "RETURN '" + "x".repeat(60) + "'",
                "RETURN ((((1))))",
                "RETURN CASE WHEN CASE WHEN CASE WHEN CASE",
                "MATCH (a)--(b), (c) RETURN 1",
                "WITH 1 AS x WITH x RETURN x",
                "RETURN 1 UNION RETURN 1 UNION RETURN 1",
                "RETURN 'aaaaaaaaaa', 'bbbbbbbbbbbb'")) {
            assertThat(catchThrowableOfType(CypherException.TooLarge.class, () -> write(query, Map.of(), small)))
                    .as(query)
                    .isNotNull();
        }
        assertThat(write("MATCH (a)--(b) RETURN [[[1]]]", Map.of(), small).columns())
                .containsExactly("[[[1]]]");
        Map<String, @Nullable Object> deep = Map.of("p", List.of(List.of(List.of(List.of(1)))));
        assertThat(catchThrowableOfType(CypherException.TooLarge.class, () -> write("RETURN $p", deep, small)))
                .isNotNull();
    }

    @Test
    void parameters_that_cannot_be_values_are_refused() {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        parameters.put("nul", "a\u0000b");
        parameters.put("half", "\uD83D");
        parameters.put("key", Map.of("\u0000", 1));
        parameters.put("big", new java.math.BigInteger("9223372036854775808"));
        parameters.put("infinite", Double.POSITIVE_INFINITY);
        parameters.put("object", new Object());
        parameters
                .keySet()
                .forEach(name -> assertThat(catchThrowableOfType(
                                CypherException.BadParameter.class, () -> write("RETURN $" + name, parameters, LIMITS)))
                        .as(name)
                        .isNotNull());
    }

    @Test
    void every_pattern_is_confined_and_nothing_of_the_text_is_left() {
        AgeQuery written = write(
                "MATCH (mine:Entity {name: 'x$$y'})-[:USES]->()<--(other) WHERE (mine)--({title: $t}) OPTIONAL MATCH (z)"
                        + " RETURN mine.`name` AS `odd ``name`",
                Map.of("t", "secret text"),
                LIMITS);
        assertThat(written.text()).isEqualTo("""
                MATCH (v1:Entity {`org_id`: 7, `name`: $p0})-[v2:RELATED {`org_id`: 7, `type`: $p1}]->(v3 {`org_id`: 7})\
                <-[v4 {`org_id`: 7}]-(v5 {`org_id`: 7})\
                 WHERE EXISTS { MATCH (v1)-[v6 {`org_id`: 7}]-(v7 {`org_id`: 7, `title`: $p2}) }
                OPTIONAL MATCH (v8 {`org_id`: 7})
                RETURN v1.`name` AS v9""");
        assertThat(written.parameters()).isEqualTo("{\"p0\":\"x$$y\",\"p1\":\"USES\",\"p2\":\"secret text\"}");
        assertThat(written.columns()).containsExactly("odd `name");
    }

    @Test
    void projects_are_a_condition_on_every_node() {
        Query query = new QueryReader(LIMITS).read("MATCH (a)-->() WHERE (a)--() RETURN a");
        AgeQuery written =
                QueryWriter.write(query, new Reach(new OrganisationId(7), List.of(3L, 4L)), Map.of(), LIMITS);
        assertThat(written.text()).isEqualTo("""
                MATCH (v1 {`org_id`: 7})-[v2 {`org_id`: 7}]->(v3 {`org_id`: 7})\
                 WHERE (v1.`project_id` IN $p0) AND (v3.`project_id` IN $p0)\
                 AND EXISTS { MATCH (v1)-[v4 {`org_id`: 7}]-(v5 {`org_id`: 7}) WHERE (v5.`project_id` IN $p0) }
                RETURN v1 AS v6""");
        assertThat(written.parameters()).isEqualTo("{\"p0\":[3,4]}");
    }

    private static CypherException refused(String query) {
        CypherException refused = catchThrowableOfType(CypherException.class, () -> write(query, Map.of(), LIMITS));
        assertThat(refused).as(query).isNotNull();
        return refused;
    }

    private static AgeQuery write(String query, Map<String, @Nullable Object> parameters, CypherLimits limits) {
        return QueryWriter.write(
                new QueryReader(limits).read(query), new Reach(new OrganisationId(7), null), parameters, limits);
    }
}
