package dev.boardwalk.search;

import java.util.ArrayList;
import java.util.List;

/**
 * The language that is set for the texts of a project.
 *
 * @param language {@value #DETECTED}, or the name of one whose words are stemmed, or {@value #UNSTEMMED}
 * @param underway whether some of its texts have not been derived with it yet
 */
public record ProjectLanguage(String language, boolean underway) {
    /** Told text by text. */
    public static final String DETECTED = "detect";

    /** Words as they are. */
    public static final String UNSTEMMED = Language.UNKNOWN;

    /** All that can be set. */
    public static List<String> choices() {
        List<String> choices = new ArrayList<>(List.of(DETECTED, UNSTEMMED));
        for (Language each : Language.values()) {
            choices.add(each.configuration());
        }
        return choices;
    }
}
