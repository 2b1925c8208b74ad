package dev.boardwalk.crdt.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.boardwalk.crdt.sync.MalformedInput.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which strings are JSON. */
class JsonSyntaxTest {
    private static ByteReader reader(String json) {
        byte[] bytes = new UpdateBytes().string(json).bytes();
        return new ByteReader(Subject.UPDATE, bytes, 0, bytes.length);
    }

    private static void skip(String json) {
        ByteReader in = reader(json);
        JsonSyntax.skip(in, 10);
        in.expectEnd();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "0",
                "-0",
                "12",
                "-1.5",
                "1e5",
                "1E+5",
                "1.25e-7",
                "\"\"",
                "\"a\"",
                "[]",
                "{}",
                " [ 1 , 2 ] ",
                "{\"a\":{\"b\":[null,{}]}}",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\"",
                "\"ä€😀\"",
                "\"\\ud83d\\ude00\"",
                "\"\\ud83d\"",
                "\"\\uDE00x\"",
                "\t\r\n1 ",
                "9223372036854775807",
                "-9223372036854775808",
                "1e308",
                "1e999",
                "18446744073709551615",
                "36893488147419103232",
                "\"\u007f\"",
                "\"\u2028\""
            })
    void json(String json) {
        skip(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nul",
                "nulll",
                "True",
                "+1",
                "01",
                "1.",
                ".5",
                "1e",
                "1e+",
                "-",
                "--1",
                "0x1",
                "NaN",
                "Infinity",
                "'a'",
                "\"",
                "\"a",
                "\"\\\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\n\"",
                "\"\u0000\"",
                "[",
                "]",
                "[1",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{",
                "}",
                "{a:1}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{1:2}",
                "{\"a\" 1}",
                "1 2",
                "[]]",
                "\u00a01",
                "\ufeff1"
            })
    void not_json(String json) {
        assertThatThrownBy(() -> skip(json)).as(json).isInstanceOf(MalformedInput.class);
    }

    @Test
    void nesting_is_limited() {
        skip("[".repeat(10) + "]".repeat(10));

        assertThatThrownBy(() -> skip("[".repeat(11) + "]".repeat(11))).hasMessageContaining("too-deep");
        assertThatThrownBy(() -> skip("{\"a\":".repeat(100_000))).hasMessageContaining("too-deep");
    }

    @Test
    void a_refusal_names_the_place() {
        assertThatThrownBy(() -> skip("[1, x]"))
                .isInstanceOfSatisfying(
                        MalformedInput.class,
                        refusal -> assertThat(refusal.position()).isEqualTo(5));
    }
}
