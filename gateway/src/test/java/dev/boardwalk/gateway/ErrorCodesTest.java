package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Codes are a promise to callers: every one that the sources give out is explained in the protocol's description. */
class ErrorCodesTest {
    private static final Path HOME = Path.of(Objects.requireNonNull(System.getProperty("boardwalk.home")));

    /** Where a code stands: after a status, or first in what the modules throw. */
    private static final Pattern GIVEN_OUT = Pattern.compile(
            "(?:new Problem(?:Exception)?\\(\\s*\\d{3},\\s*|new InvalidToken\\(\\s*|super\\(\\s*)\"([a-z]+(?:-[a-z]+)*)\"");

    @Test
    void every_code_that_is_given_out_is_explained() throws IOException {
        Set<String> codes = new TreeSet<>();
        for (String module : List.of("gateway", "store", "graph", "search")) {
            try (Stream<Path> files = Files.walk(HOME.resolve(module + "/src/main/java"))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    Matcher code = GIVEN_OUT.matcher(Files.readString(file));
                    while (code.find()) {
                        codes.add(code.group(1));
                    }
                }
            }
        }
        assertThat(codes).hasSizeGreaterThan(50).contains("forbidden", "token-invalid", "objects-unavailable");
        String description = Files.readString(HOME.resolve("docs/protocol.md"));
        codes.removeIf(code -> description.contains("`" + code + "`"));
        assertThat(codes).as("not in docs/protocol.md").isEmpty();
    }
}
