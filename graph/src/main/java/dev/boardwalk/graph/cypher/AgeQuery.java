package dev.boardwalk.graph.cypher;

import java.util.List;

/**
 * A query as Apache AGE gets it.
 *
 * @param text Cypher of our own words only
 * @param parameters what it refers to, as one map
 * @param columns as the caller named them
 */
record AgeQuery(String text, String parameters, List<String> columns) {}
