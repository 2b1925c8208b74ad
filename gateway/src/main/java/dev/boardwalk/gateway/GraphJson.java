package dev.boardwalk.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.boardwalk.graph.GraphQuestions;
import dev.boardwalk.graph.Relationships;
import dev.boardwalk.graph.VertexFacts;
import dev.boardwalk.graph.VertexInfo;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of answers about relationships, as {@code openapi.yaml} describes it: written straight out, since they are long. */
final class GraphJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int VERTEX_BYTES = 160;

    // Encoded once: an answer repeats them a thousand times.
    private static final SerializedString ID = new SerializedString("id");
    private static final SerializedString NAME = new SerializedString("name");
    private static final SerializedString PROJECT = new SerializedString("project");
    private static final SerializedString TYPE = new SerializedString("type");
    private static final SerializedString TITLE = new SerializedString("title");
    private static final SerializedString ELEMENT = new SerializedString("element");
    private static final SerializedString DEPTH = new SerializedString("depth");
    private static final SerializedString VIA = new SerializedString("via");

    private GraphJson() {}

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    static Buffer of(GraphQuestions.Vertices answer) {
        return object(answer.vertices().size(), json -> {
            json.writeNumberField("asOf", answer.asOf());
            json.writeBooleanField("truncated", answer.truncated());
            vertices(json, answer.vertices());
        });
    }

    static Buffer path(GraphQuestions.Vertices answer) {
        return object(answer.vertices().size(), json -> {
            json.writeNumberField("asOf", answer.asOf());
            json.writeBooleanField("found", !answer.vertices().isEmpty());
            vertices(json, answer.vertices());
        });
    }

    static Buffer of(GraphQuestions.Impact answer) {
        return object(answer.vertices().size(), json -> {
            json.writeNumberField("asOf", answer.asOf());
            json.writeBooleanField("truncated", answer.truncated());
            json.writeArrayFieldStart("groups");
            for (GraphQuestions.Group group : answer.groups()) {
                json.writeStartObject();
                json.writeNumberField("depth", group.depth());
                json.writeStringField("type", group.type());
                json.writeNumberField("count", group.count());
                json.writeEndObject();
            }
            json.writeEndArray();
            vertices(json, answer.vertices());
        });
    }

    static Buffer of(GraphQuestions.CycleList answer) {
        return object(answer.cycles().size(), json -> {
            json.writeNumberField("asOf", answer.asOf());
            json.writeBooleanField("truncated", answer.truncated());
            json.writeArrayFieldStart("cycles");
            for (GraphQuestions.Cycle cycle : answer.cycles()) {
                json.writeStartObject();
                json.writeNumberField("size", cycle.size());
                vertices(json, cycle.vertices());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    static Buffer of(Relationships.Page page) {
        return object(page.relationships().size(), json -> {
            json.writeArrayFieldStart("relationships");
            for (Relationships.Relationship each : page.relationships()) {
                relationship(json, each);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("unresolved");
            for (Relationships.Unresolved each : page.unresolved()) {
                json.writeStartObject();
                json.writeStringField("type", each.type());
                json.writeStringField("reference", each.reference());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringField("nextCursor", page.nextCursor());
        });
    }

    private static void relationship(JsonGenerator json, Relationships.Relationship each) throws IOException {
        json.writeStartObject();
        json.writeStringField("direction", GraphParts.lower(each.direction()));
        json.writeStringField("type", each.type());
        json.writeObjectFieldStart("other");
        facts(json, each.other());
        json.writeEndObject();
        json.writeBooleanField("byHand", each.byHand());
        String properties = each.properties();
        if (properties != null) {
            // JSON already: the database holds it as such.
            json.writeFieldName("properties");
            json.writeRawValue(properties);
        }
        json.writeEndObject();
    }

    private static void vertices(JsonGenerator json, List<VertexInfo> vertices) throws IOException {
        json.writeArrayFieldStart("vertices");
        for (VertexInfo vertex : vertices) {
            json.writeStartObject();
            facts(json, vertex.facts());
            json.writeFieldName(DEPTH);
            json.writeNumber(vertex.depth());
            if (!vertex.via().isEmpty()) {
                text(json, VIA, vertex.via());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void facts(JsonGenerator json, VertexFacts facts) throws IOException {
        text(json, ID, facts.id());
        text(json, NAME, facts.name());
        text(json, PROJECT, facts.project());
        text(json, TYPE, facts.type());
        text(json, TITLE, facts.title());
        if (facts.element() != null) {
            text(json, ELEMENT, facts.element());
        }
    }

    private static void text(JsonGenerator json, SerializedString field, @Nullable String text) throws IOException {
        json.writeFieldName(field);
        json.writeString(text);
    }

    private static Buffer object(int vertices, Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream((vertices + 1) * VERTEX_BYTES);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing JSON into memory", impossible);
        }
        return Buffer.buffer(bytes.toByteArray());
    }
}
