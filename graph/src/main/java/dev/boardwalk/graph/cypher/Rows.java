package dev.boardwalk.graph.cypher;

import dev.boardwalk.graph.cypher.AgtypeText.Edge;
import dev.boardwalk.graph.cypher.AgtypeText.Path;
import dev.boardwalk.graph.cypher.AgtypeText.Vertex;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the database on their way to the caller: numbers of ours left out, edges with the vertices that they join.
 *
 * <p>Edges name their ends by graphid. Vertices of the same answer are known; the others are looked up together.
 */
final class Rows {
    private static final String TYPE = "type";

    private final List<List<@Nullable Object>> rows = new ArrayList<>();
    private final Map<Long, Map<String, @Nullable Object>> vertices = new HashMap<>();
    private final Set<Long> wanted = new TreeSet<>();

    void add(List<@Nullable String> texts) {
        List<@Nullable Object> row = new ArrayList<>();
        for (String text : texts) {
            Object value = text == null ? null : AgtypeText.parse(text);
            collect(value);
            row.add(value);
        }
        rows.add(row);
    }

    /** The graphids of vertices that edges name and nothing said more about. */
    List<Long> unknown() {
        return wanted.stream().filter(id -> !vertices.containsKey(id)).toList();
    }

    void know(long graphid, String properties) {
        if (AgtypeText.parse(properties) instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> known = new LinkedHashMap<>();
            map.forEach((key, value) -> known.put(String.valueOf(key), value));
            vertices.put(graphid, known);
        }
    }

    /** All rows as values that JSON has. */
    List<List<@Nullable Object>> json() {
        List<List<@Nullable Object>> all = new ArrayList<>();
        for (List<@Nullable Object> row : rows) {
            List<@Nullable Object> values = new ArrayList<>();
            row.forEach(value -> values.add(json(value)));
            all.add(values);
        }
        return all;
    }

    private void collect(@Nullable Object value) {
        switch (value) {
            case Vertex vertex -> vertices.put(vertex.graphid(), vertex.properties());
            case Edge edge -> {
                wanted.add(edge.start());
                wanted.add(edge.end());
            }
            case Path path -> path.steps().forEach(this::collect);
            case List<?> list -> list.forEach(this::collect);
            case Map<?, ?> map -> map.values().forEach(this::collect);
            case null, default -> {}
        }
    }

    private @Nullable Object json(@Nullable Object value) {
        return switch (value) {
            case Vertex vertex -> vertex(vertex.properties());
            case Edge edge -> edge(edge);
            case Path path -> path(path);
            case List<?> list -> {
                List<@Nullable Object> values = new ArrayList<>();
                list.forEach(element -> values.add(json(element)));
                yield values;
            }
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> values = new LinkedHashMap<>();
                map.forEach((key, element) -> values.put(String.valueOf(key), json(element)));
                yield values;
            }
            // JSON has no such numbers.
            case Double number when !Double.isFinite(number) -> number.toString();
            case BigDecimal exact -> exact.toPlainString();
            case null -> null;
            default -> value;
        };
    }

    private static Map<String, @Nullable Object> vertex(Map<String, @Nullable Object> stored) {
        Map<String, @Nullable Object> json = end(stored);
        json.put(TYPE, stored.get(TYPE));
        Map<String, @Nullable Object> properties = new LinkedHashMap<>();
        PatternWriter.PROPERTIES.stream()
                .filter(stored::containsKey)
                .forEach(property -> properties.put(property, stored.get(property)));
        json.put("properties", properties);
        return json;
    }

    /** What says which vertex it is. */
    private static Map<String, @Nullable Object> end(Map<String, @Nullable Object> stored) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", stored.get("id"));
        json.put("name", stored.get("name"));
        if (stored.containsKey("element")) {
            json.put("element", stored.get("element"));
        }
        return json;
    }

    private Map<String, @Nullable Object> edge(Edge edge) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        boolean related = edge.label().equals(PatternWriter.RELATED);
        json.put(TYPE, related ? edge.properties().get(TYPE) : edge.label());
        json.put("source", end(vertices.getOrDefault(edge.start(), Map.of())));
        json.put("target", end(vertices.getOrDefault(edge.end(), Map.of())));
        json.put(
                "properties",
                edge.properties().entrySet().stream()
                        .filter(entry -> !Internals.hides(entry.getKey())
                                && !entry.getKey().equals(TYPE)
                                && entry.getValue() != null)
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        return json;
    }

    private Map<String, @Nullable Object> path(Path path) {
        List<@Nullable Object> nodes = new ArrayList<>();
        List<@Nullable Object> relationships = new ArrayList<>();
        for (Object step : path.steps()) {
            (step instanceof Edge ? relationships : nodes).add(json(step));
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("nodes", nodes);
        json.put("relationships", relationships);
        return json;
    }
}
