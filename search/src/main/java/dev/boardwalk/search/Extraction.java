package dev.boardwalk.search;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What there is to find in an entity: its own text, and that of each element of a board.
 *
 * <p>The text is all strings of the properties in reading order. Nodes are read from top to bottom and from left to
 * right; arrays in their order; the members of other objects as the database gives them (it does not keep their order).
 * What a node says belongs to the node's document and not to the board's again. Not text: members that name a kind, a
 * colour or another thing.
 */
final class Extraction {
    /** Elements of one entity that are found by themselves; what further ones say belongs to the entity. */
    static final int ELEMENTS_MAX = 50_000;

    /** Longest id of an element in UTF-16 units, so that it fits an index; what longer ones say belongs to the entity. */
    static final int ELEMENT_LENGTH_MAX = 255;

    /** Title of an element that has none: its first line up to here. */
    private static final int LINE_LENGTH_MAX = 120;

    private static final int ENTITY_EVIDENCE = 2;
    private static final int ELEMENT_EVIDENCE = 3;

    private static final Set<String> NOT_TEXT = Set.of(
            "type",
            "color",
            "colour",
            "entity",
            "id",
            "source",
            "target",
            "sourceHandle",
            "targetHandle",
            "$ref",
            "parentId",
            "fill",
            "stroke",
            "icon",
            "createdAt",
            "updatedAt");

    /** Only where there is one of these a text is rich, and not one about what is less than something. */
    private static final Pattern CLOSING_TAG = Pattern.compile("</[A-Za-z]");

    private static final Pattern TAG = Pattern.compile("</?[A-Za-z][^<>]*>");

    private final List<IndexedText> elements = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();

    private final @Nullable String fixed;

    private Extraction(@Nullable String fixed) {
        this.fixed = fixed;
    }

    /**
     * The documents of an entity, its own first.
     *
     * @param title null if it has none
     * @param properties JSON; throws {@link io.vertx.core.json.DecodeException} if it is not
     * @param language that all of it is of; null if the texts are to tell
     */
    static List<IndexedText> of(
            String name, String type, @Nullable String title, String properties, @Nullable String language) {
        return new Extraction(language).read(name, type, title, new JsonObject(properties));
    }

    private List<IndexedText> read(String name, String type, @Nullable String title, JsonObject roots) {
        List<Map.Entry<String, JsonObject>> nodes = new ArrayList<>();
        for (Map.Entry<String, Object> root : roots) {
            if (root.getKey().equals("nodes") && root.getValue() instanceof JsonObject map) {
                nodes.addAll(elementsIn(map));
            } else if (root.getKey().equals("meta") && root.getValue() instanceof JsonObject meta) {
                JsonObject rest = meta.copy();
                rest.remove("title");
                append(rest, body);
            } else if (root.getValue() != null) {
                append(root.getValue(), body);
            }
        }
        String language = fixed != null ? fixed : language(name, title, nodes);
        for (Map.Entry<String, JsonObject> node : nodes) {
            element(node.getKey(), node.getValue(), language);
        }
        String shown = title == null || title.isBlank() ? name : title;
        List<IndexedText> all = new ArrayList<>();
        all.add(IndexedText.of(
                        "",
                        type,
                        shown,
                        body.toString(),
                        shown.equals(name) ? "" : name,
                        evidence(ENTITY_EVIDENCE),
                        language)
                .about(context()));
        all.addAll(elements);
        return all;
    }

    /** A board is about what is on it, although each node is found by itself: a title alone says too little. */
    private String context() {
        StringBuilder said = new StringBuilder();
        for (IndexedText element : elements) {
            if (said.length() > IndexedText.CONTEXT_LENGTH_MAX) {
                break;
            }
            said.append(element.text()).append('\n');
        }
        return said.toString();
    }

    /** In reading order. What is no element of its own stays in the entity's text. */
    private List<Map.Entry<String, JsonObject>> elementsIn(JsonObject nodes) {
        List<Map.Entry<String, JsonObject>> found = new ArrayList<>();
        for (Map.Entry<String, Object> node : nodes) {
            boolean fits = found.size() < ELEMENTS_MAX
                    && !node.getKey().isEmpty()
                    && node.getKey().length() <= ELEMENT_LENGTH_MAX
                    && node.getKey().indexOf('\0') < 0;
            if (fits
                    && node.getValue() instanceof JsonObject content
                    && !(content.getValue("entity") instanceof String)) {
                found.add(Map.entry(node.getKey(), content));
            } else if (node.getValue() != null) {
                append(node.getValue(), body);
            }
        }
        found.sort(Comparator.<Map.Entry<String, JsonObject>>comparingDouble(node -> number(node.getValue(), "y"))
                .thenComparingDouble(node -> number(node.getValue(), "x"))
                .thenComparing(Map.Entry::getKey));
        return found;
    }

    private static double number(JsonObject node, String field) {
        return node.getValue(field) instanceof Number number ? number.doubleValue() : 0;
    }

    /** The language of the whole, for elements that say too little to tell. */
    private String language(String name, @Nullable String title, List<Map.Entry<String, JsonObject>> nodes) {
        StringBuilder sample = new StringBuilder(title == null ? name : title)
                .append('\n')
                .append(body, 0, Math.min(body.length(), 4_000));
        for (Map.Entry<String, JsonObject> node : nodes) {
            if (sample.length() > 8_000) {
                break;
            }
            append(node.getValue(), sample.append('\n'));
        }
        return Language.detect(Words.list(sample.toString()), ENTITY_EVIDENCE, Language.UNKNOWN);
    }

    private void element(String id, JsonObject node, String language) {
        StringBuilder text = new StringBuilder();
        String title = null;
        for (String field : List.of("title", "label", "name")) {
            if (title == null && node.getValue(field) instanceof String said && !said.isBlank()) {
                title = plain(said);
                node.remove(field);
            }
        }
        append(node, text);
        String all = text.toString().strip();
        if (title == null) {
            int lineEnd = all.indexOf('\n');
            title = Words.cut(lineEnd < 0 ? all : all.substring(0, lineEnd), LINE_LENGTH_MAX);
            all = all.substring(title.length());
        }
        if (!title.isEmpty()) {
            String type = node.getValue("type") instanceof String said && !said.isBlank() ? said : "node";
            elements.add(IndexedText.of(id, type, title, all, "", evidence(ELEMENT_EVIDENCE), language));
        }
    }

    /** No number of little words speaks against what was set. */
    private int evidence(int otherwise) {
        return fixed == null ? otherwise : Integer.MAX_VALUE;
    }

    private static void append(Object value, StringBuilder text) {
        switch (value) {
            case String said -> line(plain(said), text);
            case JsonArray array -> {
                for (Object each : array) {
                    if (each != null) {
                        append(each, text);
                    }
                }
            }
            case JsonObject object -> {
                for (Map.Entry<String, Object> member : object) {
                    if (member.getValue() != null && !NOT_TEXT.contains(member.getKey())) {
                        append(member.getValue(), text);
                    }
                }
            }
            default -> {}
        }
    }

    private static void line(String said, StringBuilder text) {
        if (text.length() < 2 * IndexedText.BODY_LENGTH_MAX && !said.isBlank()) {
            text.append(Words.cut(said.strip(), 2 * IndexedText.BODY_LENGTH_MAX))
                    .append('\n');
        }
    }

    /** What a rich text says, without its tags. */
    private static String plain(String said) {
        if (!CLOSING_TAG.matcher(said).find()) {
            return said;
        }
        return TAG.matcher(said)
                .replaceAll("\n")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&")
                .strip();
    }
}
