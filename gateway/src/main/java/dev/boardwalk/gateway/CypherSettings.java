package dev.boardwalk.gateway;

import dev.boardwalk.graph.cypher.CypherLimits;
import java.time.Duration;
import java.util.List;

/** The settings that bound queries in Cypher: {@code BOARDWALK_MAX_CYPHER_…}. */
final class CypherSettings {
    private static final CypherLimits DEFAULTS = CypherLimits.DEFAULTS;

    private CypherSettings() {}

    static CypherLimits read(SettingsReader reader) {
        return new CypherLimits(
                reader.integer("BOARDWALK_MAX_CYPHER_CHARACTERS", DEFAULTS.queryCharacters(), 100, 1_000_000),
                DEFAULTS.depth(),
                DEFAULTS.patternElements(),
                DEFAULTS.clauses(),
                DEFAULTS.branches(),
                reader.sizeInt("BOARDWALK_MAX_CYPHER_PARAMETER_BYTES", DEFAULTS.parameterBytes()),
                reader.integer("BOARDWALK_MAX_CYPHER_ROWS", DEFAULTS.rows(), 1, 1_000_000),
                reader.sizeInt("BOARDWALK_MAX_CYPHER_ANSWER_BYTES", DEFAULTS.answerBytes()),
                reader.duration(
                        "BOARDWALK_MAX_CYPHER_TIME", DEFAULTS.timeout(), Duration.ofMillis(10), Duration.ofMinutes(5)),
                reader.integer("BOARDWALK_MAX_CYPHER_QUERIES", DEFAULTS.concurrent(), 1, 100));
    }

    /** One line {@code NAME=value} for each limit that can be set. */
    static List<String> lines(CypherLimits limits) {
        return List.of(
                "BOARDWALK_MAX_CYPHER_CHARACTERS=" + limits.queryCharacters(),
                "BOARDWALK_MAX_CYPHER_PARAMETER_BYTES=" + SettingsReader.formatSize(limits.parameterBytes()),
                "BOARDWALK_MAX_CYPHER_ROWS=" + limits.rows(),
                "BOARDWALK_MAX_CYPHER_ANSWER_BYTES=" + SettingsReader.formatSize(limits.answerBytes()),
                "BOARDWALK_MAX_CYPHER_TIME=" + SettingsReader.format(limits.timeout()),
                "BOARDWALK_MAX_CYPHER_QUERIES=" + limits.concurrent());
    }
}
