package dev.boardwalk.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {

    @ParameterizedTest
    @CsvSource({
        "plan, plan, true",
        "plan, plans, false",
        "plan*, plans/2027, true",
        "*plan, my plan, true",
        "a*b*c, aXbYbZc, true",
        "a*b*c, aXc, false",
        "*, anything, true",
        "a.c, abc, false",
        "a**c, ac, true"
    })
    void a_star_stands_for_any_characters_and_all_else_for_itself(String pattern, String name, boolean matches) {
        assertThat(new NamePattern(pattern).matches(name)).isEqualTo(matches);
    }

    @Test
    void it_agrees_with_the_regular_expression_of_the_same_meaning() {
        Random random = new Random(11);
        for (int i = 0; i < 5_000; i++) {
            String text = letters(random, "ab*", 8);
            String name = letters(random, "ab", 10);
            String expression = text.chars()
                    .mapToObj(c -> c == '*' ? ".*" : String.valueOf((char) c))
                    .collect(Collectors.joining());
            assertThat(new NamePattern(text).matches(name))
                    .as("%s on %s", text, name)
                    .isEqualTo(Pattern.matches(expression, name));
        }
    }

    private static String letters(Random random, String alphabet, int most) {
        return random.ints(random.nextInt(most), 0, alphabet.length())
                .mapToObj(i -> String.valueOf(alphabet.charAt(i)))
                .collect(Collectors.joining());
    }
}
