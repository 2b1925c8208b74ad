package dev.boardwalk.graph;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.boardwalk.graph.JsonFrame.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One reading of an entity's properties: finds the elements of a board, the edges between them, and references anywhere.
 *
 * <p>Walks over the tokens with a stack of its own, so that neither depth nor size of a document matters. What cannot be
 * taken is counted, never an error.
 */
final class ContentReader {
    /** What the shapes of React Flow's edges are called, in the field that else says what an edge means. */
    private static final Set<String> SHAPES =
            Set.of("", "default", "straight", "step", "smoothstep", "simplebezier", "bezier");

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final int itemsMax;
    private final Map<String, JsonFrame> nodes = new LinkedHashMap<>();
    private final List<JsonFrame> edges = new ArrayList<>();
    private final Map<Long, DerivedItem.Element> elements = new LinkedHashMap<>();
    private final Map<Long, DerivedItem.Claim> claims = new LinkedHashMap<>();
    private int ignored;
    private @Nullable String ignoredExample;

    private ContentReader(int itemsMax) {
        this.itemsMax = itemsMax;
    }

    /** What these properties (JSON text of an object of roots) say. */
    static DerivedContent read(String properties, GraphLimits limits) {
        ContentReader reader = new ContentReader(limits.relationshipsPerEntity());
        try (JsonParser parser = JSON.createParser(properties)) {
            reader.walk(parser);
        } catch (IOException malformed) {
            throw new UncheckedIOException("properties that are no JSON", malformed);
        }
        reader.nodes.forEach(reader::addElement);
        reader.edges.forEach(reader::addEdge);
        return new DerivedContent(reader.elements, reader.claims, reader.ignored, reader.ignoredExample);
    }

    private void walk(JsonParser parser) throws IOException {
        Deque<JsonFrame> stack = new ArrayDeque<>();
        JsonToken token;
        while ((token = parser.nextToken()) != null) {
            JsonFrame top = stack.peek();
            switch (token) {
                case START_OBJECT -> stack.push(JsonFrame.object(top));
                case START_ARRAY -> stack.push(JsonFrame.array());
                case END_OBJECT -> finish(stack.pop());
                case END_ARRAY -> stack.pop();
                case FIELD_NAME -> {
                    if (top != null) {
                        top.field(parser.currentName());
                    }
                }
                case VALUE_STRING -> {
                    if (top != null && top.wantsText()) {
                        top.text(parser.getText());
                    }
                }
                default -> {}
            }
        }
    }

    private void finish(JsonFrame frame) {
        String reference = frame.reference();
        if (reference != null) {
            addReference(frame, reference);
        }
        switch (frame.role()) {
            case NODE -> nodes.put(frame.key(), frame);
            case EDGE -> edges.add(frame);
            case DATA -> frame.labelParent();
            case ROOTS, NODES, EDGES, OTHER -> {}
        }
    }

    /** A type that is missing is LINKS_TO; in nodes and edges the field means something else, and need not be one. */
    private void addReference(JsonFrame frame, String reference) {
        String said = frame.type();
        boolean own = frame.role() == Role.NODE || frame.role() == Role.EDGE;
        String type = said == null || own && !RelationshipType.valid(said) ? RelationshipType.LINKS_TO : said;
        if (!RelationshipType.valid(type)) {
            ignore("a reference has a type that is no identifier: ", type);
        } else if (!nameable(reference, GraphLimits.REFERENCE_BYTES_MAX)) {
            ignore("a reference names no entity: ", reference);
        } else {
            add(DerivedItem.Claim.of(End.SELF, type, new End.ByName(reference)));
        }
    }

    private void addElement(String name, JsonFrame node) {
        if (!nameable(name, GraphLimits.ELEMENT_NAME_BYTES_MAX)) {
            ignore("a node has a name that is empty or too long: ", name);
            return;
        }
        if (elements.size() >= itemsMax) {
            ignore("more elements than the limit " + itemsMax, "");
            return;
        }
        String type = Texts.storable(node.type() == null ? "" : node.type(), GraphLimits.ELEMENT_TYPE_LENGTH_MAX);
        String title = node.title();
        DerivedItem.Element element = DerivedItem.Element.of(
                name,
                type.isBlank() ? "element" : type,
                title == null || title.isBlank() ? null : Texts.storable(title, GraphLimits.ELEMENT_TITLE_LENGTH_MAX),
                standsFor(node));
        elements.put(element.hash(), element);
        add(DerivedItem.Claim.of(End.SELF, RelationshipType.CONTAINS, end(element)));
    }

    private @Nullable String standsFor(JsonFrame node) {
        String entity = node.entity();
        if (entity == null || entity.isEmpty()) {
            return null;
        }
        if (!nameable(entity, GraphLimits.REFERENCE_BYTES_MAX)) {
            ignore("a node stands for something that names no entity: ", entity);
            return null;
        }
        return entity;
    }

    private static End end(DerivedItem.Element element) {
        return element.reference() == null ? new End.OfElement(element.name()) : new End.ByName(element.reference());
    }

    private void addEdge(JsonFrame edge) {
        DerivedItem.Element source = element(edge.source());
        DerivedItem.Element target = element(edge.target());
        String said = edge.type();
        String type = said == null || SHAPES.contains(said) ? RelationshipType.CONNECTS : said;
        if (source == null || target == null) {
            ignore("an edge begins or ends at a node that is not there: ", edge.key());
        } else if (!RelationshipType.valid(type)) {
            ignore("an edge has a type that is no identifier: ", type);
        } else {
            add(DerivedItem.Claim.of(end(source), type, end(target)));
        }
    }

    private DerivedItem.@Nullable Element element(@Nullable String name) {
        return name == null || name.length() > GraphLimits.ELEMENT_NAME_BYTES_MAX
                ? null
                : elements.get(Hashes.of("element", name));
    }

    private void add(DerivedItem.Claim claim) {
        if (claims.size() >= itemsMax && !claims.containsKey(claim.hash())) {
            ignore("more relationships than the limit " + itemsMax, "");
            return;
        }
        claims.put(claim.hash(), claim);
    }

    private void ignore(String why, String what) {
        ignored++;
        if (ignoredExample == null) {
            ignoredExample = why + Texts.storable(what, 60);
        }
    }

    /** Whether the text can be the name of something: neither empty nor too long, without control characters. */
    private static boolean nameable(String text, int bytesMax) {
        if (text.isEmpty() || text.length() > bytesMax || !Texts.plain(text)) {
            return false;
        }
        return text.getBytes(StandardCharsets.UTF_8).length <= bytesMax;
    }
}
