package dev.boardwalk.gateway;

import dev.boardwalk.graph.GraphQuestions;
import dev.boardwalk.graph.Relationships;
import dev.boardwalk.graph.VertexInfo;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The JSON of answers about relationships, as {@code openapi.yaml} describes it. */
final class GraphJson {

    private GraphJson() {}

    static JsonObject of(GraphQuestions.Vertices answer) {
        return new JsonObject()
                .put("asOf", answer.asOf())
                .put("truncated", answer.truncated())
                .put("vertices", vertices(answer.vertices()));
    }

    static JsonObject path(GraphQuestions.Vertices answer) {
        return new JsonObject()
                .put("asOf", answer.asOf())
                .put("found", !answer.vertices().isEmpty())
                .put("vertices", vertices(answer.vertices()));
    }

    static JsonObject of(GraphQuestions.Impact answer) {
        JsonArray groups = new JsonArray();
        for (GraphQuestions.Group group : answer.groups()) {
            groups.add(new JsonObject()
                    .put("depth", group.depth())
                    .put("type", group.type())
                    .put("count", group.count()));
        }
        return new JsonObject()
                .put("asOf", answer.asOf())
                .put("truncated", answer.truncated())
                .put("groups", groups)
                .put("vertices", vertices(answer.vertices()));
    }

    static JsonObject of(GraphQuestions.CycleList answer) {
        JsonArray cycles = new JsonArray();
        for (GraphQuestions.Cycle cycle : answer.cycles()) {
            cycles.add(new JsonObject().put("size", cycle.size()).put("vertices", vertices(cycle.vertices())));
        }
        return new JsonObject()
                .put("asOf", answer.asOf())
                .put("truncated", answer.truncated())
                .put("cycles", cycles);
    }

    static JsonObject of(Relationships.Page page) {
        JsonArray relationships = new JsonArray();
        for (Relationships.Relationship each : page.relationships()) {
            JsonObject json = new JsonObject()
                    .put("direction", GraphParts.lower(each.direction()))
                    .put("type", each.type())
                    .put("other", vertex(each.other()))
                    .put("byHand", each.byHand());
            if (each.properties() != null) {
                json.put("properties", new JsonObject(each.properties()));
            }
            relationships.add(json);
        }
        JsonArray unresolved = new JsonArray();
        for (Relationships.Unresolved each : page.unresolved()) {
            unresolved.add(new JsonObject().put("type", each.type()).put("reference", each.reference()));
        }
        return new JsonObject()
                .put("relationships", relationships)
                .put("unresolved", unresolved)
                .put("nextCursor", page.nextCursor());
    }

    private static JsonArray vertices(List<VertexInfo> vertices) {
        JsonArray json = new JsonArray();
        for (VertexInfo vertex : vertices) {
            JsonObject one = vertex(vertex).put("depth", vertex.depth());
            if (!vertex.via().isEmpty()) {
                one.put("via", vertex.via());
            }
            json.add(one);
        }
        return json;
    }

    private static JsonObject vertex(VertexInfo vertex) {
        JsonObject json = new JsonObject()
                .put("id", vertex.id())
                .put("name", vertex.name())
                .put("project", vertex.project())
                .put("type", vertex.type())
                .put("title", vertex.title());
        if (vertex.element() != null) {
            json.put("element", vertex.element());
        }
        return json;
    }
}
