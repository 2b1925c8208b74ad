package dev.boardwalk.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pass over the environment that turns texts into typed values and gathers everything that is wrong with them.
 *
 * <p>A value that cannot be read is replaced by its default so that the pass goes on: one start shows all mistakes.
 * An empty value counts as unset, as compose files write it.
 */
final class SettingsReader {
    static final String PREFIX = "BOARDWALK_";

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})(B|KiB|MiB|GiB)?");

    private final Map<String, String> environment;
    private final Set<String> known = new HashSet<>();
    private final List<String> problems = new ArrayList<>();

    SettingsReader(Map<String, String> environment) {
        this.environment = new TreeMap<>(environment);
        this.environment.values().removeIf(String::isEmpty);
    }

    /** A text that {@code parser} reads; it throws {@link IllegalArgumentException} with what is wrong. */
    <T> @Nullable T optional(String name, Function<String, T> parser) {
        known.add(name);
        String text = environment.get(name);
        if (text == null) {
            return null;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException unreadable) {
            problems.add(name + ": " + unreadable.getMessage());
            return null;
        }
    }

    <T> T value(String name, T otherwise, Function<String, T> parser) {
        T value = optional(name, parser);
        return value == null ? otherwise : value;
    }

    int integer(String name, int otherwise, int least, int most) {
        return value(name, otherwise, text -> {
            if (text.matches("\\d{1,9}")) {
                int number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                    return number;
                }
            }
            throw new IllegalArgumentException("must be a number from " + least + " to " + most + ", not " + text);
        });
    }

    Duration duration(String name, Duration otherwise, Duration least, Duration most) {
        return value(name, otherwise, text -> {
            Duration duration = parseDuration(text);
            if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                throw new IllegalArgumentException(
                        "must be from " + format(least) + " to " + format(most) + ", not " + text);
            }
            return duration;
        });
    }

    /** A number of bytes from 1 KiB up. */
    long size(String name, long otherwise) {
        return value(name, otherwise, text -> sizeUpTo(text, 1L << 50));
    }

    /** A number of bytes that has to fit one buffer. */
    int sizeInt(String name, int otherwise) {
        return value(name, otherwise, text -> (int) sizeUpTo(text, 1L << 30));
    }

    /** A word out of a few. */
    String choice(String name, String otherwise, List<String> words) {
        return value(name, otherwise, text -> {
            if (words.contains(text)) {
                return text;
            }
            throw new IllegalArgumentException("must be one of " + String.join(", ", words) + ", not " + text);
        });
    }

    /** Names that belong to the launcher, the tests or the build: allowed, and of no meaning here. */
    void ignore(String... names) {
        known.addAll(List.of(names));
    }

    /** Names of the product that this version cannot honour: to set one must not look as if it worked. */
    void unavailable(String... names) {
        for (String name : names) {
            if (known.add(name) && environment.containsKey(name)) {
                problems.add(name + " is not available in this version");
            }
        }
    }

    void atMost(String smaller, long value, String larger, long bound) {
        if (value > bound) {
            problems.add(smaller + " (" + formatSize(value) + ") must not be above " + larger + " (" + formatSize(bound)
                    + ")");
        }
    }

    void atMost(String smaller, Duration value, String larger, Duration bound) {
        if (value.compareTo(bound) > 0) {
            problems.add(smaller + " (" + format(value) + ") must not be above " + larger + " (" + format(bound) + ")");
        }
    }

    void problem(String line) {
        problems.add(line);
    }

    /** Ends the pass: unknown names are mistakes too, and any mistake stops the start. */
    void finish() {
        for (String name : environment.keySet()) {
            if (name.startsWith(PREFIX) && !known.contains(name)) {
                problems.add(name + " is not a setting of Boardwalk");
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidSettings(problems);
        }
    }

    static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    static String formatSize(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB"};
        int unit = 0;
        while (unit < units.length - 1 && bytes >= 1024 && bytes % 1024 == 0) {
            bytes /= 1024;
            unit++;
        }
        return bytes + units[unit];
    }

    static Duration parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be a duration like 250ms, 30s, 5m, 1h or 7d, not " + text);
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static long sizeUpTo(String text, long most) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be a size like 65536, 512KiB, 256MiB or 2GiB, not " + text);
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        int shift = 10 * List.of("B", "KiB", "MiB", "GiB").indexOf(unit);
        long amount = Long.parseLong(matcher.group(1));
        if (amount > most >> shift || amount << shift < 1024) {
            throw new IllegalArgumentException("must be from 1KiB to " + formatSize(most) + ", not " + text);
        }
        return amount << shift;
    }
}
