package dev.boardwalk.graph.cypher;

import org.jspecify.annotations.Nullable;

/** What text the database can take as a value: Unicode without NUL. */
final class Texts {

    private Texts() {}

    /** The text itself. */
    static String storable(String text, @Nullable Place place) {
        for (int at = 0; at < text.length(); at++) {
            char unit = text.charAt(at);
            if (unit == 0) {
                throw new CypherException.BadParameter(place, "a string cannot hold the character NUL (\\u0000)");
            }
            if (Character.isHighSurrogate(unit)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1))) {
                at++;
            } else if (Character.isSurrogate(unit)) {
                throw new CypherException.BadParameter(place, "a string holds half of a surrogate pair");
            }
        }
        return text;
    }
}
