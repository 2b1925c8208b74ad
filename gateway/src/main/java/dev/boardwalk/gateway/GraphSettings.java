package dev.boardwalk.gateway;

import dev.boardwalk.graph.GraphLimits;
import java.util.List;

/** The settings about relationships: how their limits are read and printed. */
final class GraphSettings {

    private GraphSettings() {}

    static GraphLimits read(SettingsReader reader) {
        GraphLimits otherwise = GraphLimits.DEFAULT;
        return new GraphLimits(
                reader.integer("BOARDWALK_MAX_RELATIONSHIPS", otherwise.relationshipsPerEntity(), 1, 10_000_000),
                reader.size("BOARDWALK_MAX_GRAPH_BYTES", otherwise.indexBytes()),
                reader.integer("BOARDWALK_MAX_GRAPH_STEPS", (int) otherwise.steps(), 1_000, Integer.MAX_VALUE),
                reader.integer("BOARDWALK_MAX_GRAPH_VERTICES", otherwise.vertices(), 1, 1_000_000),
                otherwise.patience());
    }

    /** One line {@code NAME=value} for each limit. */
    static List<String> lines(GraphLimits limits) {
        return List.of(
                "BOARDWALK_MAX_RELATIONSHIPS=" + limits.relationshipsPerEntity(),
                "BOARDWALK_MAX_GRAPH_BYTES=" + SettingsReader.formatSize(limits.indexBytes()),
                "BOARDWALK_MAX_GRAPH_STEPS=" + limits.steps(),
                "BOARDWALK_MAX_GRAPH_VERTICES=" + limits.vertices());
    }
}
