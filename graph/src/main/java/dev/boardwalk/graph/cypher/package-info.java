/**
 * Read-only Cypher: text is parsed into a tree, checked, confined to one organisation, and written anew for Apache AGE.
 *
 * <p>No character of a caller's text reaches the database as part of a statement: names are given anew, strings become
 * parameters, numbers are printed from their values.
 */
@NullMarked
package dev.boardwalk.graph.cypher;

import org.jspecify.annotations.NullMarked;
