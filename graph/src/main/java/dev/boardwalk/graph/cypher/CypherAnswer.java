package dev.boardwalk.graph.cypher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a query gave.
 *
 * @param rows as many values as columns each: null, Boolean, Long, Double, String, List or Map with strings as keys
 * @param truncated whether there were more rows than asked for, or than an answer holds
 * @param asOf position up to which everything is in the answer
 */
public record CypherAnswer(List<String> columns, List<List<@Nullable Object>> rows, boolean truncated, long asOf) {}
