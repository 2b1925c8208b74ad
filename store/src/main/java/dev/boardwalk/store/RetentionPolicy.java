package dev.boardwalk.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long versions and archived operations of a project's entities are kept. What stays for ever, whatever it says, is
 * in {@link Retention}.
 *
 * @param hourlyFor age up to which the last version of each hour is kept
 * @param dailyFor age up to which the last one of each day is kept, not below that
 * @param monthlyFor age up to which the last one of each month is kept, not below that; null: for ever
 * @param archiveFor age up to which every flush can be read
 */
public record RetentionPolicy(
        Duration hourlyFor, Duration dailyFor, @Nullable Duration monthlyFor, Duration archiveFor) {

    /** A hundred years: more than times of the database can be reckoned back from now without care. */
    public static final Duration LONGEST = Duration.ofDays(36_500);

    /** Of projects that have said nothing; the same is in the queries of {@link Retention}. */
    public static final RetentionPolicy DEFAULTS =
            new RetentionPolicy(Duration.ofDays(7), Duration.ofDays(90), null, Duration.ofDays(90));

    /** Fails with {@link IllegalArgumentException}, whose message names what is wrong. */
    public RetentionPolicy {
        requireAge("hourlyFor", hourlyFor);
        requireAge("dailyFor", dailyFor);
        requireAge("archiveFor", archiveFor);
        requireOrder("dailyFor", dailyFor, "hourlyFor", hourlyFor);
        if (monthlyFor != null) {
            requireAge("monthlyFor", monthlyFor);
            requireOrder("monthlyFor", monthlyFor, "dailyFor", dailyFor);
        }
    }

    private static void requireAge(String name, Duration age) {
        if (age.isNegative() || age.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " must be from 0s to " + LONGEST.toDays() + "d");
        }
    }

    private static void requireOrder(String longer, Duration one, String shorter, Duration other) {
        if (one.compareTo(other) < 0) {
            throw new IllegalArgumentException(longer + " must not be below " + shorter);
        }
    }
}
