package dev.boardwalk.graph;

import java.util.regex.Pattern;

/** The names of relationship types: identifiers in UPPER_SNAKE of at most 63 characters. */
public final class RelationshipType {
    /** Of an edge that says nothing else. */
    public static final String CONNECTS = "CONNECTS";

    /** Of a reference that says nothing else. */
    public static final String LINKS_TO = "LINKS_TO";

    /** From a board to its elements. */
    public static final String CONTAINS = "CONTAINS";

    /** From a fork to what it was forked from. */
    public static final String VERSION_OF = "VERSION_OF";

    public static final String DEPENDS_ON = "DEPENDS_ON";

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Z][A-Z0-9_]{0,62}");

    private RelationshipType() {}

    public static boolean valid(String text) {
        return text.length() <= 63 && IDENTIFIER.matcher(text).matches();
    }
}
