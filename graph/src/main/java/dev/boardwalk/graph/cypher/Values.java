package dev.boardwalk.graph.cypher;

import dev.boardwalk.graph.cypher.Query.Name;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values that travel beside a statement: strings of the query, parameters of the caller, and our own.
 *
 * <p>Each value has one name however often it is used, so that equal expressions stay equal for the database.
 */
final class Values {
    private final CypherLimits limits;
    private final Map<String, @Nullable Object> given;
    private final Map<String, String> namesByText = new LinkedHashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private int variables;
    private int bytes;

    Values(CypherLimits limits, Map<String, @Nullable Object> given) {
        this.limits = limits;
        this.given = given;
    }

    /** A name for a variable that nothing else has. */
    String newVariable() {
        return "v" + ++variables;
    }

    /** The same for a variable of the caller's, whose name is kept for messages. */
    String newVariable(@Nullable Name callers) {
        String variable = newVariable();
        if (callers != null) {
            names.put(variable, callers.text());
        }
        return variable;
    }

    Map<String, String> names() {
        return names;
    }

    /** What the caller gave under this name. */
    @Nullable
    Object given(Place place, String name) {
        if (!given.containsKey(name)) {
            throw new CypherException.BadParameter(place, "the parameter \"" + name + "\" is not given");
        }
        return given.get(name);
    }

    /** What stands in the statement for the caller's parameter. */
    String parameter(Place place, String name) {
        return reference(agtype(given(place, name), place, 0));
    }

    /** What stands in the statement for a value of ours or of the query's text. */
    String value(Object value) {
        return reference(agtype(value, null, 0));
    }

    /** All values in use, as the one parameter of the statement. */
    String json() {
        StringBuilder json = new StringBuilder("{");
        namesByText.forEach((text, name) -> {
            json.append(json.length() == 1 ? "" : ",");
            json.append('"').append(name).append("\":").append(text);
        });
        return json.append('}').toString();
    }

    private String reference(String text) {
        String name = namesByText.get(text);
        if (name == null) {
            name = "p" + namesByText.size();
            namesByText.put(text, name);
            bytes += text.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > limits.parameterBytes()) {
                throw new CypherException.TooLarge(
                        null, "parameters and strings may have " + limits.parameterBytes() + " bytes together");
            }
        }
        return "$" + name;
    }

    private String agtype(@Nullable Object value, @Nullable Place place, int depth) {
        if (depth > limits.depth()) {
            throw new CypherException.TooLarge(
                    place, "at most " + limits.depth() + " levels of lists and maps are read in a parameter");
        }
        return switch (value) {
            case null -> "null";
            case Boolean truth -> truth.toString();
            case Integer number -> number.toString();
            case Long number -> number.toString();
            case Double number -> decimal(number, place);
            case Float number -> decimal(number.doubleValue(), place);
            case BigInteger _ -> throw new CypherException.BadParameter(place, "whole numbers go to " + Long.MAX_VALUE);
            case String text -> AgtypeText.quoted(Texts.storable(text, place));
            case List<?> list -> list(list, place, depth);
            case Map<?, ?> map -> map(map, place, depth);
            default ->
                throw new CypherException.BadParameter(
                        place, "a parameter cannot be a " + value.getClass().getSimpleName());
        };
    }

    private static String decimal(double number, @Nullable Place place) {
        if (!Double.isFinite(number)) {
            throw new CypherException.BadParameter(place, "a number is too large");
        }
        return Double.toString(number);
    }

    private String list(List<?> list, @Nullable Place place, int depth) {
        StringBuilder json = new StringBuilder("[");
        for (Object element : list) {
            json.append(json.length() == 1 ? "" : ",").append(agtype(element, place, depth + 1));
        }
        return json.append(']').toString();
    }

    private String map(Map<?, ?> map, @Nullable Place place, int depth) {
        StringBuilder json = new StringBuilder("{");
        map.forEach((key, value) -> {
            json.append(json.length() == 1 ? "" : ",");
            json.append(AgtypeText.quoted(Texts.storable(String.valueOf(key), place)));
            json.append(':').append(agtype(value, place, depth + 1));
        });
        return json.append('}').toString();
    }
}
