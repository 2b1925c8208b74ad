package dev.boardwalk.graph.cypher;

import java.util.List;
import java.util.Map;

/**
 * A query as Apache AGE gets it.
 *
 * @param text Cypher of our own words only
 * @param parameters what it refers to, as one map
 * @param columns as the caller named them
 * @param names what the caller calls the variables of the text, for messages
 */
record AgeQuery(String text, String parameters, List<String> columns, Map<String, String> names) {}
