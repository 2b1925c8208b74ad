package dev.boardwalk.graph.cypher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.boardwalk.testkit.Seed;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AgtypeTextTest {

    @Test
    void scalars_keep_their_kind() {
        assertThat(AgtypeText.parse("null")).isNull();
        assertThat(AgtypeText.parse("true")).isEqualTo(true);
        assertThat(AgtypeText.parse("-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
        assertThat(AgtypeText.parse("9007199254740993")).isEqualTo(9007199254740993L);
        assertThat(AgtypeText.parse("1.0")).isEqualTo(1.0);
        assertThat(AgtypeText.parse("1e+300")).isEqualTo(1e300);
        assertThat(AgtypeText.parse("NaN")).isEqualTo(Double.NaN);
        assertThat(AgtypeText.parse("-Infinity")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(AgtypeText.parse("12345678901234567890.5::numeric"))
                .isEqualTo(new BigDecimal("12345678901234567890.5"));
        assertThat(AgtypeText.parse("\"a\\\"\\\\\\n\\u00e4::vertex\"")).isEqualTo("a\"\\\n\u00e4::vertex");
    }

    @Test
    void vertices_edges_and_paths_are_told_from_maps() {
        String vertex = "{\"id\": 1, \"label\": \"Entity\", \"properties\": {\"name\": \"{}::edge\"}}::vertex";
        String edge =
                "{\"id\": 2, \"label\": \"RELATED\", \"end_id\": 1, \"start_id\": 3, \"properties\": {\"type\": null}}::edge";
        AgtypeText.Vertex one = new AgtypeText.Vertex(1, Map.of("name", "{}::edge"));
        assertThat(AgtypeText.parse(vertex)).isEqualTo(one);
        Object path = AgtypeText.parse("[" + vertex + ", " + edge + ", " + vertex + "]::path");
        assertThat(path).isInstanceOf(AgtypeText.Path.class);
        assertThat(((AgtypeText.Path) java.util.Objects.requireNonNull(path)).steps())
                .hasSize(3)
                .first()
                .isEqualTo(one);
        assertThat(AgtypeText.parse("{\"a\": [" + vertex + ", [], {}], \"b\": null}"))
                .isInstanceOfSatisfying(
                        Map.class, map -> assertThat(map.get("a")).isEqualTo(Arrays.asList(one, List.of(), Map.of())));
    }

    @Test
    void what_is_no_value_is_said_without_showing_it() {
        for (String text : List.of(
                "", "{", "[1,", "\"abc", "{\"a\" 1}", "1 2", "{}::thing", "[1}", "tru", "{}::vertex", "\"a\\")) {
            assertThatThrownBy(() -> AgtypeText.parse(text))
                    .as(text)
                    .isInstanceOfAny(IllegalStateException.class, IndexOutOfBoundsException.class);
        }
    }

    @Test
    void every_text_comes_back_from_its_quotes() {
        Seed.each(200, seed -> {
            Random random = seed.random();
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.appendCodePoint(random.nextInt(4) == 0 ? random.nextInt(128) : 0xA0 + random.nextInt(0xD000));
            }
            assertThat(AgtypeText.parse(AgtypeText.quoted(text.toString()))).isEqualTo(text.toString());
        });
    }
}
