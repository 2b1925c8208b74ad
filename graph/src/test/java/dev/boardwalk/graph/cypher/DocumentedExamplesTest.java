package dev.boardwalk.graph.cypher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of docs/cypher.md give what is written below them. */
class DocumentedExamplesTest {
    private static final Pattern EXAMPLE =
            Pattern.compile("```cypher( refused)?\n(.*?)```\n(?:```json\n(.*?)```\n)?", Pattern.DOTALL);

    @Test
    void every_example_is_answered_as_documented() throws IOException {
        String page = Files.readString(Path.of("../docs/cypher.md"));
        List<MatchResult> examples = EXAMPLE.matcher(page).results().toList();
        assertThat(examples).hasSizeGreaterThan(10);
        try (TwoOrganisations graph = new TwoOrganisations()) {
            examples.forEach(example -> check(graph, example));
        }
    }

    @Test
    void every_function_is_documented() throws IOException {
        String page = Files.readString(Path.of("../docs/cypher.md"));
        assertThat(Functions.names()).allSatisfy(name -> assertThat(page).containsPattern("\\b" + name + "\\b"));
    }

    private static void check(TwoOrganisations graph, MatchResult example) {
        String query = example.group(2);
        String expected = example.group(3);
        if (example.group(1) != null) {
            String message = new JsonArray("[" + expected + "]").getString(0);
            assertThatThrownBy(() -> graph.ask(query))
                    .as(query)
                    .isInstanceOf(CypherException.class)
                    .hasMessage(message);
            return;
        }
        JsonArray rows = new JsonArray(new JsonArray(graph.ask(query).rows()).encode());
        assertThat(rows).as(query).isNotEmpty();
        if (expected != null) {
            assertThat(rows).as(query).isEqualTo(new JsonArray(expected));
        }
    }
}
