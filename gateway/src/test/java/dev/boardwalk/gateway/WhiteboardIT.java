package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.testkit.BoardwalkProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whiteboard in a real browser: two windows on one board of a whole Boardwalk.
 *
 * <p>The tests themselves are in {@code whiteboard/e2e}, where the page is; each of its TAP lines is a test here. Needs
 * {@code BOARDWALK_CHROMIUM}, and {@code BOARDWALK_NODE} unless node is on the path.
 */
class WhiteboardIT {
    private static final Pattern PLAN = Pattern.compile("1\\.\\.(\\d+)");
    private static final Pattern RESULT = Pattern.compile("(not )?ok \\d+ - (.*?)(?: # .*)?");

    @TempDir
    Path data;

    private record Result(String name, boolean passed, String words) {}

    @TestFactory
    Stream<DynamicTest> two_windows_on_one_board() throws Exception {
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data)) {
            return tests(drive(boardwalk, "--postgres-pid", Long.toString(boardwalk.databasePid())));
        }
    }

    @TestFactory
    Stream<DynamicTest> signing_in_and_who_may_do_what() throws Exception {
        Map<String, String> settings = Map.of("BOARDWALK_AUTH", "jwt", "BOARDWALK_JWT_SECRET", TestTokens.SECRET);
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data, settings)) {
            return tests(drive(boardwalk, "--jwt-secret", TestTokens.SECRET));
        }
    }

    private static Stream<DynamicTest> tests(List<String> lines) {
        List<Result> results = results(lines);
        assertThat(results).as(() -> String.join("\n", lines)).hasSize(planned(lines));
        return results.stream()
                .map(result -> DynamicTest.dynamicTest(
                        result.name,
                        () -> assertThat(result.passed).as(result.words).isTrue()));
    }

    private static List<String> drive(BoardwalkProcess boardwalk, String... more)
            throws IOException, InterruptedException {
        Path home = Path.of(Objects.requireNonNull(System.getProperty("boardwalk.home"), "boardwalk.home"));
        String chromium = Objects.requireNonNull(
                System.getenv("BOARDWALK_CHROMIUM"), "BOARDWALK_CHROMIUM must name a headless Chromium");
        List<String> command = new ArrayList<>(List.of(
                Objects.requireNonNullElse(System.getenv("BOARDWALK_NODE"), "node"),
                home.resolve("whiteboard/e2e/run.mjs").toString(),
                "--url",
                boardwalk.address().toString(),
                "--chromium",
                chromium));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = process.inputReader()) {
            output.lines().forEach(lines::add);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).as(() -> String.join("\n", lines)).isLessThan(2);
        return lines;
    }

    private static int planned(List<String> lines) {
        return lines.stream()
                .map(PLAN::matcher)
                .filter(Matcher::matches)
                .mapToInt(plan -> Integer.parseInt(plan.group(1)))
                .findFirst()
                .orElse(-1);
    }

    /** The results with what follows each line until the next, which tells what went wrong. */
    private static List<Result> results(List<String> lines) {
        List<Result> results = new ArrayList<>();
        for (String line : lines) {
            Matcher match = RESULT.matcher(line);
            if (match.matches()) {
                results.add(new Result(match.group(2), match.group(1) == null, line));
            } else if (!results.isEmpty()) {
                Result last = results.removeLast();
                results.add(new Result(last.name, last.passed, last.words + "\n" + line));
            }
        }
        return results;
    }
}
