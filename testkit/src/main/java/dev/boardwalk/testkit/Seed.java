package dev.boardwalk.testkit;

import java.util.Random;

/**
 * The number from which a random test draws everything, so that one failure can be replayed: {@code
 * -Dboardwalk.seed=<number>} runs that seed alone.
 *
 * <p>Without the property the same seeds run every time, so that a build fails for a change and not by chance; {@code
 * -Dboardwalk.seed=random} starts anywhere, to search for longer than a build may take.
 *
 * @param value the seed itself
 */
public record Seed(long value) {
    private static final String PROPERTY = "boardwalk.seed";

    /** A test body that draws all its choices from the seed. */
    @FunctionalInterface
    public interface Body {
        void run(Seed seed) throws Exception;
    }

    /** Runs the body with {@code count} seeds; a failure names the seed. */
    public static void each(int count, Body body) {
        String asked = System.getProperty(PROPERTY, "");
        boolean one = !asked.isEmpty() && !asked.equals("random");
        long first = one ? Long.parseLong(asked) : asked.isEmpty() ? 1 : System.nanoTime();
        for (int i = 0; i < (one ? 1 : count); i++) {
            run(new Seed(first + i), body);
        }
    }

    private static void run(Seed seed, Body body) {
        try {
            body.run(seed);
        } catch (Exception | AssertionError failure) {
            throw new AssertionError("with -D" + PROPERTY + "=" + seed.value + ": " + failure.getMessage(), failure);
        }
    }

    /** A source of choices; every call starts the same sequence again. */
    public Random random() {
        return new Random(value);
    }

    /** A source of choices for one part of a test, which other parts do not shift when they change. */
    public Random random(String part) {
        return new Random(value * 31 + part.hashCode());
    }
}
