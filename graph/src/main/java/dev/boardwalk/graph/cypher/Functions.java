package dev.boardwalk.graph.cypher;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The functions that can be called, under the names that the database gives them. Everything else is refused. */
final class Functions {
    /** Any number of arguments. */
    private static final int MANY = 100;

    /**
     * A function.
     *
     * @param name in the database; never the caller's text
     * @param aggregate whether it sums up rows
     */
    record Signature(String name, int least, int most, boolean aggregate) {}

    private static final Map<String, Signature> BY_NAME = new TreeMap<>();

    static {
        aggregates("count", "sum", "avg", "min", "max", "collect", "stDev", "stDevP");
        put(new Signature("percentileCont", 2, 2, true));
        put(new Signature("percentileDisc", 2, 2, true));
        put(new Signature("coalesce", 1, MANY, false));
        ofOne("size", "length", "head", "last", "reverse", "nodes", "relationships", "labels");
        ofOne("toString", "toInteger", "toFloat", "toBoolean");
        ofOne("abs", "ceil", "floor", "round", "sign", "sqrt");
        ofOne("toLower", "toUpper", "trim", "lTrim", "rTrim");
        put(new Signature("left", 2, 2, false));
        put(new Signature("right", 2, 2, false));
        put(new Signature("split", 2, 2, false));
        put(new Signature("substring", 2, 3, false));
        put(new Signature("replace", 3, 3, false));
    }

    /** Those that exist in Cypher but not here, with what to use instead. */
    private static final Map<String, String> INSTEAD = Map.of(
            "id", "use the property id, as in a.id",
            "startnode", "give the node a name in the pattern, as in (a)-[r]->(b)",
            "endnode", "give the node a name in the pattern, as in (a)-[r]->(b)",
            "keys", "a node has id, name, type, title, project and element",
            "any", "use IN, or UNWIND and a condition",
            "all", "use UNWIND and a condition",
            "none", "use NOT … IN, or UNWIND and a condition",
            "single", "use UNWIND and count()",
            "reduce", "use UNWIND and an aggregate",
            "label", "use labels(a) or a:Entity");

    private Functions() {}

    static Signature find(Place place, String name) {
        Signature found = BY_NAME.get(name.toLowerCase(Locale.ROOT));
        if (found != null) {
            return found;
        }
        @Nullable String instead = INSTEAD.get(name.toLowerCase(Locale.ROOT));
        throw new CypherException.Unsupported(
                place,
                "there is no function \"" + name + "\" here; " + (instead == null ? "there are " + names() : instead));
    }

    /** As they are written in Cypher, in the order of the alphabet. */
    static List<String> names() {
        return BY_NAME.values().stream().map(Signature::name).toList();
    }

    private static void aggregates(String... names) {
        for (String name : names) {
            put(new Signature(name, 1, 1, true));
        }
    }

    private static void ofOne(String... names) {
        for (String name : names) {
            put(new Signature(name, 1, 1, false));
        }
    }

    private static void put(Signature signature) {
        BY_NAME.put(signature.name().toLowerCase(Locale.ROOT), signature);
    }
}
