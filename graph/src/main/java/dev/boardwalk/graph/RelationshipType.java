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

    /** What the index takes types for that are more than it can tell apart; Apache AGE's label of all that have none. */
    static final String RELATED = "RELATED";

    /** Types of one organisation that the index tells apart, so that one takes two bytes. */
    static final int TYPES_MAX = 0xFFFF;

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Z][A-Z0-9_]{0,62}");

    private RelationshipType() {}

    public static boolean valid(String text) {
        return text.length() <= 63 && IDENTIFIER.matcher(text).matches();
    }

    /** The number of a type among those of an organisation, a new one if it has none. */
    static int number(Names<String> types, String type) {
        return types.number(types.contains(type) || types.size() < TYPES_MAX ? type : RELATED);
    }

    /** Whether {@link #number} would find the type as it is, or as one of too many. */
    static boolean numbered(Names<String> types, String type) {
        return types.contains(type) || types.size() > TYPES_MAX;
    }
}
