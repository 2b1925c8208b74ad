package dev.boardwalk.graph.cypher;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of Apache AGE in their text form: JSON with NaN and infinities, and a word behind what is more than JSON, as in
 * {@code {…}::vertex}.
 *
 * <p>Values become null, Boolean, Long, Double, BigDecimal, String, List, Map, and the records here.
 */
final class AgtypeText {
    private static final int HEX = 16;
    private static final int ESCAPE_DIGITS = 4;

    /** A vertex as stored: its graphid, and all its properties. */
    record Vertex(long graphid, Map<String, @Nullable Object> properties) {}

    /** An edge as stored. */
    record Edge(String label, long start, long end, Map<String, @Nullable Object> properties) {}

    /** Vertices and edges by turns; begins and ends with a vertex. */
    record Path(List<@Nullable Object> steps) {}

    private final String text;
    private int at;

    private AgtypeText(String text) {
        this.text = text;
    }

    /** Reads what {@code agtype_out} wrote. Fails with {@link IllegalStateException} if it is anything else. */
    static @Nullable Object parse(String text) {
        AgtypeText parser = new AgtypeText(text);
        Object value = parser.value();
        if (parser.at != text.length()) {
            throw parser.unreadable();
        }
        return value;
    }

    /** The text as a string of JSON. */
    static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit == '"' || unit == '\\') {
                json.append('\\').append(unit);
            } else if (unit < ' ') {
                json.append(String.format("\\u%04x", (int) unit));
            } else {
                json.append(unit);
            }
        }
        return json.append('"').toString();
    }

    private @Nullable Object value() {
        Object value = switch (peek()) {
            case '{' -> map();
            case '[' -> list();
            case '"' -> string();
            default -> word();
        };
        skipSpace();
        return text.startsWith("::", at) ? typed(value) : value;
    }

    private @Nullable Object typed(@Nullable Object value) {
        at += 2;
        int from = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
            at++;
        }
        return switch (text.substring(from, at)) {
            case "vertex" -> vertex(value);
            case "edge" -> edge(value);
            case "path" -> new Path(listOf(value));
            case "numeric" -> new BigDecimal(String.valueOf(value));
            default -> throw unreadable();
        };
    }

    private Vertex vertex(@Nullable Object value) {
        Map<String, @Nullable Object> map = mapOf(value);
        return new Vertex(number(map, "id"), mapOf(map.get("properties")));
    }

    private Edge edge(@Nullable Object value) {
        Map<String, @Nullable Object> map = mapOf(value);
        return new Edge(
                String.valueOf(map.get("label")),
                number(map, "start_id"),
                number(map, "end_id"),
                mapOf(map.get("properties")));
    }

    private Map<String, @Nullable Object> map() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        at++;
        while (peek() != '}') {
            String key = string();
            expect(':');
            map.put(key, value());
            if (peek() == ',') {
                at++;
            } else if (peek() != '}') {
                throw unreadable();
            }
        }
        at++;
        return map;
    }

    private List<@Nullable Object> list() {
        List<@Nullable Object> list = new ArrayList<>();
        at++;
        while (peek() != ']') {
            list.add(value());
            if (peek() == ',') {
                at++;
            } else if (peek() != ']') {
                throw unreadable();
            }
        }
        at++;
        return list;
    }

    private String string() {
        expect('"');
        StringBuilder string = new StringBuilder();
        while (text.charAt(at) != '"') {
            char unit = text.charAt(at++);
            string.append(unit == '\\' ? escaped() : unit);
            if (at >= text.length()) {
                throw unreadable();
            }
        }
        at++;
        return string.toString();
    }

    private char escaped() {
        char escape = text.charAt(at++);
        return switch (escape) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                at += ESCAPE_DIGITS;
                yield (char) Integer.parseInt(text, at - ESCAPE_DIGITS, at, HEX);
            }
            default -> escape;
        };
    }

    private @Nullable Object word() {
        int from = at;
        while (at < text.length() && "+-._".indexOf(text.charAt(at)) + 1 + letterOrDigit(text.charAt(at)) > 0) {
            at++;
        }
        String word = text.substring(from, at);
        return switch (word) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> number(word);
        };
    }

    private Object number(String word) {
        try {
            if (word.matches("-?\\d{1,18}")) {
                return Long.parseLong(word);
            }
            BigDecimal exact = new BigDecimal(word);
            if (text.startsWith("::numeric", at)) {
                return exact;
            }
            return word.matches("-?\\d+") ? (Object) exact.longValueExact() : (Object) exact.doubleValue();
        } catch (NumberFormatException failure) {
            throw unreadable();
        }
    }

    private static int letterOrDigit(char unit) {
        return Character.isLetterOrDigit(unit) ? 1 : 0;
    }

    private long number(Map<String, @Nullable Object> map, String key) {
        if (map.get(key) instanceof Long number) {
            return number;
        }
        throw unreadable();
    }

    @SuppressWarnings("unchecked") // only map() makes maps
    private Map<String, @Nullable Object> mapOf(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw unreadable();
    }

    @SuppressWarnings("unchecked") // only list() makes lists
    private List<@Nullable Object> listOf(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return (List<@Nullable Object>) list;
        }
        throw unreadable();
    }

    private char peek() {
        skipSpace();
        if (at >= text.length()) {
            throw unreadable();
        }
        return text.charAt(at);
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw unreadable();
        }
        at++;
    }

    private void skipSpace() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    /** Without the value: it is content. */
    private IllegalStateException unreadable() {
        return new IllegalStateException("a value of the graph cannot be read at character " + at);
    }
}
